"""`SplitPlane`: one word's vector that attention splits in two, on a plane of two cosines."""

import numpy as np

from scenes.comparison_parts.badge import RADIUS, paint_badge
from scenes.comparison_parts.split_places import DOT, guides, place_split, spaced
from scenes.content.pair import Pair
from scenes.drawing.arrays import Array
from scenes.drawing.arrows import fill_head, head_outline, stroke_line
from scenes.drawing.cairo_context import Context, set_color
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.drawing.outlines import ADVANCE, draw_number, outline
from scenes.look.theme import EMBEDDING, OUTPUT, Rgb, Theme, mix
from scenes.mobjects.token_chips import TokenChips
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.layout import Frame, Region

_TITLE = "cosine with"
_LONGEST_CHIP = 7.0  # in em
_GAP = 0.4  # between a text and its chip, in em
_HEAD, _LINE, _AXIS, _GUIDE = 0.5, 0.1, 0.06, 0.05  # length of an arrow's head, and widths of lines, in em
_DASH = 0.2, 0.2  # of a guide, in em
_FAINT = 0.8  # opacity of guides


class SplitPlane(DrawnMobject):
    """The word before attention and after it in both sentences, at its true cosines with one word of each.

    Upward is the cosine with the row of the embedding table of the word that tells the first sentence's context, to
    the right that of the second one's. Both axes have one scale. Lines to the axes and numbers there say how close the
    word is to its own sentence's. ``shown`` (1,) fades axes in, ``present`` (1,) what is before attention, ``moved``
    (2,) says how far each badge has gone on the way to after, and ``told`` (2,) fades its chip and number in.

    Parameters
    ----------
    pair
        The word in both sentences.
    head
        Whose weights say which words tell the contexts.
    region
        Where it stands.
    frame, theme
        Give sizes and colours.

    Examples
    --------
    .. code-block:: python

        class Split(DrawingScene):
            def construct(self):
                frame = Frame("16:9")
                drawn = SplitPlane(read_pair(Settings()), 0, frame.stage, frame, THEMES["dark"])
                drawn.moved[:] = drawn.told[:] = 0
                self.add(drawn)
                self.play(Change(drawn, moved=1))
                self.play(Change(drawn, told=1))
    """

    changing = ("opacity", "shown", "present", "moved", "told")

    def __init__(self, pair: Pair, head: int, region: Region, frame: Frame, theme: Theme) -> None:
        super().__init__(region.width, region.height)
        self.points = region.corners
        self.region, self.theme = region, theme
        self.size = frame.text * 1.15 if frame.wide else frame.text * 0.95
        self.small = frame.text * 0.95 if frame.wide else frame.small_text
        upward, across = pair.anchors(head)
        self.cosines = [
            [pair.closeness(which, anchor, after=after) for anchor in (across, upward)]
            for after in (False, True)
            for which in (0, 1)
        ]
        own = zip(pair.traces, pair.word.tokens, strict=True)
        self.chips = [self._chip(pair, which, token, self.size) for which, (_, token) in enumerate(own)]
        self.titles = [self._chip(pair, *anchor, self.small) for anchor in (upward, across)]
        self._place()
        self.shown: Array = np.ones(1)
        self.present: Array = np.ones(1)
        self.moved: Array = np.ones(2)
        self.told: Array = np.ones(2)

    def facts(self) -> list[Fact]:
        """Return the cosines, by row those of a point to the right and upward."""
        return [fact for point in self.cosines for fact in point]

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw axes, then lines to them, then arrows and badges; in between x and y are the scene's, y downward."""
        context.scale(width / self.region.width, height / self.region.height)
        context.translate(-self.region.left, self.region.top)
        alpha = float(self.opacity[0])
        self._paint_axes(context, alpha * float(self.shown[0]))
        here = alpha * float(self.present[0])
        for index in range(4):
            self._paint_guide(context, index, here if index < 2 else here * float(self.told[index - 2]))
        for which in (0,) if self.places.together else (0, 1):
            self._paint_start(context, which, here)
        for which in (0, 1):
            self._paint_arrow(context, which, here)
        for which in (0, 1):
            self._paint_badge(context, which, here)
            self._paint_chip(context, self.chips[which], self.places.chips[2 + which], here * float(self.told[which]))

    def _chip(self, pair: Pair, which: int, token: int, size: float) -> TokenChips:
        texts = ChipTexts.of(pair.traces[which], np.array([token]), _LONGEST_CHIP)
        return TokenChips(texts, "row", size, self.theme)

    def _place(self) -> None:
        sizes = np.array([[chip.texts.width() * self.size, TALL * self.size] for chip in self.chips] * 2)
        values = np.array([[fact.value for fact in point] for point in self.cosines])
        title = (TALL + 0.5) * self.small
        self.places = place_split(values, sizes, self.region, self.size, self.small, title)
        self.guides = guides(self.places)
        self._place_numbers()

    def _place_numbers(self) -> None:
        """Find places for the numbers at the axes: of sentence 1 left of the plane, of sentence 2 under it."""
        plot, points = self.places.plot, self.places.points
        numbers = [self.cosines[index][1 - index % 2] for index in range(4)]
        widths = [ADVANCE * len(fact.text) * self.small for fact in numbers]
        heights = spaced(points[0, 1], points[2, 1], 1.1 * self.small)
        beside = spaced(points[1, 0], points[3, 0], (widths[1] + widths[3]) / 2 + 0.5 * self.small)
        left = [plot.left - 0.3 * self.small - width / 2 for width in widths]
        under = plot.bottom - 0.85 * self.small
        places = [(left[0], heights[0]), (beside[0], under), (left[2], heights[1]), (beside[1], under)]
        self.numbers = list(zip(numbers, places, strict=True))

    def _paint_axes(self, context: Context, alpha: float) -> None:
        plot, quiet = self.places.plot, self.theme.quiet
        corner = np.array([plot.left, -plot.bottom])
        for tip in ([plot.left, -plot.top], [plot.right, -plot.bottom]):
            self._arrow(context, np.linspace(corner, tip, 60), _AXIS, quiet, alpha)
        for chip, middle in zip(self.titles, self.title_places, strict=True):
            left = middle[0] - self._width(chip) / 2 - (outline(_TITLE).width + _GAP) * self.small
            self._paint_text(context, _TITLE, left, -middle[1], alpha)
            self._paint_chip(context, chip, middle, alpha)

    @property
    def title_places(self) -> Array:
        """The middles of the chips that name the axis upward and the one to the right, (2, 2)."""
        region, half = self.region, TALL * self.small / 2
        upward, across = map(self._width, self.titles)
        before = (outline(_TITLE).width + _GAP) * self.small
        upper = region.left + before + upward / 2, region.top - half
        return np.array([upper, (region.right - across / 2, region.bottom + half)])

    def _width(self, chip: TokenChips) -> float:
        return float(chip.texts.width() * chip.size)

    def _paint_text(self, context: Context, text: str, left: float, y: float, alpha: float) -> None:
        line = outline(text)
        context.save()
        context.translate(left, y)
        context.scale(self.small, self.small)
        context.translate(0, (line.top - line.bottom) / 2)
        line.draw(context, self.theme.quiet, alpha)
        context.restore()

    def _paint_guide(self, context: Context, index: int, alpha: float) -> None:
        """Draw a line from a point to its axis, and the cosine there."""
        if alpha <= 0:
            return
        ink = self.theme.ink(EMBEDDING if index < 2 else OUTPUT)
        context.set_dash([length * self.size for length in _DASH])
        stroke_line(context, self.guides[index][[0, -1]] * [1, -1], _GUIDE * self.size, ink, _FAINT * alpha)
        context.set_dash([])
        fact, (x, y) = self.numbers[index]
        draw_number(context, fact.text, x, -y, self.small, ink, alpha)

    def _paint_start(self, context: Context, which: int, alpha: float) -> None:
        """Draw the point before attention, with the word's chip."""
        x, y = self.places.points[which] * [1, -1]
        context.new_path()
        context.arc(x, y, DOT * self.size, 0, 2 * np.pi)
        set_color(context, EMBEDDING, alpha)
        context.fill()
        self._paint_chip(context, self.chips[which], self.places.chips[which], alpha)

    def _badge_middle(self, which: int) -> Array:
        """Return where a badge is on its way, y upward."""
        moved, places = float(self.moved[which]), self.places
        aside = (places.badges[which] - places.points[which]) * (1 - moved)
        way = places.ways[which]
        along = moved * (len(way) - 1)
        low = min(int(along), len(way) - 2)
        return np.asarray(way[low] + (along - low) * (way[low + 1] - way[low]) + aside)

    def _paint_arrow(self, context: Context, which: int, alpha: float) -> None:
        """Draw the way that has been gone, from the point to the badge's edge."""
        gone = self.places.ways[which][: round(float(self.moved[which]) * (len(self.places.ways[which]) - 1)) + 1]
        free = (np.hypot(*(gone - gone[0]).T) > (DOT + 0.15) * self.size) & (
            np.hypot(*(gone - self._badge_middle(which)).T) > (RADIUS + 0.12) * self.size
        )
        self._arrow(context, gone[free] * [1, -1], _LINE, self.theme.ink(OUTPUT), alpha)

    def _arrow(self, context: Context, line: Array, width: float, color: Rgb, alpha: float) -> None:
        """Draw an arrow along ``line``, (k, 2)."""
        if len(line) < 2 or alpha <= 0:
            return
        left = np.hypot(*(line - line[-1]).T)  # to the tip
        back = max(int((left > _HEAD * self.size).sum()) - 1, 0)
        stroke_line(context, line[: back + 2], width * self.size, color, alpha)
        fill_head(context, head_outline(line[-1], line[back], 0.45 * _HEAD * self.size), color, alpha)

    def _paint_badge(self, context: Context, which: int, alpha: float) -> None:
        """Draw a badge on its way, which takes the colour of outputs."""
        fill = mix(EMBEDDING, OUTPUT, float(self.moved[which]))
        x, y = self._badge_middle(which)
        context.save()
        context.translate(x, -y)
        context.scale(self.size, self.size)
        paint_badge(context, which + 1, fill, fill, self.theme, alpha)
        context.restore()

    def _paint_chip(self, context: Context, chip: TokenChips, middle: Array, alpha: float) -> None:
        """Draw a chip around its middle, y upward."""
        if alpha <= 0 or np.isnan(middle).any():
            return
        width, height = self._width(chip), TALL * float(chip.size)
        context.save()
        context.translate(middle[0] - width / 2, -middle[1] - height / 2)
        chip.set_opacity(alpha).paint(context, width, height)
        context.restore()
