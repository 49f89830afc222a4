"""Does attention follow language? The share of words whose strongest other word is linked to them by grammar."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from attention.errors import UserError
from attention.sentence_files import FloatArray, WeightsOf, indices, locate, read_lines, word_weights
from attention.text import tidy


@dataclass(frozen=True)
class Figures:
    """What :func:`evaluate` measures.

    Parameters
    ----------
    sentences
        Number of sentences measured.
    left_out
        Number of sentences that the model does not take, such as those too long for it.
    linked
        Share of words whose strongest other word is linked to them, 0 to 1.
    chance
        The same share for a word picked uniformly among the others.
    self_largest
        Share of tokens whose weight on themselves is the largest of their row.
    mean_self_share
        Mean weight of a token on itself.
    """

    sentences: int
    left_out: int
    linked: float
    chance: float
    self_largest: float
    mean_self_share: float


@dataclass(frozen=True)
class Sentence:
    """One line of the file: a text, where its words stand in it, and which of them belong together."""

    text: str
    spans: list[tuple[int, int]]  # of the words, in characters
    links: frozenset[frozenset[int]]  # pairs of words; the direction does not matter
    punctuation: frozenset[int]


def evaluate(weights_of: WeightsOf, file: Path) -> Figures:
    """Measure how often attention goes to a word that grammar links, over the sentences of ``file``.

    A word's attention to another is summed over the attended word's tokens and averaged over its own tokens.
    Punctuation neither attends nor is attended to. A word without any link counts as a miss, like any other wrong pick;
    where two words share the largest weight, the first one is the pick.

    Parameters
    ----------
    weights_of
        Maps a text to attention weights (n, n), rows attending, and the n tokens' character spans in the text.
    file
        JSON lines with ``text``, ``words`` (in the order of the text), ``links`` (pairs of word indices) and ``punct``
        (word indices).

    Raises
    ------
    UserError
        If the file is missing or holds no sentence, a line is malformed, or the weights do not fit the text.
    """
    hits: list[bool] = []
    chances: list[float] = []
    shares: list[float] = []
    largest: list[bool] = []
    sentences = left_out = 0
    for number, sentence in read_sentences(file):
        try:
            weights, spans = weights_of(sentence.text)
            between = word_weights(weights, spans, sentence.spans)
        except UserError:
            left_out += 1
            continue
        except ValueError as error:
            raise UserError(f"{file}, line {number}: {error}") from None
        sentences += 1
        shares.extend(np.diagonal(weights).tolist())
        largest.extend((weights.argmax(axis=1) == np.arange(len(weights))).tolist())
        for hit, chance in _picks(between, sentence):
            hits.append(hit)
            chances.append(chance)
    if not hits:
        raise UserError(f"{file}: holds no sentence with two words")
    return Figures(
        sentences,
        left_out,
        float(np.mean(hits)),
        float(np.mean(chances)),
        float(np.mean(largest)),
        float(np.mean(shares)),
    )


def read_sentences(file: Path) -> Iterator[tuple[int, Sentence]]:
    """Yield the line number, from 1, and the sentence of each line that is not empty.

    Raises
    ------
    UserError
        If the file cannot be read, or a line is malformed.
    """
    return read_lines(file, _parse)


def _picks(between: FloatArray, sentence: Sentence) -> Iterator[tuple[bool, float]]:
    """Yield, for each word, whether its strongest other word is linked to it and how likely a random one is."""
    words = [word for word in range(len(between)) if word not in sentence.punctuation]
    for word in words:
        others = [other for other in words if other != word]
        if others:
            linked = [frozenset((word, other)) in sentence.links for other in others]
            yield linked[int(between[word, others].argmax())], sum(linked) / len(linked)


def _parse(fields: dict[str, Any]) -> Sentence:
    text = tidy(fields["text"])
    spans = locate(text, fields["words"])
    links = frozenset(frozenset(indices(pair, len(spans))) for pair in fields["links"])
    if any(len(pair) != 2 for pair in links):
        raise ValueError("a link is not a pair of different words")
    return Sentence(text, spans, links, frozenset(indices(fields["punct"], len(spans))))
