"""Chips of different widths in centred lines, as words in a paragraph, with room over or under each."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, groupby

import numpy as np

from scenes.drawing.arrays import Array
from scenes.drawing.outlines import ADVANCE, outline
from scenes.drawing.text_fitting import in_lines
from scenes.places.chip_texts import PADDING, TALL, ChipTexts
from scenes.places.fitting import first_fit, sizes
from scenes.places.layout import Region

ID_SIZE = 0.7  # of an id, as a share of its chip's text
ID_DROP = 1.2  # from a chip's middle to its id's, in em

_WORD_GAP, _PIECE_GAP = 0.6, 0.14  # between two chips, in em; less inside of a word
_BETWEEN = 0.8  # from a line to the next, in em

Room = tuple[float, float]  # over and under each chip, for what belongs to it, in em
_FOR_IDS: Room = (0.0, ID_DROP + ID_SIZE / 2 - TALL / 2)


@dataclass(frozen=True)
class ChipLines:
    """Where chips stand.

    Parameters
    ----------
    size
        Of their text, in em, scene units.
    centers
        (n, 2), their middles.
    """

    size: float
    centers: Array


def place_chips(
    texts: ChipTexts, ids: list[str], region: Region, largest: float, smallest: float, backward: bool
) -> ChipLines | None:
    """Return places in ``region`` with the largest size that fits, or None if even ``smallest`` does not.

    Parameters
    ----------
    texts, ids
        What the chips say, and what will stand below them.
    region
        In scene units.
    largest, smallest
        Bounds of the size of the text, in em.
    backward
        Whether the chips run from right to left.
    """

    def place(size: float) -> ChipLines | None:
        block = lay_chips(texts, ids, region.width / size, backward)
        if block is None or block.height * size > region.height:
            return None
        top = np.array([region.center[0], region.center[1] + block.height * size / 2])
        return ChipLines(size, block.centers * size + top)

    return first_fit(place, sizes(largest, smallest))


@dataclass(frozen=True)
class ChipBlock:
    """Chips in lines, in em.

    Parameters
    ----------
    centers
        (n, 2), their middles, from the middle of the upper edge, y upward.
    height
        Of all lines, with the room that belongs to the chips.
    """

    centers: Array
    height: float


def lay_chips(
    texts: ChipTexts,
    ids: list[str],
    width: float,
    backward: bool,
    room: Room = _FOR_IDS,
    between: float = _BETWEEN,
    number: float = ID_SIZE,
) -> ChipBlock | None:
    """Return chips in lines of at most ``width`` em, ``between`` them so much in em, or None if one is wider.

    ``room`` is what is kept free at each chip, ``number`` the size of its id in em.
    """
    widths = chip_widths(texts, ids, number)
    lines = _lines(texts, widths, width)
    if not lines:
        return None
    pitch = sum(room) + TALL + between
    rows = [_row(texts, widths, line, row * pitch + room[0] + TALL / 2) for row, line in enumerate(lines)]
    centers = np.concatenate(rows) * [-1.0 if backward else 1.0, -1.0]
    return ChipBlock(centers, len(lines) * pitch - between)


def chip_widths(texts: ChipTexts, ids: list[str], number: float = ID_SIZE) -> list[float]:
    """Return the width of each chip or its id, whichever is wider, in em."""
    return [
        max(outline(label).width + 2 * PADDING, ADVANCE * number * len(written) + 0.3) if label else 1.2
        for label, written in zip(texts.labels, ids, strict=True)
    ]


def _lines(texts: ChipTexts, widths: list[float], width: float) -> list[range]:
    """Return the chips in lines of at most ``width`` em, words kept whole where they fit; none if a chip does not."""
    if max(widths) > width:
        return []

    def fits(parts: list[range]) -> bool:
        return _length(texts, widths, joined(parts)) <= width

    parts = chain(*([word] if fits([word]) else singly(word) for word in _words(texts)))
    return [joined(line) for line in in_lines(parts, fits)]


def joined(parts: Sequence[range]) -> range:
    """Return ranges that follow each other as one."""
    return range(parts[0].start, parts[-1].stop)


def singly(parts: range) -> list[range]:
    """Return a range as ranges of one number each."""
    return [range(k, k + 1) for k in parts]


def _words(texts: ChipTexts) -> list[range]:
    numbers = accumulate(1 - continues for continues in texts.continues.astype(int).tolist())
    groups = [[index for index, _ in group] for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1])]
    return [range(group[0], group[-1] + 1) for group in groups]


def _gaps(texts: ChipTexts, line: range) -> list[float]:
    """Return the room before each chip of a line."""
    return [0.0, *(_PIECE_GAP if texts.continues[index] else _WORD_GAP for index in line[1:])]


def _length(texts: ChipTexts, widths: list[float], line: range) -> float:
    return sum(widths[index] for index in line) + sum(_gaps(texts, line))


def _row(texts: ChipTexts, widths: list[float], line: range, down: float) -> Array:
    """Return the middles of a line's chips in em: x from the middle of the line, y downward from the top of all."""
    x = -_length(texts, widths, line) / 2
    centers = []
    for index, gap in zip(line, _gaps(texts, line), strict=True):
        centers.append([x + gap + widths[index] / 2, down])
        x += gap + widths[index]
    return np.array(centers)
