"""Where the clip about embeddings stands its chips, its table, one token's vectors, and X."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.drawing.outlines import ADVANCE
from scenes.mobjects.label import LINE
from scenes.places.chip_texts import ChipTexts
from scenes.places.fitting import fit
from scenes.places.layout import Frame, Region
from scenes.places.matrix_places import MatrixPlaces, place_matrix

_LONGEST_CHIP = 6.0  # in em


@dataclass(frozen=True)
class EmbeddingPlaces:
    """Chips in a column at the left, and right of it, one after the other: table, vectors, and X."""

    slots: NDArray[np.int64]  # which tokens are rows of X
    texts: ChipTexts
    chip_size: float  # in em, scene units
    x: MatrixPlaces
    name: tuple[float, float]  # middle of X's name
    body: Region  # right of the chips
    id_left: float  # where an id begins that has not found its row yet
    id_right: float  # where the ids of the table's rows end


def place_embeddings(
    trace: AttentionTrace,
    frame: Frame,
    followed: int,
    columns: int,
    shown_tokens: Callable[[int], NDArray[np.int64]],
) -> EmbeddingPlaces:
    """Return where all stands, with as many tokens as can be named."""
    stage, foot = frame.stage, frame.text * 1.9
    numbers = ADVANCE * frame.small_text * len(str(trace.token_ids.max()))
    gap = frame.text * 0.5

    def place(most: int) -> EmbeddingPlaces | None:
        slots = shown_tokens(most)
        texts = ChipTexts.of(trace, slots, _LONGEST_CHIP, followed=followed)
        for size in (frame.text, frame.small_text, frame.smallest_text):
            room = stage.cut_bottom(foot)[1]
            largest = room.width, frame.text * (2.6 if frame.tall else 1.9)
            x = place_matrix(room, (len(slots), columns), (texts.width() * size, 0.0), largest, gap=gap)
            if x.cells.height / len(slots) < max(texts.pitch(), 1.2) * size:
                continue
            name = x.cells.center[0], x.cells.bottom - foot * 0.5
            id_right = x.cells.left + 2 * (numbers + gap)
            body = Region(x.cells.left, stage.bottom, x.cells.right, stage.top)
            return EmbeddingPlaces(slots, texts, size, x, name, body, x.cells.left, id_right)
        return None

    return fit(place)


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
    room = region.width - (2 * (more + gap) if beside else 0.0)
    width = min(room, columns * frame.text * 5.2)
    pitch = min(region.height / strips, name + frame.text * 4.6)
    height = min(pitch - name - 0.25 * frame.text, width / columns * 0.62)
    pitch = height + name + 0.5 * frame.text
    block = region.middle(width, pitch * strips)
    tops = [block.top - index * pitch - name for index in range(strips)]
    cells = tuple(Region(block.left, top - height, block.right, top) for top in tops)
    return VectorPlaces(cells, block.right + gap if beside else block.right - more, beside)
