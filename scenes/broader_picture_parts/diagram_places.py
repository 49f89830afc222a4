"""Where the tensors of attention stand on one page: from left to right, or from top to bottom in narrow frames."""

from collections.abc import Mapping
from dataclasses import dataclass

from scenes.places.layout import Frame, Region

Point = tuple[float, float]

MAPS = ("x", "w_query", "w_key", "w_value", "queries", "keys", "values", "scores", "weights", "output")


@dataclass(frozen=True)
class DiagramPlaces:
    """Regions of the tensors, of X's chips and of the formula; the middles of the tensors' names.

    ``meeting`` is where weights and values meet on their way to the output, if there is room for it.
    """

    maps: Mapping[str, Region]
    names: Mapping[str, Point]
    chips: Region
    formula: Region
    stacked: frozenset[str]  # the names that stand in two lines
    meeting: Region | None = None

    @property
    def gap(self) -> Region:
        """What is between the scores and the weights."""
        scores, weights = self.maps["scores"], self.maps["weights"]
        return Region(scores.right, min(scores.bottom, weights.bottom), weights.left, max(scores.top, weights.top))


def place_diagram(frame: Frame, chips: float, rows: tuple[int, int], names: tuple[float, float]) -> DiagramPlaces:
    """Return the places in a frame.

    Parameters
    ----------
    frame
        Its stage is filled.
    chips
        Width of the widest chip, in scene units like all lengths here.
    rows
        How many rows X and the output show, and how many the other matrices of tokens.
    names
        Width of the widest name in two lines, height of a name in one line.
    """
    if frame.wide:
        return _from_left_to_right(frame, chips, rows, names[1])
    return _from_top_down(frame, chips, rows, names)


def _from_left_to_right(frame: Frame, chips: float, rows: tuple[int, int], name: float) -> DiagramPlaces:
    formula, page = frame.stage.cut_bottom(frame.text * 4.2, frame.text * 0.5)
    unit = (page.width - chips - 0.1) / 13.9
    widths = (1.15, 1.05, 1.05, 2.0, 2.0, 1.15)
    gaps = (0.75, 0.7, 0.8, 1.25, 2.0)
    lefts = [page.left + chips + 0.1]
    for width, gap in zip(widths, gaps, strict=False):
        lefts.append(lefts[-1] + (width + gap) * unit)
    columns = [(left, left + width * unit) for left, width in zip(lefts, widths, strict=True)]
    pitch = page.height / 3
    middles = [page.top - pitch * (row + 0.5) - name / 2 for row in range(3)]
    middle, between = middles[1], (middles[0] + middles[1]) / 2
    tall = min(rows[0] * frame.text * 1.4, 2 * (page.top - name - middle))
    square = min(rows[1] * frame.text * 1.4, 2.0 * unit)
    low, third = min(rows[1] * frame.text * 1.4, pitch - name * 1.25), pitch - name * 1.25
    maps = {"x": _around(columns[0], middle, tall), "output": _around(columns[5], middle, tall)}
    for kinds, column, height in ((MAPS[1:4], columns[1], third), (MAPS[4:7], columns[2], low)):
        maps |= {kind: _around(column, y, height) for kind, y in zip(kinds, middles, strict=True)}
    maps |= {kind: _around(column, between, square) for kind, column in zip(MAPS[7:9], columns[3:5], strict=True)}
    x, middle_of_gap = maps["x"], (columns[4][1] + columns[5][0]) / 2
    half = 0.62 * unit
    return DiagramPlaces(
        maps=maps,
        meeting=_around((middle_of_gap - half, middle_of_gap + half), between, 1.9 * half),
        names={kind: (place.center[0], place.top + name * 0.6) for kind, place in maps.items()},
        chips=Region(page.left, x.bottom, x.left - 0.1, x.top),
        formula=formula,
        stacked=frozenset(),
    )


def _from_top_down(frame: Frame, chips: float, rows: tuple[int, int], names: tuple[float, float]) -> DiagramPlaces:
    stage, beside, space = frame.stage, names[0], 0.3 * frame.smallest_text
    bands, rest = [], stage
    for share in (0.225, 0.125, 0.12, 0.19, 0.14):
        band, rest = rest.cut_top(share * stage.height, 0.05 * stage.height)
        bands.append(band)
    tall, low = (count * frame.text * 1.4 for count in rows)  # what the rows may take at most
    width = min(2.2, stage.width - chips - beside - 3 * space)
    left = stage.center[0] - (chips + width + beside + 2 * space) / 2 + chips + space
    x = _around((left, left + width), bands[0].center[1], min(tall, bands[0].height))
    maps = {"x": x} | _three(bands[1], MAPS[1:4], bands[1].height, beside, space)
    maps |= _three(bands[2], MAPS[4:7], low, beside, space)
    aside = _squares(maps, bands[3], low, names, space)
    weights = maps["weights"]
    left = max(weights.center[0] - 0.3, stage.center[0] + 0.155 * stage.width * (not aside))
    right = max(maps["values"].right, weights.right + 0.5)
    maps["output"] = output = _around((left, right), bands[4].center[1], min(tall, bands[4].height))
    points = {kind: (place.left - space - beside / 2, place.center[1]) for kind, place in maps.items()}
    points["x"] = x.right + space + beside / 2, x.center[1]
    points["weights"] = (weights.center[0], weights.top + names[1] * 0.72)
    if aside:
        points["weights"] = weights.right + space + beside / 2, weights.center[1]
    return DiagramPlaces(
        maps=maps,
        names=points,
        chips=Region(x.left - space - chips, x.bottom, x.left - space, x.top),
        formula=Region(stage.left, bands[4].bottom, output.left - beside - 3 * space, bands[4].top),
        stacked=frozenset(MAPS) - (set() if aside else {"weights"}),
    )


def _three(band: Region, kinds: tuple[str, ...], height: float, beside: float, space: float) -> dict[str, Region]:
    """Stand three matrices in a band, each with room for its name on its left."""
    third = band.width / 3
    across = min(third - beside - 2 * space, 2 * band.height)
    lefts = [band.left + (column + 0.5) * third + (beside + space - across) / 2 for column in range(3)]
    return {
        kind: _around((left, left + across), band.center[1], min(height, band.height))
        for kind, left in zip(kinds, lefts, strict=True)
    }


def _squares(maps: dict[str, Region], band: Region, height: float, names: tuple[float, float], space: float) -> bool:
    """Add scores and weights to ``maps``; return whether the weights' name stands right of them, and not above.

    It does where the values' arrow, and the formula below, leave room for it.
    """
    beside, above = names[0], names[1] * 1.2
    square = min(height, band.height)
    left, right = band.left + beside + 2 * space, band.left + band.width / 2
    room = maps["values"].center[0] - right - beside - 3 * space
    aside = room >= 1.2 * square and band.width > 5 * band.height
    if not aside:
        right, square = band.left + 0.61 * band.width, min(height, band.height - above)
    y = band.center[1] - (0.0 if aside else above / 2)
    across = max(1.2 * square, 0.6)
    maps["scores"] = _around((left, left + across), y, square)
    maps["weights"] = _around((right, right + across), y, square)
    return aside


def _around(sides: Point, y: float, height: float) -> Region:
    return Region(sides[0], y - height / 2, sides[1], y + height / 2)
