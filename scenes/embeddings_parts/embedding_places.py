"""Where the clip about embeddings stands its table, vectors, matrix and map."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.drawing.outlines import ADVANCE
from scenes.mobjects.label import LINE
from scenes.places.chip_texts import ChipTexts
from scenes.places.fitting import fit
from scenes.places.layout import Frame, Region, visible_slots
from scenes.places.matrix_places import MatrixPlaces, place_matrix

MOST_PICKED = 4  # rows of the table that are shown, apart from the ellipses between them


@dataclass(frozen=True)
class VectorPlaces:
    """Regions of the embedding table and of one token's vectors beside or under it."""

    table: Region  # its cells and the name over them
    picked: int  # rows of the table that have room
    cell: tuple[float, float]  # the largest cell of the table
    chip: tuple[float, float]  # left edge and middle of the token's chip
    strips: tuple[Region, ...]  # cells of the vectors, with room for a name over each


@dataclass(frozen=True)
class ResultPlaces:
    """Regions of X and of the map beside or under it, and which tokens are rows of X."""

    slots: NDArray[np.int64]
    chip_size: float  # of the rows' names, in em, scene units
    x: MatrixPlaces
    name: tuple[float, float]  # middle of X's name
    map: Region
    note: Region  # under the map


def place_vectors(trace: AttentionTrace, frame: Frame, region: Region, columns: int, strips: int) -> VectorPlaces:
    """Return where the table and ``strips`` vectors of ``columns`` cells stand in ``region``."""
    text, small = frame.text, frame.small_text
    name = LINE * 1.15 * small
    if frame.wide:
        table, vectors = region.cut_left(0.42 * region.width, text)
    else:
        table, vectors = region.cut_top(0.42 * region.height, text * 0.5)
    _, table = table.cut_left(ADVANCE * small * len(str(trace.token_ids.max())) + text * 0.4)
    lowest = frame.smallest_number * 2
    picked = int(np.clip((table.height - name) / lowest, 3, 2 * MOST_PICKED + 1) - 1) // 2
    header = text * 1.9
    pitch = min((vectors.height - header) / strips, name + text * 2.6)
    width = min(vectors.width, columns * text * 3.2)
    vectors = vectors.middle(width, header + strips * pitch)
    height = min(pitch - name - 0.15 * text, text * 1.8)
    tops = [vectors.top - header - index * pitch - name for index in range(strips)]
    return VectorPlaces(
        table=table,
        picked=picked,
        cell=(text * 2.5, text * 1.5),
        chip=(vectors.left, vectors.top - header * 0.45),
        strips=tuple(Region(vectors.left, top - height, vectors.right, top) for top in tops),
    )


def place_result(trace: AttentionTrace, frame: Frame, columns: int) -> ResultPlaces:
    """Return where X and the map stand, with as many rows of X as can be named."""
    text = frame.text
    if frame.wide:
        left, right = frame.stage.cut_left(0.39 * frame.stage.width, text)
    else:
        left, right = frame.stage.cut_top(0.35 * frame.stage.height, text * 0.3)
    note, plane = right.cut_bottom(frame.small_text * LINE * 1.1, text * 0.2)
    foot = text * 1.5

    def place(most: int) -> ResultPlaces | None:
        slots = visible_slots(len(trace), most)
        texts = ChipTexts.of(trace, slots)
        for size in (frame.small_text, frame.smallest_text):
            room = left.cut_bottom(foot)[1]
            x = place_matrix(room, (len(slots), columns), (texts.width() * size, 0.0), (text * 2.6, text * 1.6))
            name = x.cells.center[0], x.cells.bottom - foot * 0.55
            readable = 0.0 if frame.wide else frame.smallest_number * 2  # few rows with numbers say more there
            if x.cells.height / len(slots) >= max(max(texts.pitch(), 1.15) * size, readable):
                return ResultPlaces(slots, size, x, name, plane, note)
        return None

    return fit(place)
