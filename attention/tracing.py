"""`trace`: a sentence's trace, from the cache where it has been computed before."""

from functools import cache
from typing import Any

from attention.attention_trace import OF_THE_LAYER, AttentionTrace
from attention.cache import Kept, source_digest
from attention.model_folder import TINY, Model, find_model
from attention.packing import pack, unpack
from attention.settings import Settings
from attention.text import tidy


def _kept(kind: str) -> Kept[dict[str, Any]]:
    return Kept(kind, lambda values: pack(values, kind), lambda content: unpack(content, kind))


_TRACES, _LAYERS = _kept("traces"), _kept("layers")


def trace(
    text: str,
    model: str = TINY,
    layer: int = 0,
    *,
    decoder: str | None = None,
    hide_special: bool = False,
    causal: bool = False,
    allow_pickle: bool = False,
) -> AttentionTrace:
    """Return the trace of ``text`` through one attention layer of ``model``.

    Traces are kept in the user's cache folder by text, weights and code; a kept one is read without importing PyTorch.

    Parameters
    ----------
    text
        Any text; space around it, tabs and line breaks are tidied.
    model
        ``"tiny"``, or the path of a folder: a model of this package, or a checkpoint of Hugging Face Transformers.
    layer
        Which attention layer, counted from 0.
    decoder
        Of a model with an encoder and a decoder: what the decoder has written. The trace is then that of its attention
        to the encoder, which reads ``text``: rows are tokens of ``decoder``, columns those of ``text``.
    hide_special
        Whether to leave out the tokens that the tokenizer adds, such as [CLS]; the rows of weights are then shares of
        what is left.
    causal
        Whether a token looks at itself and earlier ones only, as in GPT, with the matrices that `attention train` makes
        for that; other models look as they were trained to.
    allow_pickle
        Whether to read weights that are only there as a pickle. No code in it is run, but its reader is a large one.

    Raises
    ------
    UserError
        If the text is empty, has control characters, no token, or more tokens than the model takes; if the model's
        files are missing or damaged, or it is of a kind that is not known; if there is no such layer.

    Examples
    --------
    >>> trace("The cat sat.").labels
    ('The', 'cat', 'sat', '.')
    """
    found = find_model(model, hide_special=hide_special, causal=causal, allow_pickle=allow_pickle)
    return kept_trace(tidy(text), found, layer, None if decoder is None else tidy(decoder))


def kept_trace(sentence: str, model: Model, layer: int, decoder: str | None = None) -> AttentionTrace:
    """Return the trace of tidied texts, from the cache where it can be; errors are those of :func:`trace`.

    What belongs to the layer, such as its weights, is kept once for all sentences.
    """

    @cache
    def computed() -> dict[str, Any]:
        return model.trace(sentence, layer, decoder).as_dict()

    def part(of_the_layer: bool) -> dict[str, Any]:
        return {name: value for name, value in computed().items() if (name in OF_THE_LAYER) == of_the_layer}

    key = [model.digest, str(layer), source_digest(), *([] if decoder is None else ["cross"])]
    layers = _LAYERS.load_or_make(key, lambda: part(of_the_layer=True))
    texts = [sentence, *([] if decoder is None else [decoder])]
    return AttentionTrace.of_dict(layers | _TRACES.load_or_make([*texts, *key], lambda: part(of_the_layer=False)))


def chosen_trace(settings: Settings) -> AttentionTrace:
    """Return the trace that ``settings`` ask for, after a look whether it has the head that they ask for.

    Raises
    ------
    UserError
        As :func:`trace` does, and if there is no such head.
    """
    decoder = None if settings.decoder is None else tidy(settings.decoder)
    chosen = kept_trace(tidy(settings.sentence), chosen_model(settings), settings.layer, decoder)
    chosen.weights_of(settings.head)
    return chosen


def chosen_model(settings: Settings) -> Model:
    """Return the model that ``settings`` ask for; errors are those of :func:`attention.model_folder.find_model`."""
    return find_model(
        settings.model,
        hide_special=settings.hide_special,
        causal=settings.causal,
        allow_pickle=settings.allow_pickle,
    )
