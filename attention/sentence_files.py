"""Files of annotated sentences, one JSON object a line, and attention between the words that they name."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from attention.errors import UserError

FloatArray = npt.NDArray[np.floating[Any]]
Spans = Sequence[tuple[int, int]]
WeightsOf = Callable[[str], tuple[FloatArray, Spans]]

Parsed = TypeVar("Parsed")


def read_lines(file: Path, parse: Callable[[dict[str, Any]], Parsed]) -> Iterator[tuple[int, Parsed]]:
    """Yield the line number, from 1, and what ``parse`` makes of the fields of each line that is not empty.

    Raises
    ------
    UserError
        If the file cannot be read, or a line is malformed.
    """
    try:
        content = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{file}: cannot be read ({error})") from None
    for number, line in enumerate(content.split("\n"), start=1):
        if line.strip():
            try:
                fields = json.loads(line)
                if not isinstance(fields, dict):
                    raise ValueError("not a JSON object")
                yield number, parse(fields)
            except (KeyError, TypeError, ValueError, UserError) as error:
                reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
                raise UserError(f"{file}, line {number}: {reason}") from None


def locate(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Return where each word stands in ``text``; only spaces may stand between them.

    Raises
    ------
    ValueError
        If a word does not follow there.
    """
    spans: list[tuple[int, int]] = []
    position = 0
    for word in words:
        start = text.find(word, position)
        if start < 0 or not word or text[position:start].strip():
            raise ValueError(f"the word {word!r} does not follow in the text")
        position = start + len(word)
        spans.append((start, position))
    return spans


def indices(values: Sequence[int], words: int, which: str = "") -> Sequence[int]:
    """Return ``values``, each of which must be the index of one of the first ``words``; ``which`` says which these are.

    Raises
    ------
    ValueError
        If one is not.
    """
    for value in values:
        if type(value) is not int or not 0 <= value < words:
            raise ValueError(f"{value!r} is not the index of a word{which}")
    return values


def word_weights(weights: FloatArray, tokens: Spans, words: Spans) -> FloatArray:
    """Turn attention between n tokens into attention between words, (words, words).

    A token belongs to the word that it shares characters with. The result is summed over the attended word's tokens and
    averaged over the attending word's.

    Raises
    ------
    ValueError
        If ``weights`` is not (n, n) for n ``tokens``, or a word has no token.
    """
    if weights.shape != (len(tokens), len(tokens)):
        raise ValueError(f"weights of shape {weights.shape} for {len(tokens)} tokens")
    belongs = np.array([[start < to and end > at for start, end in tokens] for at, to in words], dtype=weights.dtype)
    sizes = belongs.sum(axis=1, keepdims=True)
    if not sizes.all():
        raise ValueError(f"word {int(sizes.argmin())} has no token")
    between: FloatArray = (belongs / sizes) @ weights @ belongs.T
    return between
