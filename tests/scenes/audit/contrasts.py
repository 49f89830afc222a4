"""Whether what rests in one picture can be told from what is under it."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from scenes.look.theme import Rgb, contrast, mix
from scenes.mobjects.tensor import Tensor
from tests.scenes.audit.findings import Fault
from tests.scenes.audit.ink import Ink
from tests.scenes.audit.recording import VISIBLE, Picture, Recording

TEXT = 4.5
DIMMED_TEXT = 3.0
SHAPE = 1.4
CELL = 1.5
SMALL_WEIGHT = 0.02  # a cell of it can be told from an empty one

_PLAIN = 0.95  # opacity from which a text is not dimmed
_MANY = 8  # shapes of one size, of one mobject, are cells, which may hold nothing
_SAMPLES = np.array([[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.15], [0.5, 0.85]])  # of a box


def faint_text(picture: Picture, recording: Recording) -> Iterator[Fault]:
    """Find texts at rest that are too much like what they stand on."""
    for ink in picture.of("text").inks:
        if ink.color is None or id(ink) not in picture.resting:
            continue
        found = min(_contrast(ink, ink.halo, picture, recording))
        if found < (TEXT if ink.alpha >= _PLAIN else DIMMED_TEXT) - 0.05:
            yield Fault.of(found, ": 1", ink)


def faint_shape(picture: Picture, recording: Recording) -> Iterator[Fault]:
    """Find lines, arrowheads and bars at rest that are too much like what they stand on.

    Cells may hold nothing, and chips are known by their texts.
    """
    texts = picture.of("text")
    for kind in ("line", "shape"):
        for ink in picture.of(kind).inks:
            if ink.color is None or ink.edge or id(ink) not in picture.resting or isinstance(ink.owner, Tensor):
                continue
            if kind == "shape" and (_holds_text(ink, texts.boxes) or _is_cell(ink, picture)):
                continue
            found = min(_contrast(ink, None, picture, recording))
            if found < SHAPE - 0.02:
                yield Fault.of(found, ": 1", ink)


def faint_cells(picture: Picture, recording: Recording) -> Iterator[Fault]:  # noqa: ARG001
    """Find matrices whose strongest cell, or whose cell of a small weight, looks empty."""
    for drawn in picture.drawn:
        tensor = drawn.mobject
        if not isinstance(tensor, Tensor) or not drawn.inks or id(drawn.inks[0]) not in picture.resting:
            continue
        if float((drawn.values["opacity"][0] * drawn.values["shown"]).max()) < VISIBLE:
            continue
        values = tensor.values[np.isfinite(tensor.values)]
        empty: Rgb = _color(tensor, 0.0)
        strongest = float(np.abs(values).max()) if len(values) else 0.0
        probabilities = tensor.field.startswith(("weights", "mean(weights"))
        for value in {strongest, SMALL_WEIGHT} if probabilities else {strongest}:
            found = contrast(_color(tensor, value), empty)
            if value and found < CELL - 0.02:
                yield Fault(f"Tensor {tensor.field} at {value:.3g}", found, ": 1", drawn.inks[0].box)


def _color(tensor: Tensor, value: float) -> Rgb:
    red, green, blue = tensor.coloring(np.array([value]))[0].tolist()
    return red, green, blue


def _contrast(ink: Ink, halo: Rgb | None, picture: Picture, recording: Recording) -> Iterator[float]:
    assert ink.color is not None
    for ground in recording.grounds:
        for under in [halo] if halo else _under(ink, picture, ground):
            yield contrast(mix(under, ink.color, ink.alpha), under)


def _under(ink: Ink, picture: Picture, ground: Rgb) -> list[Rgb]:
    """Return the colours under some points of a text, line or shape."""
    shapes = picture.of("shape")
    points = _sampled(ink)
    low, high = points[:, None] > shapes.boxes[None, :, :2], points[:, None] < shapes.boxes[None, :, 2:]
    inside = (low & high).all(axis=-1) & (shapes.places < picture.place(ink))  # (points, shapes)
    found = set()
    for row in inside:
        color = ground
        for index in np.flatnonzero(row).tolist():
            shape = shapes.inks[index]
            if shape.color:
                color = mix(color, shape.color, shape.alpha)
        found.add(color)
    return list(found)


def _sampled(ink: Ink) -> NDArray[np.float64]:
    if ink.kind == "line":
        return ink.points[[len(ink.points) // 2]]
    low, high = np.array(ink.box[:2]), np.array(ink.box[2:])
    if ink.kind == "shape":
        return ((low + high) / 2)[None]
    result: NDArray[np.float64] = low + _SAMPLES * (high - low)
    return result


def _holds_text(shape: Ink, texts: NDArray[np.float64]) -> bool:
    left, top, right, bottom = shape.box
    x, y = texts[:, [0, 2]].mean(axis=1), texts[:, [1, 3]].mean(axis=1)
    return bool(((x > left) & (x < right) & (y > top) & (y < bottom)).any())


def _is_cell(shape: Ink, picture: Picture) -> bool:
    width, height = shape.box[2] - shape.box[0], shape.box[3] - shape.box[1]
    boxes = picture.shapes_of(shape.owner)
    same = (np.abs(boxes[:, 2] - boxes[:, 0] - width) < 0.5) & (np.abs(boxes[:, 3] - boxes[:, 1] - height) < 0.5)
    return int(same.sum()) >= _MANY
