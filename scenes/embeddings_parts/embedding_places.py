"""Where the clip about embeddings stands its chips, its table, one token's vectors, and X."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.drawing.outlines import ADVANCE
from scenes.mobjects.label import LINE
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
    """The table with the token's chip beside it, then the token's row as colours, and the numbers under it."""

    own: tuple[float, float]  # middle of the chip; beside the table, its height is that of the row
    beside: bool  # whether it stands left of the ids of the table's rows, not over them
    table: Region  # right of the ids of the table's rows
    ids: float  # where these end
    band: Region  # for the row as colours
    vectors: Region  # for its vectors
    row: Region  # under the band


def place_one_row(trace: AttentionTrace, frame: Frame, followed: int) -> RowPlaces:
    """Return where all stands while one token's row is talked about."""
    stage = frame.stage
    digits, gap = len(str(trace.token_ids.max())), frame.text * 0.5
    head, id_width = TALL * frame.hero, ADVANCE * frame.text * digits
    own = max(ChipTexts.of(trace, np.array([followed]), LONGEST_CHIP).width() * frame.hero, id_width)
    beside = frame.wide
    middle = stage.left + own / 2
    ids = stage.left + id_width + (own + 1.5 * gap if beside else 0.0)
    below = stage if beside else stage.cut_top(head, gap)[1]
    table = Region(ids + gap, below.bottom, stage.right, below.top)
    vectors = stage.cut_top(head, 2 * gap)[1]
    band_height = frame.hero * (2.4 if frame.tall else 1.4)
    band, row = vectors.cut_top(band_height, gap)
    if beside:
        band, row = stage.cut_top(gap)[1].cut_top(head, gap)
        band = band.cut_left(own, 2 * gap)[1].middle(stage.width, band_height)
    return RowPlaces(
        (middle, band.center[1] if beside else stage.top - head / 2), beside, table, ids, band, vectors, row
    )


def place_vectors(frame: Frame, region: Region, columns: int, strips: int, rests: Sequence[float]) -> list[Region]:
    """Return where the cells of ``strips`` vectors stand under each other, a name over each.

    ``columns`` cells are seen; ``rests`` are the widths of what says how many are hidden, in wide frames at both sides.
    """
    name = LINE * 1.1 * frame.text
    aside = [rest + 0.4 * frame.text if rest else 0.0 for rest in rests] if frame.wide else [0.0, 0.0]
    width = region.width - 2 * max(aside)
    height = min(region.height / strips - name - 0.5 * frame.text, width / columns * (1.2 if frame.tall else 0.9))
    pitch = height + name + 0.5 * frame.text
    block = region.middle(width, pitch * strips)
    tops = [block.top - index * pitch - name for index in range(strips)]
    return [Region(block.left, top - height, block.right, top) for top in tops]
