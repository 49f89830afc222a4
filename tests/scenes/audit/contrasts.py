"""Whether what rests in one picture can be told from what is under it."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.look.theme import Colors, Rgb, contrast, luminance
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
_SAMPLES = np.array([[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.15], [0.5, 0.85]])  # of a box


def faint_text(picture: Picture, recording: Recording) -> Iterator[Fault]:
    """Find texts at rest that are too much like what they stand on."""
    texts = [ink for ink in picture.of("text").inks if ink.color and id(ink) in picture.resting]
    for ink, found in zip(texts, _contrasts(texts, picture, recording, np.min), strict=True):
        if found < (TEXT if ink.alpha >= _PLAIN else DIMMED_TEXT) - 0.05:
            yield Fault.of(found, ": 1", ink)


def faint_shape(picture: Picture, recording: Recording) -> Iterator[Fault]:
    """Find lines, arrowheads and bars at rest that are too much like what they stand on.

    Cells may hold nothing, and chips are known by their texts.
    """
    lines = [ink for ink in picture.of("line").inks if not ink.edge]
    cells = set().union(*(drawn.cells for drawn in picture.drawn))
    named = _hold_text(picture.of("shape").boxes, picture.of("text").boxes)
    shapes = [
        ink for ink, text in zip(picture.of("shape").inks, named, strict=True) if not text and id(ink) not in cells
    ]
    inks = [ink for ink in (*lines, *shapes) if ink.color and id(ink) in picture.resting]
    for ink, found in zip(inks, _contrasts(inks, picture, recording, np.median), strict=True):
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
        strongest = max(strongest, SMALL_WEIGHT) if probabilities else strongest
        for value in {strongest, SMALL_WEIGHT} if probabilities else {strongest}:
            found = contrast(_color(tensor, value), empty)
            if value and found < CELL - 0.02:
                yield Fault(f"Tensor {tensor.field} at {value:.3g}", found, ": 1", (drawn.inks[0].box,))


def _color(tensor: Tensor, value: float) -> Rgb:
    red, green, blue = tensor.coloring(np.array([value]))[0].tolist()
    return red, green, blue


def _contrasts(inks: list[Ink], picture: Picture, recording: Recording, over: Callable[..., Any]) -> list[float]:
    """Return the contrast of each ink ``over`` its sampled points, on the ground where it is least."""
    if not inks:
        return []
    points = np.array([_sampled(ink) for ink in inks])  # (inks, samples, 2)
    own = np.array([ink.color for ink in inks])[:, None]
    alphas = np.array([ink.alpha for ink in inks])[:, None, None]
    found = []
    for ground in recording.grounds:
        under = _under(points, np.array([picture.place(ink) for ink in inks]), picture, ground)
        for index, ink in enumerate(inks):
            under[index] = under[index] if ink.halo is None else ink.halo
        pair = np.sort([luminance(under), luminance(under + alphas * (own - under))], axis=0)
        found.append(over((pair[1] + 0.05) / (pair[0] + 0.05), axis=1))
    result: list[float] = np.min(found, axis=0).tolist()
    return result


def _under(points: NDArray[np.float64], places: NDArray[np.int64], picture: Picture, ground: Rgb) -> Colors:
    """Return the colours at ``points`` (n, samples, 2) of all shapes that come before ``places`` (n,)."""
    shapes = picture.of("shape")
    colors = np.full((*points.shape[:2], 3), ground, dtype=float)
    left, top, right, bottom = shapes.boxes.T[:, :, None]
    (x, y), (far_x, far_y) = points.min(axis=1).T, points.max(axis=1).T
    near = (far_x > left) & (x < right) & (far_y > top) & (y < bottom) & (shapes.places[:, None] < places)
    for index in np.flatnonzero(near.any(axis=1)).tolist():
        shape = shapes.inks[index]
        if shape.color:
            inks = np.flatnonzero(near[index])
            low, high = shapes.boxes[index, :2], shapes.boxes[index, 2:]
            inside = ((points[inks] > low) & (points[inks] < high)).all(axis=2)
            under = colors[inks]
            under[inside] += shape.alpha * (np.array(shape.color) - under[inside])
            colors[inks] = under
    return colors


def _sampled(ink: Ink) -> NDArray[np.float64]:
    if ink.kind == "line":
        bends = (np.array([0.1, 0.3, 0.5, 0.7, 0.9]) * (len(ink.points) - 1)).astype(int)
        middles: NDArray[np.float64] = (ink.points[bends] + ink.points[bends + 1]) / 2
        return middles
    low, high = np.array(ink.box[:2]), np.array(ink.box[2:])
    if ink.kind == "shape":
        return np.tile((low + high) / 2, (len(_SAMPLES), 1))
    result: NDArray[np.float64] = low + _SAMPLES * (high - low)
    return result


def _hold_text(shapes: NDArray[np.float64], texts: NDArray[np.float64]) -> list[bool]:
    """Return whether the middle of a text is in each of some shapes; boxes (n, 4) and (m, 4)."""
    left, top, right, bottom = shapes.T[:, :, None]
    x, y = texts[:, [0, 2]].mean(axis=1), texts[:, [1, 3]].mean(axis=1)
    held: list[bool] = ((x > left) & (x < right) & (y > top) & (y < bottom)).any(axis=1).tolist()
    return held
