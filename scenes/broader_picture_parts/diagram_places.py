"""Where the tensors of attention stand on one page: from left to right, or in bands."""

from collections.abc import Mapping
from dataclasses import dataclass

from scenes.places.layout import Frame, Region

Point = tuple[float, float]

MAPS = ("x", "w_query", "w_key", "w_value", "queries", "keys", "values", "scores", "weights", "output", "met")


@dataclass(frozen=True)
class DiagramPlaces:
    """Regions of the tensors, of X's chips and of the formula; the middles of the tensors' names.

    ``"met"`` are the values once more, beside the weights that they meet at the ``dot``; what that makes follows beyond
    the sign that ``equals``, or under an arrow if there is none.
    """

    maps: Mapping[str, Region]
    names: Mapping[str, Point]
    chips: Region
    formula: Region
    stacked: frozenset[str]  # the names that stand in two lines
    dot: Point
    equals: Point | None = None

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
    if frame.tall:
        return _from_top_down(frame, chips, rows, names)
    return _in_three_bands(frame, chips, rows, names)


def _from_left_to_right(frame: Frame, chips: float, rows: tuple[int, int], name: float) -> DiagramPlaces:
    page = frame.stage
    unit = (page.width - chips - 0.1) / 13.9
    widths = (1.15, 1.1, 1.1, 2.0, 2.0, 1.1, 1.15)
    gaps = (0.6, 0.55, 0.64, 1.25, 0.55, 0.7)
    lefts = [page.left + chips + 0.1]
    for width, gap in zip(widths, gaps, strict=False):
        lefts.append(lefts[-1] + (width + gap) * unit)
    columns = [(left, left + width * unit) for left, width in zip(lefts, widths, strict=True)]
    pitch = page.height / 3
    middles = [page.top - pitch * (row + 0.5) - name / 2 for row in range(3)]
    between, third = (middles[0] + middles[1]) / 2, pitch - name * 1.25
    tall = min(max(rows[0] * frame.text * 1.6, 1.6 * pitch), page.height - name)  # so far that no arrow meets a name
    low = min(rows[1] * frame.text * 1.4, third)
    square = min(rows[1] * frame.text * 1.4, 2.2 * unit, 2 * (page.top - name - between))
    middle = page.center[1] - name / 2
    maps = {"x": _around(columns[0], middle, tall), "output": _around(columns[6], between, tall)}
    for kinds, column, height in ((MAPS[1:4], columns[1], third), (MAPS[4:7], columns[2], low)):
        maps |= {kind: _around(column, y, height) for kind, y in zip(kinds, middles, strict=True)}
    for kind, column in (("scores", columns[3]), ("weights", columns[4]), ("met", columns[5]), ("output", columns[6])):
        maps[kind] = _around(column, between, square)
    x, weights, met, output = (maps[kind] for kind in ("x", "weights", "met", "output"))
    return DiagramPlaces(
        maps=maps,
        names={kind: (place.center[0], place.top + name * 0.6) for kind, place in maps.items()},
        chips=Region(page.left, x.bottom, x.left - 0.1, x.top),
        formula=Region(maps["scores"].left, middles[2] + 0.3 * name, weights.right, weights.bottom - 0.4 * name),
        stacked=frozenset(),
        dot=((weights.right + met.left) / 2, between),
        equals=((met.right + output.left) / 2, between),
    )


def _in_three_bands(frame: Frame, chips: float, rows: tuple[int, int], names: tuple[float, float]) -> DiagramPlaces:
    stage, (beside, name), space = frame.stage, names, 0.3 * frame.smallest_text
    tall, low = (count * frame.text * 1.4 for count in rows)  # what the rows may take at most
    first, rest = stage.cut_top(0.32 * stage.height, 0.13 * stage.height)
    second, third = rest.cut_top(0.22 * stage.height, 0.075 * stage.height)
    left = stage.left + chips + space
    x = _around((left, left + 0.3 * stage.width), first.center[1] - name / 2, min(tall, first.height - name))
    maps = {"x": x}
    pair = stage.width / 3
    height = second.height - name
    for column in range(3):
        left, right = stage.left + column * pair + beside + 2 * space, stage.left + (column + 1) * pair - space
        across, y = (right - left - 1.3 * frame.smallest_text) / 2, second.bottom + height / 2
        maps[MAPS[1 + column]] = _around((left, left + across), y, height)
        made = min(low, height)
        maps[MAPS[4 + column]] = _around((right - across, right), second.bottom + made / 2, made)
    between, sign = 5.6 * frame.smallest_text, 1.7 * frame.smallest_text
    square = min(max(low, 3 * frame.text), third.height - name)
    across = (stage.width - between - 2 * sign - 2 * space) / 4
    left, y = stage.left + space, third.top - square / 2
    for kind, gap in zip(("scores", "weights", "met", "output"), (between, sign, sign, 0.0), strict=True):
        maps[kind] = _around((left, left + across), y, square)
        left += across + gap
    points = {kind: (place.center[0], place.top + 0.6 * name) for kind, place in maps.items()}
    for kind in MAPS[1:4]:
        points[kind] = maps[kind].left - space - beside / 2, maps[kind].center[1]
    for kind in MAPS[7:]:
        points[kind] = maps[kind].center[0], maps[kind].bottom - 0.6 * name
    return DiagramPlaces(
        maps=maps,
        names=points,
        chips=Region(x.left - space - chips, x.bottom, x.left - space, x.top),
        formula=Region(x.right + 4 * space, first.bottom, stage.right, first.top),
        stacked=frozenset(MAPS[1:4]),
        dot=(maps["met"].left - sign / 2, y),
        equals=(maps["output"].left - sign / 2, y),
    )


def _from_top_down(frame: Frame, chips: float, rows: tuple[int, int], names: tuple[float, float]) -> DiagramPlaces:
    stage, beside, space = frame.stage, names[0], 0.3 * frame.smallest_text
    shares = 0.19, 0.095, 0.095, 0.165, 0.115, 0.11
    bands, rest = [], stage
    for share in shares:
        band, rest = rest.cut_top(share * stage.height, (1 - sum(shares)) / (len(shares) - 1) * stage.height)
        bands.append(band)
    tall, low = (count * frame.text * 1.4 for count in rows)  # what the rows may take at most
    width = min(2.8, stage.width - chips - beside - 3 * space)
    left = stage.center[0] - (chips + width + beside + 2 * space) / 2 + chips + space
    x = _around((left, left + width), bands[0].center[1], min(tall, bands[0].height))
    maps = {"x": x} | _three(bands[1], MAPS[1:4], bands[1].height, beside, space)
    maps |= _three(bands[2], MAPS[4:7], low, beside, space)
    dot = _meet(maps, bands[3], low, names[1], frame.smallest_text)
    left = stage.left + beside + 2 * space
    maps["output"] = _around((left, maps["met"].right), bands[4].center[1], min(tall, bands[4].height))
    points = {kind: (place.left - space - beside / 2, place.center[1]) for kind, place in maps.items()}
    points["x"] = x.right + space + beside / 2, x.center[1]
    for kind in ("scores", "weights", "met"):
        points[kind] = maps[kind].center[0], maps[kind].bottom - 0.9 * names[1]
    return DiagramPlaces(
        maps=maps,
        names=points,
        chips=Region(x.left - space - chips, x.bottom, x.left - space, x.top),
        formula=bands[5],
        stacked=frozenset(MAPS),
        dot=dot,
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


def _meet(maps: dict[str, Region], band: Region, height: float, name: float, size: float) -> Point:
    """Add scores, weights and the values that these meet to ``maps``, names below; return where the dot stands."""
    square = min(max(height, 3 * size), band.height - 1.8 * name)
    between, dot = 5.2 * size, 1.4 * size
    across = min(1.5 * square, (band.width - between - dot) / 3)
    right = min(maps["values"].center[0] + across / 2, band.right)
    lefts = maps["queries"].center[0] - across / 2, right - 2 * across - dot, right - across
    lefts = (max(min(lefts[0], lefts[1] - between - across), band.left), *lefts[1:])
    for kind, left in zip(("scores", "weights", "met"), lefts, strict=True):
        maps[kind] = _around((left, left + across), band.top - square / 2, square)
    return right - across - dot / 2, band.top - square / 2


def _around(sides: Point, y: float, height: float) -> Region:
    return Region(sides[0], y - height / 2, sides[1], y + height / 2)
