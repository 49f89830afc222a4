"""Where the clip about tokens stands its stages, its text, its chips, and the vocabulary beside them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from attention.text import right_to_left
from scenes.drawing.arrays import Array
from scenes.drawing.outlines import ADVANCE
from scenes.places.chip_lines import ID_DROP, ID_SIZE, READ_DROP, READ_SIZE, ChipLines, chip_widths, place_chips
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.fitting import first_fit, fit
from scenes.places.layout import Frame, Region
from scenes.tokenization_parts.vocabulary_list import LANE, ROW_HEIGHT

_BESIDE = {"16:9": 1.1, "1:1": 0.9, "9:16": 1.1}  # largest size of chips beside the vocabulary, in heroes
_ALONE, _LONE = 1.6, 4.2  # of chips alone, and of a single one alone
_CHIPS = {"16:9": 0.78, "1:1": 0.62, "9:16": 0.6}  # share of the stage's width, in a tall frame of its height
_LOOSE, _TIGHT, _TIGHTER = 0.8, 0.5, 0.4  # from a line of chips to the next, in em
_SHARES = np.linspace(0.5, 1, 26)  # of the room's width that chips are tried in, for lines that are about as long
_GAIN = 1.1  # how much larger chips are that stand tightly, to do so


@dataclass(frozen=True)
class TokenPlaces:
    """Places of the chips while the vocabulary stands beside them, and while they are alone and larger."""

    slots: NDArray[np.int64]  # which tokens, -1 for those left out between two of them
    texts: ChipTexts
    beside: ChipLines
    alone: ChipLines
    gutter: float  # x of the free lane between chips and vocabulary
    vocabulary: Region
    in_row: bool  # whether the vocabulary stands in a row under the chips
    backward: bool  # whether the chips run from right to left

    @property
    def growth(self) -> float:
        """How much larger the chips are alone."""
        return self.alone.size / self.beside.size

    def spread(self, region: Region) -> Array:
        """Return the corner points of a region that goes and grows as the chips do when they are alone."""
        shift = self.alone.centers[0] - self.beside.centers[0] * self.growth
        corners = region.corners * self.growth
        corners[:, :2] += shift
        return corners

    def lines(self, count: int) -> list[range]:
        """Return which of ``count`` tokens stand in each line, hidden ones where they are left out."""
        heights = [round(float(self.beside.centers[self.landing(token), 1]), 6) for token in range(count)]
        starts = [token for token in range(count) if not token or heights[token] != heights[token - 1]]
        return [range(start, end) for start, end in pairwise([*starts, count])]

    def landing(self, token: int) -> int:
        """Return in which place a token is shown, or the gap that it is left out in."""
        known = np.where(self.slots >= 0, self.slots, -1)
        before = np.flatnonzero((known >= 0) & (known <= token))
        last = int(before[-1]) if before.size else -1
        return last if last >= 0 and known[last] == token else last + 1


def place_tokens(trace: AttentionTrace, frame: Frame, shown_tokens: Callable[[int], NDArray[np.int64]]) -> TokenPlaces:
    """Return places of as many tokens as can be read with their ids."""
    stage, backward = frame.stage, right_to_left(trace.sentence)

    def place(most: int) -> TokenPlaces | None:
        slots = shown_tokens(most)
        texts = ChipTexts.of(trace, slots)
        ids = [str(trace.token_ids[slot]) if slot >= 0 else "" for slot in slots.tolist()]
        found = first_fit(lambda room: _lay(texts, ids, room, frame, backward), _rooms(trace, frame, backward))
        if not found:
            return None
        beside, room = found
        widths, largest = (
            np.array(chip_widths(texts, ids, READ_SIZE)),
            (_LONE if len(slots) == 1 else _ALONE) * frame.hero,
        )
        alone = _enlarged(beside, widths, stage.middle(stage.width, stage.height - 0.8 * frame.text), largest)
        return TokenPlaces(slots, texts, beside, alone, room.gutter, room.vocabulary, room.in_row, backward)

    return fit(place)


@dataclass(frozen=True)
class _Room:
    """Where chips and vocabulary may stand, and the lane between them or beside them."""

    chips: Region
    vocabulary: Region
    gutter: float
    largest: float  # of the chips' text
    in_row: bool = False


def _rooms(trace: AttentionTrace, frame: Frame, backward: bool) -> list[_Room]:
    """Return the arrangements to be tried: side by side or one over the other, then the vocabulary in a row."""
    stage, largest = frame.stage, _BESIDE[frame.name] * frame.hero

    def lane(size: float) -> float:
        return (len(str(trace.token_ids.max())) + 1) * ADVANCE * size * ID_SIZE

    def under(above: Region, below: Region, size: float, in_row: bool = False) -> _Room:
        chips = Region(above.left, above.bottom, above.right - lane(size), above.top)
        listed = below if in_row else below.middle(below.width - 2 * lane(size), below.height)
        return _Room(chips, listed, stage.right - lane(size) / 2, size, in_row)

    if frame.tall:
        rooms = [under(*stage.cut_top(_CHIPS[frame.name] * stage.height, frame.text), largest)]
    else:
        chips, listed = stage.cut_left(_CHIPS[frame.name] * stage.width - lane(largest), lane(largest))
        rooms = [_Room(chips, listed, chips.right + lane(largest) / 2, largest)]
    if frame.name == "1:1":
        row, above = stage.cut_bottom(ROW_HEIGHT * frame.smallest_text, 2 * LANE * frame.smallest_text)
        rooms.append(under(above, row, 1.1 * frame.smallest_text / ID_SIZE, in_row=True))
    if not backward:
        return rooms
    middle = 2 * stage.center[0]
    return [
        replace(
            room,
            chips=stage.mirrored(room.chips),
            vocabulary=stage.mirrored(room.vocabulary),
            gutter=middle - room.gutter,
        )
        for room in rooms
    ]


def _lay(texts: ChipTexts, ids: list[str], room: _Room, frame: Frame, backward: bool) -> tuple[ChipLines, _Room] | None:
    """Return the chips' places, closer above each other where that makes them larger, and what room they leave."""
    smallest = frame.smallest_text / ID_SIZE

    def lines(between: float) -> ChipLines | None:
        found = place_chips(texts, ids, room.chips, room.largest, smallest, backward, between)
        if not found:
            return None
        narrower = (room.chips.middle(share * room.chips.width, room.chips.height) for share in _SHARES)
        even = (place_chips(texts, ids, region, found.size, found.size, backward, between) for region in narrower)
        return next((each for each in even if each and each.count == found.count), found)

    loose, tight = lines(_LOOSE), lines(_TIGHTER if room.in_row else _TIGHT)
    if not tight:
        return None
    found = loose if loose and _GAIN * loose.size > tight.size else tight
    if not frame.tall or room.in_row:
        return found, room
    low = found.centers[:, 1].min() - (ID_DROP + ID_SIZE / 2) * found.size
    high = found.centers[:, 1].max() + TALL / 2 * found.size
    rise = room.chips.top - high
    listed = replace(room.vocabulary, top=float(low + rise) - 1.2 * frame.text)
    return ChipLines(found.size, found.centers + np.array([0.0, rise])), replace(room, vocabulary=listed)


def _enlarged(lines: ChipLines, widths: Array, region: Region, largest: float) -> ChipLines:
    """Return the same lines in the middle of ``region``, as large as they fit with ids that are ``widths`` em wide."""
    under, over = (
        np.column_stack([widths / 2, np.full(len(widths), up)]) for up in (READ_DROP + READ_SIZE / 2, TALL / 2)
    )
    low, high = (lines.centers - under * lines.size).min(axis=0), (lines.centers + over * lines.size).max(axis=0)
    growth = min(region.width / (high - low)[0], region.height / (high - low)[1], largest / lines.size)
    return ChipLines(lines.size * growth, (lines.centers - (low + high) / 2) * growth + region.center)
