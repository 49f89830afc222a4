"""Where the clip about all heads stands their grid, and later one head with what it does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.mobjects.token_chips import Standing
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.fitting import fit
from scenes.places.head_places import HeadGrid, grid_of_all, grid_of_layer
from scenes.places.layout import Frame, Region
from scenes.places.matrix_places import MatrixPlaces, place_matrix

Tokens = tuple[Callable[[int], NDArray[np.int64]], int]

_SMALLEST, _LARGEST = 0.3, 3.6  # side of a little matrix, in scene units
_LARGEST_CELL = 0.6  # of one, so that a head of few tokens can still come to the front


@dataclass(frozen=True)
class NamedMatrix:
    """Where a matrix of tokens by tokens stands, and the chips that name its rows and columns."""

    slots: NDArray[np.int64]  # which tokens, -1 for an ellipsis
    texts: ChipTexts
    size: float  # of the chips' text, in em, scene units
    standing: Standing  # of the names of columns
    places: MatrixPlaces

    @property
    def fits(self) -> bool:
        """Whether no chip touches the next one."""
        cells = self.places.cells
        across = cells.width if self.standing == "row turned" else cells.height
        return min(cells.height, across) / len(self.slots) >= max(self.texts.letters(), 1.05) * self.size


@dataclass(frozen=True)
class FrontPlaces:
    """Regions of one head's matrix, of the other heads beside it, of its name, and of its shares with their names."""

    matrix: NamedMatrix
    others: Region
    title: Region
    share_names: Region
    shares: Region  # two lines above it are for the names of its columns


def arrange_heads(captions: Sequence[Sequence[str]], layer: int, tokens: int, frame: Frame, region: Region) -> HeadGrid:
    """Return the grid of all heads, in em of the frame's smallest text; of one layer's where all would be too small.

    Captions are left out where that lets all heads be seen.

    Parameters
    ----------
    captions
        What each head of each layer does.
    layer
        Which one is shown, if it is one.
    tokens
        How many rows a matrix has.
    frame
        Gives the size of text.
    region
        Where the grid will stand.
    """
    em = frame.smallest_text
    largest = min(_LARGEST, _LARGEST_CELL * tokens) / em
    room = region.width / em, region.height / em
    layers, heads = len(captions), len(captions[0])
    for written in (captions, ()):
        grids = [grid_of_all(layers, heads, written, turned=turned).fitted(*room) for turned in (False, True)]
        best = max(grids, key=lambda grid: grid.side)
        if best.side * em >= _SMALLEST:
            return best.limited(largest)
    columns = [grid_of_layer(layer, captions[layer], count).fitted(*room) for count in range(1, heads + 1)]
    return max(columns, key=lambda grid: grid.side).limited(largest)


def place_front(
    trace: AttentionTrace,
    frame: Frame,
    tokens: Tokens,
    names: tuple[float, float],
    rows: int,
    others: tuple[float, float],
) -> FrontPlaces:
    """Return where one head stands with its tokens and its shares, and beside it all heads.

    Parameters
    ----------
    trace
        Gives the tokens.
    frame
        Its stage is filled.
    tokens
        Which of them are shown in at most so many places, and the one that is followed.
    names
        Width of the longest name of a share, and of the longest word above the table of shares, in scene units.
    rows
        How many shares there are, each with two numbers.
    others
        Width and height of all heads, whose ratio is kept; a height of 0 if they are not shown.
    """
    text, small, stage = frame.text, frame.small_text, frame.stage
    tall = frame.height > frame.width
    row, title, gap = small * (1.3 if tall else 1.8), text * (1.3 if tall else 1.6), text * 0.3
    header = frame.smallest_text * 2.7
    narrowest = max(small * 3.4, names[1] + small * 0.4)
    height = title + header + rows * row
    if tall:
        below, whole = stage.cut_bottom(height, text * 0.6)
        table, beside = below.cut_left(names[0] + gap + 2 * narrowest if others[1] else below.width, text * 1.2)
    else:
        side, whole = stage.cut_left(max(names[0] + gap + 2 * narrowest, 0.3 * stage.width), text * 1.2)
        above = min(side.width * others[1] / others[0], stage.height - height - text)
        beside, table = side.middle(side.width, above + text + height).cut_top(above, text)
    cell = min((table.width - names[0] - gap) / 2, small * 5)
    table = table.middle(names[0] + gap + 2 * cell, table.height)
    shares = Region(table.right - 2 * cell, table.bottom, table.right, table.bottom + rows * row)
    share_names = Region(table.left, shares.bottom, table.left + names[0], shares.top)
    top = table.cut_top(title)[0]
    return FrontPlaces(_fit_matrix(trace, frame, tokens, whole), beside, top, share_names, shares)


def _fit_matrix(trace: AttentionTrace, frame: Frame, tokens: Tokens, region: Region) -> NamedMatrix:
    """Return the largest chips that fit, with as many tokens as can be named."""
    shown, followed = tokens

    def place(most: int) -> NamedMatrix | None:
        slots = shown(most)
        texts = ChipTexts.of(trace, slots, 9.0 if frame.wide else 6.0, followed)
        sizes = (frame.small_text * 1.1, frame.small_text, frame.smallest_text)
        found = (_place_matrix(texts, frame, region, size) for size in sizes)
        return next((matrix for matrix in found if matrix.fits), None)

    return fit(place)


def _place_matrix(texts: ChipTexts, frame: Frame, region: Region, size: float) -> NamedMatrix:
    slots = texts.tokens
    across = texts.width() * size
    largest = frame.text * 3.0, frame.text * 2.2
    turned = across > 0.96 * min(largest[0], (region.width - across) / len(slots))
    names = across, across if turned else TALL * size
    places = place_matrix(region, (len(slots), len(slots)), names, largest)
    return NamedMatrix(slots, texts, size, "row turned" if turned else "row", places)
