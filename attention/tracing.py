"""`trace`: a sentence's trace, from the cache where it has been computed before."""

import hashlib
import logging
from contextlib import suppress
from pathlib import Path

from attention.attention_trace import AttentionTrace
from attention.cache import cache_folder
from attention.errors import UserError
from attention.model_folder import TINY, ModelFolder, find_model, source_digest
from attention.pretrained.checkpoint import Checkpoint
from attention.settings import Settings
from attention.text import tidy

log = logging.getLogger(__name__)


def trace(
    text: str, model: str = TINY, layer: int = 0, *, hide_special: bool = False, allow_pickle: bool = False
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
    hide_special
        Whether to leave out the tokens that the tokenizer adds, such as [CLS]; the rows of weights are then shares of
        what is left.
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
    sentence = tidy(text)
    folder = find_model(model)
    named = [sentence, str(layer), str(hide_special), folder.digest, source_digest()]
    key = hashlib.sha256("\0".join(named).encode()).hexdigest()
    kept = trace_cache() / f"{key[:32]}.safetensors"
    if kept.is_file():
        with suppress(UserError):  # a damaged file in the cache is made again
            return AttentionTrace.load(kept)

    computed = compute_trace(sentence, folder, layer, hide_special, allow_pickle)
    try:
        computed.save(kept)
    except OSError as error:
        log.warning("the trace is not kept for next time: %s", error)
    return computed


def compute_trace(
    sentence: str, folder: ModelFolder | Checkpoint, layer: int, hide_special: bool = False, allow_pickle: bool = False
) -> AttentionTrace:
    """Run a model on a tidied ``sentence``, past the cache; parameters and errors are those of :func:`trace`."""
    if isinstance(folder, Checkpoint):
        from attention.pretrained import compute  # imports PyTorch and Transformers, which takes seconds

        return compute.compute_trace(sentence, folder, layer, hide_special, allow_pickle)

    from attention import forward  # imports PyTorch

    return forward.compute_trace(sentence, folder, layer)


def chosen_trace(settings: Settings) -> AttentionTrace:
    """Return the trace that ``settings`` ask for, after a look whether it has the head that they ask for.

    Raises
    ------
    UserError
        As :func:`trace` does, and if there is no such head.
    """
    chosen = trace(
        settings.sentence,
        settings.model,
        settings.layer,
        hide_special=settings.hide_special,
        allow_pickle=settings.allow_pickle,
    )
    chosen.weights_of(settings.head)
    return chosen


def trace_cache() -> Path:
    """Return the folder where traces are kept."""
    return cache_folder() / "traces"
