"""A text in lines, and where in them each of its tokens stands."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

import numpy as np

from attention import AttentionTrace
from attention.text import right_to_left
from scenes.drawing.arrays import Array
from scenes.drawing.outlines import outline
from scenes.drawing.text_fitting import in_lines, shorten
from scenes.places.chip_lines import joined, singly

_TRIES = 12  # widths at which a line is broken to find even ones


@dataclass(frozen=True)
class TextLine:
    """One line of a text.

    Parameters
    ----------
    text
        What it says, spaces included.
    tokens
        Which of the text's tokens it holds.
    lefts
        Where the ink of each of them begins, in em from the left edge of the line's ink.
    """

    text: str
    tokens: range
    lefts: tuple[float, ...]


def break_text(trace: AttentionTrace, width: float) -> tuple[TextLine, ...]:
    """Return the sentence in lines of at most ``width`` em, broken between words, and in a word that is longer."""
    return break_line(trace, range(len(trace)), width)


def break_line(trace: AttentionTrace, tokens: range, width: float) -> tuple[TextLine, ...]:
    """Return some tokens in lines of at most ``width`` em, broken as a whole text is."""
    backward = right_to_left(trace.sentence)
    return tuple(_line(trace, line, width, backward) for line in _token_lines(trace, tokens, width))


def break_evenly(trace: AttentionTrace, tokens: range, width: float) -> tuple[TextLine, ...]:
    """Return some tokens in as few lines of at most ``width`` em as possible, and these about as long as each other."""
    fewest = break_line(trace, tokens, width)
    longest = max(outline(stretch(trace, word)).width for word in _words(trace, tokens))
    if longest > width or len(fewest) == 1:
        return fewest
    tries = (break_line(trace, tokens, narrower) for narrower in np.linspace(longest, width, _TRIES))
    return next(lines for lines in tries if len(lines) == len(fewest))


def lines_of(trace: AttentionTrace, ranges: Sequence[range]) -> tuple[TextLine, ...]:
    """Return the sentence in lines that hold given tokens."""
    backward = right_to_left(trace.sentence)
    return tuple(_line(trace, tokens, np.inf, backward) for tokens in ranges)


def _token_lines(trace: AttentionTrace, tokens: range, width: float) -> list[range]:
    def fits(parts: list[range]) -> bool:
        return outline(stretch(trace, joined(parts))).width <= width

    parts = chain(*([word] if fits([word]) else singly(word) for word in _words(trace, tokens)))
    return [joined(line) for line in in_lines(parts, fits)]


def _words(trace: AttentionTrace, tokens: range) -> Iterator[range]:
    """Yield the tokens between two spaces."""
    start = tokens.start
    for index in range(tokens.start + 1, tokens.stop + 1):
        if index == tokens.stop or trace.spans[index, 0] > trace.spans[index - 1, 1]:
            yield range(start, index)
            start = index


def stretch(trace: AttentionTrace, tokens: range) -> str:
    """Return what the sentence says from the first to the last of some tokens."""
    return trace.sentence[trace.spans[tokens.start, 0] : trace.spans[tokens.stop - 1, 1]]


def _line(trace: AttentionTrace, tokens: range, width: float, backward: bool) -> TextLine:
    text = stretch(trace, tokens)
    starts, ends = np.array([_extent(trace, tokens, *place) for place in _runs(trace, tokens, backward)]).T
    shown = shorten(text, width)  # a single token may be longer than a line
    lefts = outline(shown).width - ends if backward else starts
    return TextLine(shown, tokens, tuple(lefts.tolist()))


def _runs(trace: AttentionTrace, tokens: range, backward: bool) -> Iterator[tuple[range, int, bool]]:
    """Yield each token with the run of tokens of its direction, and whether that is the line's direction."""

    def runs_back(token: int) -> bool:
        kinds = {unicodedata.bidirectional(character) for character in stretch(trace, range(token, token + 1))}
        return bool(kinds & {"R", "AL"}) or (backward and not kinds & {"L", "EN"})

    for back, group in groupby(tokens, runs_back):
        members = list(group)
        for token in members:
            yield range(members[0], members[-1] + 1), token, back == backward


def _extent(trace: AttentionTrace, tokens: range, run: range, token: int, along: bool) -> tuple[float, float]:
    """Return where a token's ink starts and ends, in em from where the line starts: its right edge if backward."""
    far = outline(stretch(trace, range(tokens.start, run.stop))).width
    passed = outline(stretch(trace, range(run.start, token + 1))).width
    own = outline(trace.labels[token]).width
    end = far - outline(stretch(trace, run)).width + passed if along else far - passed + own
    return end - own, end


def centred(lines: tuple[TextLine, ...], width: float, height: float, size: float, pitch: float) -> Array:
    """Return where each line of text begins, (lines, 2): left edge and baseline, y downward, in a box of that size.

    ``size`` is an em in the box's units and ``pitch`` the distance of two lines in em.
    """
    top = height / 2 - pitch * size * (len(lines) - 1) / 2
    return np.array(
        [
            [(width - outline(line.text).width * size) / 2, top + pitch * size * row + 0.36 * size]
            for row, line in enumerate(lines)
        ]
    )
