"""Where the clip about embeddings stands its chips, its table, one token's vectors, and X."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.drawing.outlines import ADVANCE
from scenes.mobjects.label import LINE
from scenes.places.chip_lines import ID_DROP, ID_SIZE
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.fitting import fit
from scenes.places.layout import Frame, Region
from scenes.places.matrix_places import MatrixPlaces, place_matrix

LONGEST_CHIP = 6.0  # in em


@dataclass(frozen=True)
class EmbeddingPlaces:
    """X with the chips in a column at its left, and its name under it."""

    slots: NDArray[np.int64]  # which tokens are rows of X
    texts: ChipTexts
    chip_size: float  # in em, scene units
    x: MatrixPlaces
    name: tuple[float, float]  # middle of X's name


def place_embeddings(
    trace: AttentionTrace,
    frame: Frame,
    followed: int,
    columns: int,
    shown_tokens: Callable[[int], NDArray[np.int64]],
) -> EmbeddingPlaces:
    """Return where all stands, with as many tokens as can be named."""
    stage, foot = frame.stage, frame.text * 1.9
    gap = frame.text * 0.5

    def place(most: int) -> EmbeddingPlaces | None:
        slots = shown_tokens(most)
        texts = ChipTexts.of(trace, slots, LONGEST_CHIP, followed=followed)
        for size in (frame.text, frame.small_text, frame.smallest_text):
            room = stage.cut_bottom(foot)[1]
            largest = room.width, frame.text * (2.6 if frame.tall else 1.9)
            x = place_matrix(room, (len(slots), columns), (texts.width() * size, 0.0), largest, gap=gap)
            if x.cells.height / len(slots) < max(texts.pitch(), 1.2) * size:
                continue
            name = x.cells.center[0], x.cells.bottom - foot * 0.5
            return EmbeddingPlaces(slots, texts, size, x, name)
        return None

    return fit(place)


@dataclass(frozen=True)
class RowPlaces:
    """The chip of the token that is followed at the upper left, beside it the table, and under it the token's row."""

    own: tuple[float, float]  # middle of the chip
    own_id: tuple[float, float]  # middle of its id
    table: Region  # right of the ids of the table's rows
    ids: float  # where these end
    band: Region  # under the chip, for the row as colours
    vectors: Region  # under the chip, for its vectors
    row: Region  # under the band


def place_one_row(trace: AttentionTrace, frame: Frame, followed: int) -> RowPlaces:
    """Return where all stands while one token's row is talked about."""
    stage = frame.stage
    digits, gap = len(str(trace.token_ids.max())), frame.text * 0.5
    own = ChipTexts.of(trace, np.array([followed]), LONGEST_CHIP).width() * frame.hero
    head = TALL * frame.hero
    middle = stage.left + max(own, ADVANCE * ID_SIZE * frame.hero * digits) / 2
    ids = middle + ADVANCE * (ID_SIZE * frame.hero / 2 + frame.small_text) * digits + gap
    table = Region(ids + gap, stage.bottom, stage.right, stage.top)
    vectors = stage.cut_top(head, gap)[1]
    band, row = vectors.cut_top(frame.hero * (2.4 if frame.tall else 1.4), gap)
    y = stage.top - head / 2
    id_place = middle, y - ID_DROP * frame.hero
    return RowPlaces((middle, y), id_place, table, ids, band, vectors, row)


@dataclass(frozen=True)
class VectorPlaces:
    """Places of one token's vectors under each other, a name over each."""

    strips: tuple[Region, ...]  # their cells
    more: float  # left edge of what says how many numbers are hidden
    beside: bool  # whether that stands beside the cells, or over them


def place_vectors(frame: Frame, region: Region, columns: int, strips: int, more: float) -> VectorPlaces:
    """Return where ``strips`` vectors stand, of which ``columns`` cells are seen and ``more`` units say what is not."""
    name = LINE * 1.1 * frame.text
    beside = frame.wide
    gap = 0.4 * frame.text
    width = region.width - (2 * (more + gap) if beside else 0.0)
    height = min(region.height / strips - name - 0.5 * frame.text, width / columns * (1.2 if frame.tall else 0.9))
    pitch = height + name + 0.5 * frame.text
    block = region.middle(width, pitch * strips)
    tops = [block.top - index * pitch - name for index in range(strips)]
    cells = tuple(Region(block.left, top - height, block.right, top) for top in tops)
    return VectorPlaces(cells, block.right + gap if beside else block.right - more, beside)
