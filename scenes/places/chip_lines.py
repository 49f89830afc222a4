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
READ_SIZE, READ_DROP = 0.86, 1.28  # the same of ids that are what is looked at; chips leave room for these

_WORD_GAP, _PIECE_GAP = 0.6, 0.14  # between two chips, in em, at least; less inside of a word
_WORDS_APART = 1.8  # gaps between words, by those inside of one, at least
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

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(np.unique(self.centers[:, 1].round(6)))


def place_chips(
    texts: ChipTexts,
    ids: list[str],
    region: Region,
    largest: float,
    smallest: float,
    backward: bool,
    between: float = _BETWEEN,
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
    between
        From a line to the next, in em.
    """

    def place(size: float, whole: bool = False) -> ChipLines | None:
        width = region.width / size
        block = lay_chips(texts, ids, width, backward, between=between, number=READ_SIZE, whole=whole)
        if block is None or block.height * size > region.height:
            return None
        top = np.array([region.center[0], region.center[1] + block.height * size / 2])
        return ChipLines(size, block.centers * size + top)

    tried = list(sizes(largest, smallest))
    return first_fit(lambda size: place(size, whole=True), tried) or first_fit(place, tried)


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
    whole: bool = False,
) -> ChipBlock | None:
    """Return chips in lines of at most ``width`` em, ``between`` them so much in em, or None if one is wider.

    ``room`` is what is kept free at each chip, ``number`` the size of its id in em; with ``whole``, no word is broken.
    """
    spacing = _Spacing.of(texts, ids, number)
    lines = _lines(texts, spacing, width, whole)
    if not lines:
        return None
    pitch = sum(room) + TALL + between
    rows = [spacing.row(line, row * pitch + room[0] + TALL / 2) for row, line in enumerate(lines)]
    centers = np.concatenate(rows) * [-1.0 if backward else 1.0, -1.0]
    return ChipBlock(centers, len(lines) * pitch - between)


def chip_widths(texts: ChipTexts, ids: list[str], number: float = ID_SIZE) -> list[float]:
    """Return the width of each chip or its id, whichever is wider, in em."""
    return list(map(float, np.maximum(_bare_widths(texts), _id_widths(ids, number))))


def _bare_widths(texts: ChipTexts) -> Array:
    return np.array([outline(label).width + 2 * PADDING if label else 1.2 for label in texts.labels])


def _id_widths(ids: list[str], number: float) -> Array:
    """Return the room that ids take, in em, with what lies between two of them."""
    return np.array([ADVANCE * number * len(written) + 0.3 if written else 0.0 for written in ids])


@dataclass(frozen=True)
class _Spacing:
    """How wide chips are, (n,), how far an id stands out at each side of its own, and the gap before each, in em.

    All gaps inside of words are alike, as wide as the widest id asks for, and those between words are wider.
    """

    chips: Array
    beyond: Array
    before: Array

    @classmethod
    def of(cls, texts: ChipTexts, ids: list[str], number: float) -> "_Spacing":
        chips, written = _bare_widths(texts), _id_widths(ids, number)
        needed = np.concatenate([[0.0], ((written - chips)[1:] + (written - chips)[:-1]) / 2])
        inside = needed.max(where=texts.continues, initial=_PIECE_GAP)
        least = max(_WORD_GAP, _WORDS_APART * inside if texts.continues.any() else 0.0)
        before = np.where(texts.continues, inside, np.maximum(needed, least))
        return cls(chips, np.maximum(written - chips, 0) / 2, before)

    def length(self, line: range) -> float:
        """Return how long a line of chips is with its ids."""
        ends = self.beyond[line[0]] + self.beyond[line[-1]]
        return float(self.chips[line.start : line.stop].sum() + self.before[line.start + 1 : line.stop].sum() + ends)

    def row(self, line: range, down: float) -> Array:
        """Return the middles of a line's chips: x from the middle of the line, y downward from the top of all."""
        own = list(line)
        gaps = np.concatenate([[self.beyond[own[0]]], self.before[own[1:]]])
        x = np.cumsum(gaps + self.chips[own]) - self.chips[own] / 2 - self.length(line) / 2
        return np.column_stack([x, np.full(len(own), down)])


def _lines(texts: ChipTexts, spacing: _Spacing, width: float, whole: bool) -> list[range]:
    """Return the chips in lines of at most ``width`` em, words kept whole where they fit; none if a chip does not."""

    def fits(parts: list[range]) -> bool:
        return spacing.length(joined(parts)) <= width

    words = _words(texts)
    if not all(fits([each]) for each in (words if whole else singly(range(len(texts.labels))))):
        return []
    parts = chain(*([word] if fits([word]) else singly(word) for word in words))
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
