"""Two tensors side by side, as a line of the code multiplies them."""

from typing import NamedTuple

from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.look.fonts import MONO
from scenes.look.theme import Theme
from scenes.mobjects.label import Label
from scenes.mobjects.tensor import Tensor
from scenes.places.fitting import first_fit, sizes
from scenes.places.layout import Frame, Region
from scenes.pytorch_code_parts.code_variables import Shown
from scenes.pytorch_code_parts.shape_label import ShapeLabel

_SIGN = 1.7  # room for the sign between the two, in em of text
_SQUARE = 1.9  # side of a cell at most, in em of text


class Factor(NamedTuple):
    """What is multiplied: what is shown of it, the tensor, and its shape, with all rows and columns."""

    shown: Shown
    tensor: Tensor
    shape: tuple[int, ...]


def stand_product(
    factors: tuple[Factor, Factor],
    cells: Region,
    side: Region,
    titles: tuple[Region, ...],
    frame: Frame,
    theme: Theme,
) -> list[DrawnMobject]:
    """Stand the rows of the left tensor where those of the result will be, and the right one beside them.

    Return the sign between them, and over each its name and its shape, as far as there is room.

    Parameters
    ----------
    factors
        The left one and the right one.
    cells, side
        Where the cells of the result stand, and what is free around them.
    titles
        Where the name and the shape of what is below stand, under each other or on one line.
    frame, theme
        Give sizes and colours.
    """
    left, right = (factor.tensor for factor in factors)
    sign, text = _SIGN * frame.text, frame.text
    pitch = min((cells.width - sign) / (left.shape[1] + right.shape[1]), _SQUARE * text)
    left.points = cells.cut_left(pitch * left.shape[1])[0].corners
    beyond = cells.left + pitch * left.shape[1] + sign
    row = cells.height / left.shape[0] if factors[0].shown.square else 1.5 * pitch
    tall = min(row * right.shape[0], side.height)
    bottom = min(max(cells.center[1] - tall / 2, side.bottom), side.top - tall)
    right.points = Region(beyond, bottom, beyond + pitch * right.shape[1], bottom + tall).corners
    middle = beyond - sign / 2
    at = Label("@", theme.text, text, MONO).move_to((middle, cells.center[1], 0))
    said: list[DrawnMobject] = [at]
    for factor, ends in zip(factors, ((side.left, middle), (middle, side.right)), strict=True):
        center = factor.tensor.region().center[0]
        room = 2 * min(center - ends[0], ends[1] - center) - 0.4 * text
        said += _heading(factor, (center, room), titles, frame, theme)
    return said


def _heading(
    factor: Factor, across: tuple[float, float], titles: tuple[Region, ...], frame: Frame, theme: Theme
) -> list[Label]:
    """Return a tensor's name in the code and, as far as there is room, its shape, around a middle ``across``."""
    (center, room), (above, middle, _), (shown, tensor, counts) = across, titles, factor
    stacked = above.bottom >= middle.top - 1e-6

    def place(size: float, *, shaped: bool) -> list[Label] | None:
        name = Label(shown.symbol, theme.ink(shown.color), size, MONO)
        shape = [ShapeLabel(tensor.field, counts, theme.text, min(size, frame.small_text))] if shaped else []
        parts = [name, *shape]
        if stacked:
            for part, region in zip(parts, titles, strict=False):
                part.move_to((center, region.center[1], 0))
            return parts if max(part.width for part in parts) <= room else None
        wide = sum(part.width for part in parts) + 0.5 * size * len(shape)
        left = center - wide / 2
        for part in parts:
            part.move_to((left + part.width / 2, above.center[1], 0))
            left += part.width + 0.5 * size
        return parts if wide <= room else None

    steps = list(sizes(frame.text, frame.smallest_text))
    found = first_fit(lambda size: place(size, shaped=True), steps)
    return found or first_fit(lambda size: place(size, shaped=False), steps) or []
