"""Where the clip about tokens stands its stages, its text, its chips, and the vocabulary beside them."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from attention.text import right_to_left
from scenes.drawing.arrays import Array
from scenes.drawing.outlines import ADVANCE
from scenes.places.chip_lines import ID_DROP, ID_SIZE, ChipLines, chip_widths, place_chips
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.fitting import fit
from scenes.places.layout import Frame, Region

_BESIDE = {"16:9": 1.1, "1:1": 0.9, "9:16": 0.85}  # largest size of chips beside the vocabulary, in heroes
_ALONE, _LONE = 1.6, 3.0  # of chips alone, and of a single one alone
_CHIPS = {"16:9": 0.78, "1:1": 0.62, "9:16": 0.47}  # share of the stage's width, in a tall frame of its height


@dataclass(frozen=True)
class TokenPlaces:
    """Places of the chips while the vocabulary stands beside them, and while they are alone and larger."""

    slots: NDArray[np.int64]  # which tokens, -1 for those left out between two of them
    texts: ChipTexts
    beside: ChipLines
    alone: ChipLines
    gutter: float  # x of the free lane between chips and vocabulary
    vocabulary: Region
    from_right: bool  # whether ids leave the vocabulary at its right side
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
    stage, largest = frame.stage, _BESIDE[frame.name] * frame.hero
    lane = (len(str(trace.token_ids.max())) + 1) * ADVANCE * largest * ID_SIZE
    backward = right_to_left(trace.sentence)
    if frame.tall:
        chips, listed = stage.cut_top(_CHIPS[frame.name] * stage.height, frame.text)
        chips = Region(chips.left + lane, chips.bottom, chips.right - lane, chips.top)
        gutter = stage.right - lane / 2
    else:
        chips, listed = stage.cut_left(_CHIPS[frame.name] * stage.width - lane, lane)
        gutter = chips.right + lane / 2
    if backward:
        chips, listed, gutter = stage.mirrored(chips), stage.mirrored(listed), 2 * stage.center[0] - gutter

    def place(most: int) -> TokenPlaces | None:
        slots = shown_tokens(most)
        texts = ChipTexts.of(trace, slots)
        ids = [str(trace.token_ids[slot]) if slot >= 0 else "" for slot in slots.tolist()]
        beside = place_chips(texts, ids, chips, largest, frame.smallest_text / ID_SIZE, backward)
        if not beside:
            return None
        alone = _enlarged(
            beside, np.array(chip_widths(texts, ids)), stage, (_LONE if len(slots) == 1 else _ALONE) * frame.hero
        )
        return TokenPlaces(slots, texts, beside, alone, gutter, listed, frame.tall != backward, backward)

    return fit(place)


def _enlarged(lines: ChipLines, widths: Array, region: Region, largest: float) -> ChipLines:
    """Return the same lines in the middle of ``region``, as large as they fit with ids that are ``widths`` em wide."""
    under, over = (np.column_stack([widths / 2, np.full(len(widths), up)]) for up in (ID_DROP + ID_SIZE / 2, TALL / 2))
    low, high = (lines.centers - under * lines.size).min(axis=0), (lines.centers + over * lines.size).max(axis=0)
    growth = min(region.width / (high - low)[0], region.height / (high - low)[1], largest / lines.size)
    return ChipLines(lines.size * growth, (lines.centers - (low + high) / 2) * growth + region.center)
