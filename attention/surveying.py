"""`survey`: what every head of a model does, on a sentence and on a small set, from the cache where it can be."""

import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from attention.attention_trace import write_atomically
from attention.cache import cache_folder
from attention.errors import UserError
from attention.evaluation import read_sentences
from attention.head_weights import HeadWeights
from attention.heads import Array, HeadShares, linked_tokens, measure, name_heads
from attention.model_folder import TINY, ModelFolder, find_model, source_digest
from attention.pretrained.checkpoint import Checkpoint
from attention.settings import Settings
from attention.text import tidy

log = logging.getLogger(__name__)

SENTENCES = Path(__file__).parent / "sentences" / "links.jsonl"

OnSentence = Callable[[int, int], None]  # so many sentences of so many have been run


@dataclass(frozen=True, eq=False)
class SharesOnSet:
    """What heads do on the set of sentences that comes with the package."""

    shares: HeadShares
    sentences: int  # of the set, those that the model takes


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
    text: str,
    model: str = TINY,
    *,
    hide_special: bool = False,
    allow_pickle: bool = False,
    on_sentence: OnSentence = lambda *_: None,
) -> HeadSurvey:
    """Return what all heads of all layers of ``model`` do, on ``text`` and on the package's set of sentences.

    The weights for ``text`` and the measures on the set are kept in the user's cache folder; kept ones are read without
    importing PyTorch.

    Parameters
    ----------
    text, model, hide_special, allow_pickle
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
    sentence, folder = tidy(text), find_model(model)
    named = [str(hide_special), folder.digest, source_digest()]
    return HeadSurvey(
        _weights(sentence, folder, hide_special, allow_pickle, _kept("weights", sentence, *named)),
        _on_set(folder, hide_special, allow_pickle, _kept("set", _set_digest(), *named), on_sentence),
    )


def chosen_survey(settings: Settings, on_sentence: OnSentence = lambda *_: None) -> HeadSurvey:
    """Return the survey that ``settings`` ask for; parameters and errors are those of :func:`survey`."""
    return survey(
        settings.sentence,
        settings.model,
        hide_special=settings.hide_special,
        allow_pickle=settings.allow_pickle,
        on_sentence=on_sentence,
    )


def compute_weights(
    sentence: str, folder: ModelFolder | Checkpoint, hide_special: bool = False, allow_pickle: bool = False
) -> HeadWeights:
    """Run a model once on a tidied ``sentence``, past the cache, and return the weights of all its heads."""
    if isinstance(folder, Checkpoint):
        from attention.pretrained import compute  # imports PyTorch and Transformers, which takes seconds

        return compute.compute_weights(sentence, folder, hide_special, allow_pickle)

    from attention import forward  # imports PyTorch

    return HeadWeights.of(forward.compute_trace(sentence, folder, 0))


def _weights(
    sentence: str, folder: ModelFolder | Checkpoint, hide_special: bool, allow_pickle: bool, kept: Path
) -> HeadWeights:
    if kept.is_file():
        with suppress(UserError):  # a damaged file in the cache is made again
            return HeadWeights.load(kept)
    computed = compute_weights(sentence, folder, hide_special, allow_pickle)
    try:
        computed.save(kept)
    except OSError as error:
        log.warning("the weights are not kept for next time: %s", error)
    return computed


def _on_set(
    folder: ModelFolder | Checkpoint, hide_special: bool, allow_pickle: bool, kept: Path, on_sentence: OnSentence
) -> SharesOnSet:
    with suppress(SafetensorError, OSError, KeyError), safe_open(kept, framework="numpy") as file:
        shares = HeadShares(*(file.get_tensor(name) for name in ("sums", "even", "counts")))
        return SharesOnSet(shares, int(file.get_tensor("sentences")[0]))
    measured, refusal = [], None
    sentences = [sentence for _, sentence in read_sentences(SENTENCES)]
    for done, sentence in enumerate(sentences, start=1):
        try:
            found = compute_weights(sentence.text, folder, hide_special, allow_pickle)
            linked = linked_tokens(found.spans, sentence.spans, sentence.links)
            measured.append(measure(found.weights, found.masks, found.special, linked))
        except UserError as error:
            refusal = error
        on_sentence(done, len(sentences))
    if not measured:
        raise UserError(
            f"{folder.path}: takes none of the {len(sentences)} sentences that heads are measured on ({refusal})"
        )
    shares = reduce(add, measured)
    arrays = {**vars(shares), "sentences": np.array([len(measured)])}
    try:
        write_atomically(kept, save({name: np.ascontiguousarray(values) for name, values in arrays.items()}))
    except OSError as error:
        log.warning("the measures are not kept for next time: %s", error)
    return SharesOnSet(shares, len(measured))


def _kept(kind: str, *named: str) -> Path:
    key = hashlib.sha256("\0".join(named).encode()).hexdigest()
    return cache_folder() / "heads" / f"{kind}-{key[:32]}.safetensors"


def _set_digest() -> str:
    return hashlib.sha256(SENTENCES.read_bytes()).hexdigest()
