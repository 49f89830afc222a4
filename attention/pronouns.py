"""Does a pronoun find whom it stands for? The share of pronouns that attend to their antecedent more than to others."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from attention.errors import UserError
from attention.sentence_files import WeightsOf, indices, locate, read_lines, word_weights
from attention.text import tidy


@dataclass(frozen=True)
class PronounFigures:
    """What :func:`evaluate_pronouns` measures.

    Parameters
    ----------
    pronouns
        Number of pronouns measured.
    left_out
        Number of pronouns in sentences that the model does not take, such as those too long for it.
    found
        Share of pronouns whose strongest candidate means the same, 0 to 1.
    chance, nearest, first
        The same share for a candidate picked uniformly, for the one next to the pronoun, and for the first.
    """

    pronouns: int
    left_out: int
    found: float
    chance: float
    nearest: float
    first: float


@dataclass(frozen=True)
class Pronoun:
    """One line of the file: a pronoun in a text, and the nouns or names before it that it could stand for."""

    text: str
    spans: list[tuple[int, int]]  # of the words, in characters
    word: int
    candidates: list[int]  # words, in the order of the text
    same: frozenset[int]  # those of them that mean what the pronoun means


def evaluate_pronouns(weights_of: WeightsOf, file: Path) -> PronounFigures:
    """Measure how often a pronoun attends most to a candidate that means the same, over the lines of ``file``.

    The pronoun's attention to a candidate is summed over the candidate's tokens and averaged over its own. Where two
    candidates share the largest weight, the first one is the pick.

    Parameters
    ----------
    weights_of
        Maps a text to attention weights (n, n), rows attending, and the n tokens' character spans in the text.
    file
        JSON lines with ``text``, ``words`` (in the order of the text), ``pronoun`` (a word index), ``same`` and
        ``other`` (word indices of candidates before it).

    Raises
    ------
    UserError
        If the file is missing or holds no pronoun that can be measured, a line is malformed, or the weights do not fit
        the text.
    """
    left_out = 0
    picks: list[tuple[bool, float, bool, bool]] = []
    for number, pronoun in read_pronouns(file):
        try:
            between = word_weights(*weights_of(pronoun.text), pronoun.spans)
        except UserError:
            left_out += 1
            continue
        except ValueError as error:
            raise UserError(f"{file}, line {number}: {error}") from None
        candidates, same = pronoun.candidates, pronoun.same
        pick = candidates[int(between[pronoun.word, candidates].argmax())]
        picks.append((pick in same, len(same) / len(candidates), candidates[-1] in same, candidates[0] in same))
    if not picks:
        raise UserError(f"{file}: holds no pronoun that the model takes")
    found, chance, nearest, first = np.mean(picks, axis=0).tolist()
    return PronounFigures(len(picks), left_out, found, chance, nearest, first)


def read_pronouns(file: Path) -> Iterator[tuple[int, Pronoun]]:
    """Yield the line number, from 1, and the pronoun of each line that is not empty.

    Raises
    ------
    UserError
        If the file cannot be read, or a line is malformed.
    """
    return read_lines(file, _parse)


def holds_pronouns(file: Path) -> bool:
    """Return whether the first line of ``file`` is about a pronoun rather than about links.

    Raises
    ------
    UserError
        If the file cannot be read, or its first line is malformed.
    """
    return any("pronoun" in fields for _, fields in islice(read_lines(file, dict), 1))


def _parse(fields: dict[str, Any]) -> Pronoun:
    text = tidy(fields["text"])
    spans = locate(text, fields["words"])
    (word,) = indices([fields["pronoun"]], len(spans))
    same, other = (frozenset(indices(fields[name], word, " before the pronoun")) for name in ("same", "other"))
    if not same or not other or same & other:
        raise ValueError("a pronoun needs candidates that mean the same and others, none of them both")
    return Pronoun(text, spans, word, sorted(same | other), same)
