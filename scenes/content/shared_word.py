"""Which word two sentences share, and which token of each stands for it."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from attention import AttentionTrace, UserError
from attention.spans import is_mark

_LISTED = 8  # shared words that an error names


@dataclass(frozen=True)
class SharedWord:
    """A word of two sentences.

    Parameters
    ----------
    text
        As the first sentence writes it.
    tokens
        The token of the first and of the second sentence that stands for it: the last of its pieces with a letter or
        digit, which has the whole word before it in models that only look back, too.
    pieces
        All of its tokens, in the first and in the second sentence.
    """

    text: str
    tokens: tuple[int, int]
    pieces: tuple[tuple[int, ...], tuple[int, ...]]


_Found = dict[str, tuple[str, tuple[int, ...]]]  # by how words are compared: as written, and the tokens


def shared_word(first: AttentionTrace, second: AttentionTrace, wanted: str | None = None) -> SharedWord:
    """Return the word that both sentences have, whatever its case; where it stands twice, its first place.

    Left to itself it is, of the words whose outputs differ, the one whose rows of the embedding table are longest, all
    its pieces together: frequent words, which say little by themselves, have one piece with a short row (Schakel and
    Wilson 2015, "Measuring Word Significance using Distributed Representations of Words"). Outputs are the same where
    all that the word may attend to is, as at the beginning for models that only look back. Sentences without a word
    in common, as in scripts that have no spaces, may share a single token.

    Parameters
    ----------
    first, second
        The two sentences, through the same model.
    wanted
        A word that both have, or a single token, such as ``"[CLS]"``.

    Raises
    ------
    UserError
        If there is no such word: says in which sentence it is missing, and what both have.
    """
    shared = _shared(first, second, _words) or _shared(first, second, _plain_tokens)
    if wanted is not None:
        every = _shared(first, second, _tokens) | shared
        keys = [_folded(wanted.strip()), _folded(_bare(wanted))]
        found = next((every[key] for key in keys if key in every), None)
        if found is None:
            raise UserError(_missing(first, second, wanted, keys, [word.text for word in shared.values()]))
        return found
    if not shared:
        raise UserError("the two sentences share no word: give two that have one in common")
    return max(shared.values(), key=lambda word: _weighty(first, second, word))


def _shared(
    first: AttentionTrace, second: AttentionTrace, units: Callable[[AttentionTrace], _Found]
) -> dict[str, SharedWord]:
    ours, theirs = units(first), units(second)
    return {
        key: SharedWord(text, (_standing(first, tokens), _standing(second, theirs[key][1])), (tokens, theirs[key][1]))
        for key, (text, tokens) in ours.items()
        if key in theirs
    }


def _words(trace: AttentionTrace) -> _Found:
    found: _Found = {}
    for word in dict.fromkeys(trace.word_ids[~trace.special].tolist()):
        tokens = np.flatnonzero((trace.word_ids == word) & ~trace.special)
        text = _bare(trace.sentence[trace.spans[tokens, 0].min() : trace.spans[tokens, 1].max()])
        if text:
            found.setdefault(_folded(text), (text, tuple(tokens.tolist())))
    return found


def _tokens(trace: AttentionTrace) -> _Found:
    found: _Found = {}
    for token, label in enumerate(trace.labels):
        found.setdefault(_folded(label), (label, (token,)))
    return found


def _plain_tokens(trace: AttentionTrace) -> _Found:
    return {
        key: (text, tokens)
        for key, (text, tokens) in _tokens(trace).items()
        if _bare(text) and not trace.special[tokens[0]]
    }


def _standing(trace: AttentionTrace, tokens: tuple[int, ...]) -> int:
    """Return the last token that has a letter or digit, or the last one."""
    return next((token for token in reversed(tokens) if _bare(trace.labels[token])), tokens[-1])


def _weighty(first: AttentionTrace, second: AttentionTrace, word: SharedWord) -> tuple[bool, float]:
    """Return what makes a word worth comparing: whether its outputs differ, and how long its rows are."""
    one, other = first.output[word.tokens[0]], second.output[word.tokens[1]]
    rows = [trace.token_vectors[list(tokens)] for trace, tokens in zip((first, second), word.pieces, strict=True)]
    return not np.allclose(one, other, atol=1e-5), float(np.linalg.norm(np.concatenate(rows), axis=1).sum())


def _missing(first: AttentionTrace, second: AttentionTrace, wanted: str, keys: list[str], shared: list[str]) -> str:
    """Return where a word is missing, and what there is instead."""
    lacking = [
        name
        for name, trace in (("first", first), ("second", second))
        if not any(key in _words(trace) | _tokens(trace) for key in keys)
    ]
    more = ", …" if len(shared) > _LISTED else ""
    instead = f"both have: {', '.join(shared[:_LISTED])}{more}" if shared else "they share no word: give two that do"
    return f"{wanted!r} is not a word of the {' and of the '.join(lacking)} sentence; {instead}"


def _bare(text: str) -> str:
    """Return ``text`` without what stands around its letters and digits."""
    own = [index for index, letter in enumerate(text) if letter.isalnum() or is_mark(letter)]
    own = own if any(text[index].isalnum() for index in own) else []
    return text[own[0] : own[-1] + 1] if own else ""


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())
