"""`Pipeline`: arrows between the parts of a diagram, and the pulses that run along them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from scenes.broader_picture_parts.diagram_places import Point
from scenes.drawing.arrays import Array
from scenes.drawing.arrows import fill_head, head_outline, stroke_line
from scenes.drawing.cairo_context import Context, set_color
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.look.theme import Hue, Theme, mix
from scenes.places.layout import Region

_HEAD = (4.2, 2.6)  # length and width of an arrowhead, in stroke widths
_STEPS = 33  # points by which a curve is drawn
_TAIL = 0.3  # length of a pulse, as a share of its arrow
_TURN = 1.2  # radius of a turn, in scene units
_MARGIN = (0.18, 0.2)  # of a side, where no arrow starts or ends: its share, and in scene units at most
_DIMMED, _THIN = 0.75, 0.6  # opacity and share of its width of an arrow that is not lit
_FARTHER = 0.3  # how much nearer to the ground its colour is than quiet text's, so that none has a casing


@dataclass(frozen=True)
class Arrow:
    """A curve from one point to another, in scene units, that leaves and arrives across (or down, or up).

    Parameters
    ----------
    start, end
        Where it begins, and where its tip is.
    across
        Whether it runs from left to right; otherwise from top to bottom.
    color
        Of its pulse, and of itself where it is lit.
    turns
        Whether it leaves across and arrives from below.
    drop
        Length of a straight last part, of an arrow that runs from top to bottom.
    """

    start: Point
    end: Point
    across: bool
    color: Hue
    turns: bool = False
    drop: float = 0.0

    @property
    def direction(self) -> Array:
        """Where its tip points to, (2,)."""
        if self.turns:
            return np.array([0.0, 1.0])
        return np.array((1.0, 0.0) if self.across else (0.0, -1.0))

    @property
    def bends(self) -> Array:
        """The four control points of its cubic curve, (4, 2); before and after it, the arrow is straight."""
        start, end = np.array(self.start, dtype=float), np.array(self.end, dtype=float)
        if self.turns:
            corner = np.array([end[0], start[1]])
            radius = min(_TURN, *np.abs(end - start))
            return np.array([corner - (radius, 0.0), corner, corner, corner + radius * self.direction])
        end += 0.0, self.drop
        along = (end - start) * ((0.5, 0.0) if self.across else (0.0, 0.5))
        return np.array([start, start + along, end - along, end])

    def at(self, shares: Array | float) -> Array:
        """Return the points (…, 2) at shares of its way, 0 at the start and 1 at the tip."""
        first, second, third, last = self.bends
        points = (np.array(self.start), first, last, np.array(self.end))
        before, curve, after = (float(np.abs(other - one).sum()) for one, other in pairwise(points))
        way = np.asarray(shares, dtype=float)[..., None] * (before + curve + after)
        t = np.clip((way - before) / max(curve, 1e-9), 0.0, 1.0)
        at: Array = (1 - t) ** 3 * first + 3 * (1 - t) ** 2 * t * second + 3 * (1 - t) * t**2 * third + t**3 * last
        at += np.minimum(way - before, 0.0) * (1.0, 0.0)
        at += np.maximum(way - before - curve, 0.0) * self.direction
        return at


def join_outlines(first: Region, second: Region, color: Hue, *, across: bool) -> Arrow:
    """Return an arrow from the border of one region to that of another, which is right of it (``across``) or under it.

    It is straight where the regions face each other, in the middle of the smaller one if it can; otherwise it is a
    curve between the nearest parts of their sides.
    """
    sides: list[tuple[float, float]] = [
        (part.bottom, part.top) if across else (part.left, part.right) for part in (first, second)
    ]
    (low, high), (other_low, other_high) = map(_inner, sides)
    shared = max(low, other_low), min(high, other_high)
    smaller = sum(sides[0] if sides[0][1] - sides[0][0] < sides[1][1] - sides[1][0] else sides[1]) / 2
    if shared[0] <= shared[1]:
        out = arrive = smaller if shared[0] <= smaller <= shared[1] else sum(shared) / 2
    else:
        out, arrive = (low, other_high) if low > other_high else (high, other_low)
    if across:
        return Arrow((first.right, out), (second.left, arrive), True, color)
    return Arrow((out, first.bottom), (arrive, second.top), False, color)


def _inner(side: tuple[float, float]) -> tuple[float, float]:
    low, high = side
    margin = min(_MARGIN[0] * (high - low), _MARGIN[1])
    return low + margin, high - margin


class Pipeline(DrawnMobject):
    """Arrows, one mobject however many there are; each can light up, and carry a pulse.

    Two arrays have a number for each arrow: ``lit``, from 0 (dimmed) to 1, and ``pulse``, where its pulse is, from 0 at
    the start to 1 at the tip; at both ends there is none to be seen.

    Parameters
    ----------
    region
        What the arrows are drawn in; they move and grow with it.
    arrows
        What it draws.
    stroke
        Width of the lines, in scene units.
    theme
        Gives the colour of what is dimmed.

    Examples
    --------
    .. code-block:: python

        class Hop(DrawingScene):
            def construct(self):
                left, right = Region(-4, -1, -2, 1), Region(2, -1, 4, 1)
                arrow = join_outlines(left, right, QUERY, across=True)
                arrows = Pipeline(Region(-4, -1, 4, 1), [arrow], 0.04, THEMES["dark"])
                self.add(arrows)
                self.play(Change(arrows, pulse=1))
                self.play(Change(arrows, lit=1))
    """

    changing = ("opacity", "lit", "pulse")

    def __init__(self, region: Region, arrows: Sequence[Arrow], stroke: float, theme: Theme) -> None:
        super().__init__(region.width, region.height)
        self.points = region.corners
        self.region = region
        self.arrows = tuple(arrows)
        self.stroke = stroke
        self.theme = theme
        self.unlit = mix(theme.quiet, theme.background, _FARTHER)
        self.lit: Array = np.zeros(len(self.arrows))
        self.pulse: Array = np.zeros(len(self.arrows))

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the arrows, then the pulses over them."""
        context.scale(width / self.region.width, -height / self.region.height)
        context.translate(-self.region.left, -self.region.top)
        for arrow, lit in zip(self.arrows, self.lit.tolist(), strict=True):
            self._paint_arrow(context, arrow, lit)
        for arrow, pulse in zip(self.arrows, self.pulse.tolist(), strict=True):
            if 0 < pulse < 1:
                self._paint_pulse(context, arrow, pulse)

    def _paint_arrow(self, context: Context, arrow: Arrow, lit: float) -> None:
        """Draw the line as far as the arrowhead's base, then the head, whose tip is the arrow's end."""
        alpha = self.opacity[0] * (_DIMMED + (1 - _DIMMED) * lit)
        color = mix(self.unlit, self.theme.color(arrow.color), lit)
        stroke = self.stroke * (_THIN + (1 - _THIN) * lit)
        tip = np.array(arrow.end)
        base = tip - _HEAD[0] * stroke * arrow.direction
        drop = max(arrow.drop - _HEAD[0] * stroke, 0.0)
        line = replace(arrow, end=(float(base[0]), float(base[1])), drop=drop)
        stroke_line(context, line.at(np.linspace(0, 1, _STEPS)), stroke, color, alpha)
        fill_head(context, head_outline(tip, base, _HEAD[1] * stroke / 2), color, alpha)

    def _paint_pulse(self, context: Context, arrow: Arrow, pulse: float) -> None:
        """Draw a dot with a tail that is gone where the arrow ends."""
        start = arrow.at(tail := max(pulse - _TAIL, 0))
        dots = 2 + int(np.hypot(*(arrow.at(pulse) - start)) / self.stroke)
        points = arrow.at(np.linspace(tail, pulse, dots))
        fading = self.opacity[0] * min(1.0, 8 * pulse, 8 * (1 - pulse))
        for index, (x, y) in enumerate(points.tolist()):
            share = (index + 1) / len(points)
            context.arc(x, y, self.stroke * (0.5 + 1.5 * share), 0, 2 * np.pi)
            set_color(context, mix(self.theme.color(arrow.color), self.theme.text, 0.75 * share**4), fading * share**2)
            context.fill()
