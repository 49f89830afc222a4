"""Where queries, keys, their scores and one row of these stand in clip 6."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.content.focus import strongest_with_rest
from scenes.mobjects.token_chips import Standing
from scenes.places.chip_texts import TALL, THINNEST, ChipTexts, names_apart
from scenes.places.fitting import MOST_TOKENS, fit
from scenes.places.layout import Frame, Region
from scenes.places.matrix_places import MatrixPlaces, head_columns, place_matrix
from scenes.score_matrix_parts.row_panel import bars_in

_TOLD = 0.005  # share from which a token has a bar of its own where not all have one

Slots = NDArray[np.int64]


@dataclass(frozen=True)
class ScorePlaces:
    """What is shown, and where: the product of Q and Kᵀ, the matrix alone, and one of its rows beside or under it.

    ``slots`` and ``keys`` are the tokens that attend and those that are attended to, ``inner`` the columns of Q and
    rows of Kᵀ; -1 stands for what is left out.
    """

    slots: Slots
    keys: Slots
    inner: Slots
    texts: ChipTexts
    key_texts: ChipTexts
    chip_size: float
    standing: Standing  # of the keys' chips
    product: MatrixPlaces
    alone: MatrixPlaces
    panel: Region
    panel_alone: Region  # beside the matrix alone
    bars: Slots  # the keys that have one, a last -1 for all others

    @property
    def closest(self) -> float:
        """How close chips may stand, in em."""
        return max(self.texts.letters(), self.key_texts.letters(), 1.08)

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the matrix is left out."""
        return bool((self.slots >= 0).all() and (self.keys >= 0).all())

    def written(self, frame: Frame) -> Region:
        """Return where one score is written out while matrix and panel are empty."""
        if frame.tall:
            return self.panel.middle(self.panel.width - 1.6 * frame.text, self.panel.height)
        cells, gap = self.product.cells, frame.text * 0.35
        return Region(cells.left + gap, frame.stage.bottom, frame.stage.right, cells.top - gap)


def place_scores(
    trace: AttentionTrace,
    frame: Frame,
    followed: int,
    weights: NDArray[np.floating],
    shown: tuple[Callable[[int], Slots], Callable[[int], Slots]],
    corner: tuple[float, float],
) -> ScorePlaces:
    """Return places for as many tokens as can be read, or for all where some can be named and none is too thin.

    ``weights`` are those of the followed token, whose row has bars: for the keys that the matrix shows, or where these
    are all there are, for the largest. ``shown`` chooses the tokens that attend and those that are attended to;
    ``corner`` is the room for the axes' names. Chips of columns are smaller where that keeps them upright.
    """
    stage, gap = frame.stage, frame.text * 0.8
    if frame.tall:
        panel, matrix = stage.cut_bottom(0.45 * stage.height, gap)
    else:
        matrix, panel = stage.cut_left((0.7 if frame.wide else 0.645) * stage.width - gap, gap)
    inner = head_columns(trace.d_k)
    asked = weights if trace.source is None else np.zeros(len(trace))
    asking = np.where(np.arange(len(trace)) == followed, np.inf, asked)

    def stand(slots: Slots, keys: Slots, named: tuple[Slots, Slots], size: float, region: Region) -> ScorePlaces:
        longest = 9.0 if frame.wide else 5.0
        own = ChipTexts.of(trace, named[0], longest, followed)
        others = ChipTexts.of(trace.attended, named[1], longest, followed if trace.source is None else None)
        most = bars_in(panel, frame, size)
        if len(weights) > most and (keys >= 0).all():
            most = min(most, int((weights >= _TOLD).sum()) + 1)
        bars = strongest_with_rest(weights, most, keys)
        return _place((slots, keys, inner), (own, others), size, frame, region, panel, bars, corner)

    def place(most: int) -> ScorePlaces | None:
        slots, keys = (choose(most) for choose in shown)
        found = []
        for size, closest in ((frame.small_text * 1.05, 1.2), (frame.smallest_text, None)):
            places = stand(slots, keys, (slots, keys), size, matrix)
            told = places.bars[places.bars >= 0]
            same = np.array_equal(told, keys[keys >= 0]) or (keys >= 0).all()
            if same and min(_pitches(places)) >= (closest or places.closest) * size:
                found.append(places)
        return next((places for places in found if places.standing == "row"), found[0] if found else None)

    def whole() -> ScorePlaces | None:
        slots, keys = np.arange(len(trace)), np.arange(len(trace.attended))
        size = frame.smallest_text
        inside = Region(matrix.left, matrix.bottom + size / 2, matrix.right - size / 2, matrix.top)  # of the last chips
        places = stand(slots, keys, (slots, keys), size, inside)
        rows, columns = (math.ceil(places.closest * size / pitch) for pitch in _pitches(places))
        named = names_apart(asking, rows), names_apart(weights, columns)
        thin = min(places.product.cells.height / len(slots), places.product.cells.width / len(keys))
        return stand(slots, keys, named, size, inside) if thin >= THINNEST else None

    everything = place(MOST_TOKENS)
    return everything if everything and everything.is_whole else whole() or fit(place)


def _pitches(places: ScorePlaces) -> tuple[float, float]:
    """Return how far apart chips of neighbouring rows and of neighbouring columns are, where these may be too close."""
    cells = places.product.cells
    down, across = cells.height / len(places.slots), cells.width / len(places.keys)
    return down, across if places.standing == "row turned" else down


def _place(
    shown: tuple[Slots, Slots, Slots],
    texts: tuple[ChipTexts, ChipTexts],
    size: float,
    frame: Frame,
    matrix: Region,
    panel: Region,
    bars: Slots,
    corner: tuple[float, float],
) -> ScorePlaces:
    """Return where everything stands with chips of a ``size`` in em; keys' chips are turned where they have to be."""
    (slots, keys, inner), (own, others) = shown, texts
    shape, before, above = (len(slots), len(keys)), own.width() * size, others.width() * size
    thick, thin = (
        (0.55, 0.5) if frame.wide else (0.3 if frame.tall else 0.2, 0.28)
    )  # cells of Q and Kᵀ, in em of the captions
    factors = len(inner) * frame.text * thick, len(inner) * frame.text * thin
    largest = frame.text * 9.0, frame.text * 9.0
    freed = 0.0 if frame.wide or frame.tall else factors[0]  # by Q, for the bars
    wide = max(before, corner[0])
    turned = above > 0.96 * min(largest[0], (matrix.width - wide - factors[0]) / shape[1])
    names = wide, max(above if turned else TALL * size, corner[1])
    return ScorePlaces(
        *shown,
        *texts,
        size,
        "row turned" if turned else "row",
        place_matrix(matrix, shape, names, largest, factors),
        place_matrix(Region(matrix.left, matrix.bottom, matrix.right - freed, matrix.top), shape, names, largest),
        panel,
        Region(panel.left - freed, panel.bottom, panel.right, panel.top),
        bars,
    )
