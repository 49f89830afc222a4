"""`survey`: what every head of a model does, on a sentence and on a small set, from the cache where it can be."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attention.attention_trace import Array
from attention.cache import Kept, source_digest
from attention.digests import file_digest
from attention.errors import UserError
from attention.evaluation import read_sentences
from attention.head_weights import HeadWeights
from attention.heads import HeadShares, linked_tokens, measure, name_heads
from attention.model_folder import TINY, Model, find_model
from attention.packing import pack, unpack
from attention.settings import Settings
from attention.text import tidy
from attention.tracing import chosen_model

SENTENCES = Path(__file__).parent / "sentences" / "links.jsonl"

_TITLE = "shares"

OnSentence = Callable[[int, int], None]  # so many sentences of so many have been run


@dataclass(frozen=True, eq=False)
class SharesOnSet:
    """What heads do on the set of sentences that comes with the package."""

    shares: HeadShares
    sentences: int  # of the set, those that the model takes

    def to_bytes(self) -> bytes:
        """Return all as one safetensors file."""
        return pack({**vars(self.shares), "sentences": self.sentences}, _TITLE)

    @classmethod
    def from_bytes(cls, content: bytes) -> "SharesOnSet":
        """Return what :meth:`to_bytes` was called for; another content raises an error of some kind."""
        values = unpack(content, _TITLE)
        return cls(sentences=int(values.pop("sentences")), shares=HeadShares(**values))


@dataclass(frozen=True, eq=False)
class HeadSurvey:
    """Every head of a model: its weights for one sentence, and what it does there and elsewhere."""

    weights: HeadWeights
    on_set: SharesOnSet

    @cached_property
    def on_sentence(self) -> HeadShares:
        """What heads do on the sentence, of which no links are known."""
        return measure(self.weights.weights, self.weights.masks, self.weights.special)

    @cached_property
    def shares(self) -> Array:
        """What each head spends on each of :data:`attention.heads.HABITS`, (layers, heads, habits, 2).

        On the sentence, then on the set; NaN where that cannot be told, as for the links of the sentence.
        """
        return np.stack([self.on_sentence.shares, self.on_set.shares.shares], axis=-1)

    @cached_property
    def names(self) -> NDArray[np.str_]:
        """What each head does on the set, (layers, heads); see :func:`attention.heads.name_heads`."""
        return name_heads(self.on_set.shares)

    @property
    def separator(self) -> str:
        """What the habit "separator" means in this model: "separator", or "first token" where it has no separators."""
        return "separator" if self.weights.special[1:].any() else "first token"


def survey(
    text: str, model: str = TINY, *, causal: bool = False, on_sentence: OnSentence = lambda *_: None
) -> HeadSurvey:
    """Return what all heads of all layers of ``model`` do, on ``text`` and on the package's set of sentences.

    The weights for ``text`` and the measures on the set are kept in the user's cache folder; kept ones are read without
    importing PyTorch.

    Parameters
    ----------
    text, model, causal
        As :func:`attention.trace` takes them.
    on_sentence
        Called after each sentence of the set.

    Raises
    ------
    UserError
        As :func:`attention.trace` does; if the text has more tokens than :data:`attention.head_weights.MOST_TOKENS`.

    Examples
    --------
    >>> survey("The cat sat.").shares.shape
    (1, 1, 5, 2)
    """
    return kept_survey(tidy(text), find_model(model, causal=causal), on_sentence)


def kept_survey(sentence: str, model: Model, on_sentence: OnSentence = lambda *_: None) -> HeadSurvey:
    """Return the survey of a tidied ``sentence``; parameters and errors are those of :func:`survey`."""
    key = [model.digest, source_digest()]
    return HeadSurvey(
        _WEIGHTS.load_or_make([sentence, *key], lambda: model.head_weights(sentence)),
        _SHARES.load_or_make([file_digest(SENTENCES), *key], lambda: _measure(model, on_sentence)),
    )


def chosen_survey(settings: Settings, on_sentence: OnSentence = lambda *_: None) -> HeadSurvey:
    """Return the survey that ``settings`` ask for; parameters and errors are those of :func:`survey`."""
    return kept_survey(tidy(settings.sentence), chosen_model(settings), on_sentence)


def _measure(model: Model, on_sentence: OnSentence) -> SharesOnSet:
    measured, refusal = [], None
    sentences = [sentence for _, sentence in read_sentences(SENTENCES)]
    for done, sentence in enumerate(sentences, start=1):
        try:
            found = model.head_weights(sentence.text)
            linked = linked_tokens(found.spans, sentence.spans, sentence.links)
            measured.append(measure(found.weights, found.masks, found.special, linked))
        except UserError as error:
            refusal = error
        on_sentence(done, len(sentences))
    if not measured:
        raise UserError(
            f"{model.path}: takes none of the {len(sentences)} sentences that heads are measured on ({refusal})"
        )
    return SharesOnSet(reduce(add, measured), len(measured))


_WEIGHTS: Kept[HeadWeights] = Kept("heads", HeadWeights.to_bytes, HeadWeights.from_bytes)
_SHARES: Kept[SharesOnSet] = Kept("surveys", SharesOnSet.to_bytes, SharesOnSet.from_bytes)
