"""Where the tensors of attention stand on one page: from left to right, or in bands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from scenes.places.layout import Frame, Region

Point = tuple[float, float]

MAPS = ("x", "w_query", "w_key", "w_value", "queries", "keys", "values", "scores", "weights", "output", "met")
TRAINED, MADE = MAPS[1:4], MAPS[4:7]
SIGN = 1.2  # room for a sign between two matrices, in em of text


class Needs(NamedTuple):
    """What has to have room, in scene units: the widest chip, a line of a name, what is beside the softmax, a shape."""

    chips: float
    name: float
    softmax: float
    shape: float


@dataclass(frozen=True)
class DiagramPlaces:
    """Regions of the tensors, of X's chips and of the formula; the middles of the tensors' names and of the signs.

    ``"met"`` are the values once more, beside the weights that they meet. A sign that multiplies stands before each
    trained matrix and before ``"met"``, and one that equals before what each of these products makes. The shapes of
    trained matrices have places of their own.
    """

    maps: Mapping[str, Region]
    names: Mapping[str, Point]
    chips: Region
    formula: Region
    times: Mapping[str, Point]
    equals: Mapping[str, Point]
    shapes: Mapping[str, Point]
    stacked: frozenset[str] = frozenset()  # the names that stand in two lines

    @property
    def gap(self) -> Region:
        """What is between the scores and the weights, beside each other or under each other."""
        scores, weights = self.maps["scores"], self.maps["weights"]
        if scores.bottom >= weights.top:
            return Region(max(scores.left, weights.left), weights.top, min(scores.right, weights.right), scores.bottom)
        return Region(scores.right, scores.bottom, weights.left, scores.top)


def place_diagram(frame: Frame, rows: int, needs: Needs) -> DiagramPlaces:
    """Return the places in a frame, whose stage is filled, for matrices of so many ``rows``."""
    if frame.wide:
        return _from_left_to_right(frame, rows, needs)
    return _in_bands(frame, rows, needs)


def _from_left_to_right(frame: Frame, rows: int, needs: Needs) -> DiagramPlaces:
    """Stand X on the left, then the three projections under each other, then all else over the formula."""
    page, sign, name = frame.stage, SIGN * frame.text, needs.name
    left = page.left + needs.chips + 0.1
    arrows = 1.1 * frame.text, 1.6 * frame.text  # from X to the signs, from what they make to the scores
    unit = (page.right - left - sum(arrows) - needs.softmax - 3.6 * sign) / 8.15
    tall = max(_tall(frame, rows, page.height - name), 0.55 * page.height)  # so much that no arrow meets its name
    x = _around((left, left + 0.85 * unit), page.center[1] - name / 2, tall)
    maps, times, equals = {"x": x}, {}, {}
    pitch = (page.height + 0.3 * name) / 3
    third = pitch - 1.3 * name - needs.shape
    left = x.right + arrows[0]
    for row, (trained, made) in enumerate(zip(TRAINED, MADE, strict=True)):
        middle = page.top - name - pitch * row - third / 2
        times[trained] = left + 0.3 * sign, middle
        first = left + 0.6 * sign, left + 0.6 * sign + 0.6 * unit
        second = first[1] + sign, first[1] + sign + 0.7 * unit
        equals[made] = first[1] + sign / 2, middle
        maps |= {trained: _around(first, middle, third), made: _around(second, middle, _tall(frame, rows, third))}
    most = 0.42 * page.height
    middle = page.top - name - most / 2
    left = maps["queries"].right + arrows[1]
    for kind, share, gap in (("scores", 2, needs.softmax), ("weights", 2, sign), ("met", 1, sign), ("output", 1, 0)):
        maps[kind] = _around((left, left + share * unit), middle, _tall(frame, rows, most))
        left += share * unit + gap
    times["met"] = maps["met"].left - sign / 2, middle
    equals["output"] = maps["output"].left - sign / 2, middle
    shapes = {kind: (maps[kind].center[0], maps[kind].bottom - 0.6 * needs.shape) for kind in TRAINED}
    under = page.top - name - most - 0.6 * frame.text
    lane = maps["values"].bottom + 0.5 * frame.text
    return DiagramPlaces(
        maps=maps,
        names={kind: (place.center[0], place.top + name * 0.6) for kind, place in maps.items()},
        chips=Region(page.left, x.bottom, x.left - 0.1, x.top),
        formula=Region(maps["scores"].left, lane + 0.8 * frame.text, maps["met"].center[0] - frame.text, under),
        times=times,
        equals=equals,
        shapes=shapes,
    )


def _in_bands(frame: Frame, rows: int, needs: Needs) -> DiagramPlaces:
    """Stand X and the formula on top, then the three projections, then all else: in a tall frame with A under QK^T."""
    stage, sign, name = frame.stage, SIGN * frame.text, needs.name
    gap, edge = (1.4 if frame.tall else 1.1) * frame.text, 0.3 * frame.smallest_text
    line = 0.0 if frame.tall else 0.9 * needs.shape  # over the trained matrices
    shares = (0.27, 0.2, 0.265, 0.265) if frame.tall else (0.37, 0.26, 0.37)
    free = stage.height - 3 * name - line - (len(shares) - 1) * gap - (0.6 * frame.text if frame.tall else 0.0)
    heights = [share * free for share in shares]
    top = stage.top - name
    left = stage.left + needs.chips + 0.1
    x = Region(left, top - heights[0], left + (0.24 if frame.tall else 0.27) * stage.width, top)
    maps, times, equals = {"x": x}, {}, {}
    third = stage.width / 3
    top = x.bottom - gap - name - line
    middle = top - heights[1] / 2
    across = (third - 1.9 * sign - 2 * edge) / 2
    for column, (trained, made) in enumerate(zip(TRAINED, MADE, strict=True)):
        left = stage.left + column * third + edge
        times[trained] = left + 0.3 * sign, middle
        first = left + 0.6 * sign, left + 0.6 * sign + 0.9 * across
        second = first[1] + sign, first[1] + sign + 1.1 * across
        equals[made] = first[1] + sign / 2, middle
        maps |= {trained: _around(first, middle, heights[1])}
        maps |= {made: _around(second, middle, _tall(frame, rows, heights[1]))}
    top = middle - heights[1] / 2 - gap
    left = stage.left + edge
    between = 0.0 if frame.tall else needs.softmax
    unit = (stage.width - between - 2 * sign - 2 * edge) / (3.4 if frame.tall else 4.8)
    order: tuple[tuple[str, float], ...] = (("weights", 1.4), ("met", 1.0), ("output", 1.0))
    if frame.tall:  # as the formula has it: no arrow has to cross
        order, (x_scores, y) = (order[2], *order[:2]), (left + unit + sign, top - heights[2] / 2)
        top -= heights[2] + gap + 0.6 * frame.text
    else:
        x_scores, y = left, top - heights[2] / 2
        left += 1.4 * unit + between
    maps["scores"] = _around((x_scores, x_scores + 1.4 * unit), y, _tall(frame, rows, heights[2]))
    middle = top - heights[-1] / 2
    for kind, share in order:
        maps[kind] = _around((left, left + share * unit), middle, _tall(frame, rows, heights[-1]))
        left += share * unit + sign
    times["met"] = maps["met"].left - sign / 2, middle
    equals["output"] = (maps["output"].right if frame.tall else maps["met"].right) + sign / 2, middle
    names = {kind: (place.center[0], place.top + 0.6 * name) for kind, place in maps.items()}
    names |= {kind: (maps[kind].center[0], maps[kind].bottom - 0.6 * name) for kind in MAPS[7:]}
    shapes = {kind: (names[kind][0], maps[kind].bottom - 0.6 * needs.shape) for kind in TRAINED}
    if not frame.tall:  # where arrows go on under them
        shapes = {kind: (names[kind][0], maps[kind].top + 0.6 * needs.shape) for kind in TRAINED}
        names |= {kind: (names[kind][0], names[kind][1] + line) for kind in TRAINED}
    if frame.tall:
        names["scores"] = (stage.left + maps["scores"].left) / 2, maps["scores"].center[1]
    return DiagramPlaces(
        maps=maps,
        names=names,
        chips=Region(stage.left, x.bottom, x.left - 0.1, x.top),
        formula=Region(x.right + sign, x.bottom, stage.right, x.top),
        times=times,
        equals=equals,
        shapes=shapes,
        stacked=frozenset(("scores",) if frame.tall else ()),
    )


def _tall(frame: Frame, rows: int, most: float) -> float:
    """Return how tall matrices of so many rows are, ``most`` at most."""
    return min(3 * frame.text * rows, most)


def _around(sides: Point, y: float, height: float) -> Region:
    return Region(sides[0], y - height / 2, sides[1], y + height / 2)
