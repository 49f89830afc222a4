"""What can be seen in one picture: too small, outside of the frame, or over something else."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from scenes.drawing.outlines import CAP_HEIGHT
from scenes.mobjects.formula import Formula
from scenes.mobjects.formula_terms import FormulaTerms
from scenes.mobjects.label import Caption
from scenes.mobjects.logo import Logo
from tests.scenes.audit.findings import Fault
from tests.scenes.audit.ink import Ink
from tests.scenes.audit.recording import Picture, Recording

SMALLEST = 0.02  # cap height, as a share of the frame's shorter side
SMALLEST_ON_PHONES = 0.024  # in 9:16
SMALLEST_CAPTION = 0.028
SLACK = 1.0  # pixels at 480p
OPAQUE = 0.85  # opacity from which a shape hides what is under it

_BOTH = 1.2  # opacity that two things have together at most while one turns into the other
_MATHS = 0.683  # New Computer Modern: height of capitals, in em


def small_text(picture: Picture, recording: Recording) -> Iterator[Fault]:
    """Find texts whose capitals are too low."""
    phone = recording.size[0] < recording.size[1]
    for ink in picture.of("text").inks:
        least = SMALLEST_ON_PHONES if phone else SMALLEST
        least = SMALLEST_CAPTION if _is_caption(ink, picture, recording) else least
        height = ink.size * _cap_height(ink) / recording.short
        if height < least - 0.0002:
            yield Fault.of(100 * height, "% of the shorter side", ink)


def outside(picture: Picture, recording: Recording) -> Iterator[Fault]:
    """Find what leaves the safe area."""
    left, top, right, bottom = recording.safe
    for kind in ("text", "line", "shape"):
        inks = picture.of(kind)
        boxes = inks.boxes
        if not len(inks):
            continue
        out = np.max([left - boxes[:, 0], top - boxes[:, 1], boxes[:, 2] - right, boxes[:, 3] - bottom], axis=0)
        for index in np.flatnonzero(out > SLACK).tolist():
            yield Fault.of(float(out[index]), "px", inks.inks[index])


def text_cut(picture: Picture, recording: Recording) -> Iterator[Fault]:  # noqa: ARG001
    """Find texts through which the edge of a window goes, as that of the part of the stage that a camera looks at."""
    for ink in picture.of("text").inks:
        if ink.cut > SLACK:
            yield Fault.of(ink.cut, "px", ink)


def texts_overlap(picture: Picture, recording: Recording) -> Iterator[Fault]:  # noqa: ARG001
    """Find texts that touch each other.

    A text may leave its twin, as a number does that flies out of a table, and turn into another one in its place.
    """
    texts = picture.of("text")
    shared = np.triu(_shared(texts.boxes, texts.boxes), k=1)
    for first, second in np.argwhere(shared > SLACK).tolist():
        under, above = texts.inks[first], texts.inks[second]
        if under.text != above.text and not _turns_into(picture, under, above):
            yield Fault.of(float(shared[first, second]), "px", under, above)


def text_on_shape(picture: Picture, recording: Recording) -> Iterator[Fault]:
    """Find texts that stand across the edge of a cell, a bar, a chip or another shape.

    A shape in which all of a text stands is its own, and so is one that it sets out from or ends in.
    """
    for text, shape, shared in _meetings(picture):
        if picture.place(shape) < picture.place(text):
            own = _plate_between(picture, shape, text) or recording.homes.holds(picture, text, shape)
            if not own:
                yield Fault.of(shared, "px", text, shape)


def text_covered(picture: Picture, recording: Recording) -> Iterator[Fault]:
    """Find texts of which a shape covers a part; one that is covered as a whole is not seen, or fades."""
    for text, shape, shared in _meetings(picture):
        if picture.place(shape) > picture.place(text) and not recording.homes.holds(picture, text, shape):
            yield Fault.of(shared, "px", text, shape)


def line_over_text(picture: Picture, recording: Recording) -> Iterator[Fault]:  # noqa: ARG001
    """Find lines that cross a text and are not hidden by what it stands on."""
    texts, lines = picture.of("text"), picture.of("line")
    reach = np.array([[ink.size / 2 for ink in lines.inks]])
    near = _shared(texts.boxes, lines.boxes) > SLACK - reach
    for text, line in np.argwhere(near).tolist():
        crossed, line_ink = texts.inks[text], lines.inks[line]
        if not line_ink.edge and _crosses(line_ink, crossed) and not _plate_between(picture, line_ink, crossed):
            yield Fault.of(line_ink.size, "px", line_ink, crossed)


def logo_met(picture: Picture, recording: Recording) -> Iterator[Fault]:
    """Find what touches the logo."""
    region = recording.scene.frame.logo
    if region is None:
        return
    box = np.array([recording.box(region)])
    for kind in ("text", "line", "shape"):
        inks = picture.of(kind)
        shared = _shared(box, inks.boxes)[0]
        for index in np.flatnonzero(shared > SLACK).tolist():
            if not isinstance(inks.inks[index].owner, Logo):
                yield Fault.of(float(shared[index]), "px", inks.inks[index])


def _turns_into(picture: Picture, under: Ink, above: Ink) -> bool:
    """Whether a text fades away just where another one appears."""
    left = under.alpha
    for ink in picture.inks[picture.place(under) + 1 : picture.place(above)]:
        if ink.kind == "shape" and _contains(ink, under):
            left *= 1 - ink.alpha
    return _concentric(under, above) and left + above.alpha < _BOTH


def _in_place_of(shape: Ink, text: Ink) -> bool:
    """Whether a dot becomes a name, or a name a dot: one fades while the other appears."""
    return _concentric(shape, text) and shape.alpha + text.alpha < _BOTH


def _concentric(one: Ink, other: Ink) -> bool:
    return bool(np.abs(one.centre - other.centre).max() <= 2 * SLACK)


def _is_caption(ink: Ink, picture: Picture, recording: Recording) -> bool:
    """Whether a text is a caption's, and none of its subscripts."""
    if not isinstance(ink.owner, Caption) or not recording.is_in(ink, recording.scene.frame.caption):
        return False
    return ink.size >= max(each.size for each in picture.by_mobject[ink.owner].kinds["text"])


def _cap_height(ink: Ink) -> float:
    return _MATHS if isinstance(ink.owner, Formula | FormulaTerms) else CAP_HEIGHT


def _meetings(picture: Picture) -> list[tuple[Ink, Ink, float]]:
    """Return each text with the shapes that it is partly on or under, and by how many pixels."""
    if picture.meetings is None:
        texts, shapes = picture.of("text"), picture.of("shape")
        shared = _shared(texts.boxes, shapes.boxes)
        picture.meetings = [
            (texts.inks[text], shapes.inks[shape], float(shared[text, shape]))
            for text, shape in np.argwhere(shared > SLACK).tolist()
            if not _contains(shapes.inks[shape], texts.inks[text])
            and not _in_place_of(shapes.inks[shape], texts.inks[text])
            and _touches(shapes.inks[shape], texts.inks[text])
        ]
    return picture.meetings


def _shared(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return by how many pixels each of some boxes (n, 4) reaches into each of others (m, 4), (n, m)."""
    across, down = (
        np.minimum.outer(one[:, axis + 2], other[:, axis + 2]) - np.maximum.outer(one[:, axis], other[:, axis])
        for axis in (0, 1)
    )
    result: NDArray[np.float64] = np.minimum(across, down)
    return result


def _contains(outer: Ink, inner: Ink) -> bool:
    """Whether one box stands in another."""
    left, top, right, bottom = inner.box
    room = outer.box[0] - SLACK, outer.box[1] - SLACK, outer.box[2] + SLACK, outer.box[3] + SLACK
    return left >= room[0] and top >= room[1] and right <= room[2] and bottom <= room[3]


def _touches(shape: Ink, text: Ink) -> bool:
    """Whether a shape enters a text's box: some are round, or stand aslant in their boxes."""
    return (len(shape.points) <= 5 and _upright(shape)) or _crosses(shape, text) or _inside(text.centre, shape)


def _upright(shape: Ink) -> bool:
    steps = np.abs(np.diff(shape.points, axis=0))
    return bool((steps.min(axis=1) < 0.5).all())


def _crosses(line: Ink, text: Ink) -> bool:
    """Whether a line's stroke, or a shape's outline, enters a text's box."""
    half = line.size / 2
    low, high = np.array(text.box[:2]) + SLACK - half, np.array(text.box[2:]) - SLACK + half
    if (low >= high).any():
        return False
    start, step = line.points[:-1], np.diff(line.points, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        near, far = (low - start) / step, (high - start) / step
    beside = (step == 0) & ((start < low) | (start > high))
    first = np.where(step == 0, 0.0, np.minimum(near, far)).max(axis=1)
    last = np.where(step == 0, 1.0, np.maximum(near, far)).min(axis=1)
    entered = (np.maximum(first, 0) <= np.minimum(last, 1)) & ~beside.any(axis=1)
    return bool(entered.any())


def _inside(point: NDArray[np.float64], shape: Ink) -> bool:
    """Whether a point is in a shape, by how often a ray from it meets the outline."""
    start, end = shape.points, np.roll(shape.points, -1, axis=0)
    spans = (start[:, 1] > point[1]) != (end[:, 1] > point[1])
    rise = np.where(spans, end[:, 1] - start[:, 1], 1.0)
    meets = start[:, 0] + (point[1] - start[:, 1]) * (end[:, 0] - start[:, 0]) / rise
    return bool((spans & (meets > point[0])).sum() % 2)


def _plate_between(picture: Picture, under: Ink, text: Ink) -> bool:
    """Whether an opaque shape, such as a chip, holds all of a text and hides what is under it."""
    first, last = picture.place(under) + 1, picture.place(text)
    between = picture.inks[first:last]
    return any(ink.kind == "shape" and ink.alpha >= OPAQUE and _contains(ink, text) for ink in reversed(between))
