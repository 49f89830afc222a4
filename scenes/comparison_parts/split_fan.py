"""`SplitFan`: one word's vector that attention splits in two, as arrows with their true angle."""

import numpy as np

from scenes.comparison_parts.badge import RADIUS, paint_badge
from scenes.comparison_parts.fan_places import place_fan, seen_on_their_plane
from scenes.content.pair import Pair
from scenes.drawing.arrays import Array
from scenes.drawing.arrows import fill_head, head_outline, stroke_line
from scenes.drawing.cairo_context import Context
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.look.theme import EMBEDDING, OUTPUT, Rgb, Theme, mix
from scenes.mobjects.token_chips import TokenChips
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.layout import Frame, Region

_LONGEST_CHIP = 7.0  # in em
_HEAD, _LINE, _THIN = 0.5, 0.12, 0.07  # length of an arrow's head, and widths of lines, in em
_ARC = 0.55  # where the angle is drawn, by the length of the arrows
_ONE = 0.3  # how close two tips are whose arrows are seen as one, in em
_FREE = 0.12  # between an arrow and its badge, in em


class SplitFan(DrawnMobject):
    """The word before attention and after it in both sentences, as arrows on the plane of the two that come out.

    All vectors have length one. The two outputs lie in the plane, so that the angle between them is the true one. What
    the word was before, and the rows of the table of the words that tell the contexts, are seen on it as shadows: each
    is nearer to the output that is more like it. ``shown`` (1,) lets those words' arrows grow, ``present`` (1,) fades
    in what is before attention, ``moved`` (2,) says how far each badge has gone on the
    way to after, and ``told`` (2,) fades in its chip, and the arc between both.

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
                drawn = SplitFan(read_pair(Settings()), 0, frame.stage, frame, THEMES["dark"])
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
        self.small = frame.text * 0.95
        anchors = pair.anchors(head)
        own = [self._chip(pair, which, token, self.size) for which, token in enumerate(pair.word.tokens)]
        self.chips = [*own, *own, *(self._chip(pair, *anchor, self.small) for anchor in anchors)]
        before, after = (
            [getattr(trace, field)[token] for trace, token in zip(pair.traces, pair.word.tokens, strict=True)]
            for field in (pair.start, "output")
        )
        rows = [pair.traces[anchor.which].token_vectors[anchor.token] for anchor in anchors]
        seen = seen_on_their_plane(np.stack(after), np.stack([*before, *rows]))
        sizes = np.array([[chip.texts.width() * chip.size, TALL * chip.size] for chip in self.chips])
        named = np.array([anchor not in pair.own for anchor in anchors])
        self.vectors: Array = seen[[2, 3, 0, 1, 4, 5]]
        self.places = place_fan(self.vectors, sizes, named, region, self.size)
        self.named = named & ~np.isnan(self.places.chips[4:, 0])
        self.shown: Array = np.ones(1)
        self.present: Array = np.ones(1)
        self.moved: Array = np.ones(2)
        self.told: Array = np.ones(2)

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw what is seen as a shadow, then arrows and badges; in between x and y are the scene's, y downward."""
        context.scale(width / self.region.width, height / self.region.height)
        context.translate(-self.region.left, self.region.top)
        alpha = float(self.opacity[0])
        here = alpha * float(self.present[0])
        for which in np.flatnonzero(self.named).tolist():
            self._paint_context(context, which, alpha)
        for which in (0,) if self.places.together else (0, 1):
            self._paint_before(context, which, here)
        self._paint_arc(context, here * float(self.told.min()))
        for which in (0, 1):
            self._paint_after(context, which, here)
        for which in (0, 1):
            self._paint_badge(context, which, here)
            self._paint_chip(context, 2 + which, here * float(self.told[which]))

    def _chip(self, pair: Pair, which: int, token: int, size: float) -> TokenChips:
        texts = ChipTexts.of(pair.traces[which], np.array([token]), _LONGEST_CHIP)
        return TokenChips(texts, "row", size, self.theme)

    def _paint_context(self, context: Context, which: int, alpha: float) -> None:
        """Draw the arrow of a word that tells a context, as far as it is shown, and its chip."""
        grown = float(self.shown[0])
        tip = self.places.origin + grown * (self.places.tips[4 + which] - self.places.origin)
        self._arrow(context, tip, _THIN, self.theme.quiet, alpha)
        self._paint_chip(context, 4 + which, alpha * grown)

    def _paint_before(self, context: Context, which: int, alpha: float) -> None:
        """Draw the word as it was, with its chip, as long as the badges are there."""
        gone, places = float(self.moved.max()), self.places
        end = self._before_badges(places.tips[which], places.badges[:2])
        self._arrow(context, end, _THIN, self.theme.ink(EMBEDDING), alpha * (1 - gone))
        self._paint_chip(context, which, alpha * max(1 - 4 * gone, 0))

    def _before_badges(self, tip: Array, badges: Array) -> Array:
        """Return how far an arrow goes that ends at badges (k, 2)."""
        line = np.linspace(self.places.origin, tip, 81)
        near = (np.hypot(*np.moveaxis(line[:, None] - badges, -1, 0)) < (RADIUS + _FREE) * self.size).any(axis=1)
        end: Array = line[max(int(near.argmax()) - 1, 0)] if near.any() else tip
        return end

    def _paint_arc(self, context: Context, alpha: float) -> None:
        """Draw the angle between both outputs."""
        first, second = self.vectors[2:4]
        if alpha <= 0 or np.hypot(*(first - second)) < _THIN:
            return
        angles = np.linspace(np.arctan2(first[1], first[0]), np.arctan2(second[1], second[0]), 40)
        radius = _ARC * float(np.hypot(*(self.places.tips[2] - self.places.origin)))
        arc = self.places.origin + radius * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
        stroke_line(context, arc * [1, -1], _LINE * self.size, self.theme.ink(OUTPUT), alpha)

    def _on_the_way(self, which: int, ends: Array) -> Array:
        """Return where that is which goes from one of four ``ends`` (4, 2) to another."""
        place: Array = ends[which] + float(self.moved[which]) * (ends[2 + which] - ends[which])
        return place

    def _paint_after(self, context: Context, which: int, alpha: float) -> None:
        """Draw the arrow to where the word has come, up to its badge."""
        tip, badge = self._on_the_way(which, self.places.tips), self._on_the_way(which, self.places.badges)
        if which == 0 and np.hypot(*(tip - self._on_the_way(1, self.places.tips))) < _ONE * self.size:
            return  # the other one's is over it
        ink = mix(self.theme.ink(EMBEDDING), self.theme.ink(OUTPUT), float(self.moved[which]))
        end = self._before_badges(tip, badge[None])
        self._arrow(context, end, _LINE, ink, alpha * min(4 * float(self.moved[which]), 1.0))

    def _arrow(self, context: Context, tip: Array, width: float, color: Rgb, alpha: float) -> None:
        """Draw an arrow from where all start."""
        along = tip - self.places.origin
        length, head = float(np.hypot(*along)), _HEAD * self.size
        if length < head or alpha <= 0:
            return
        base = tip - along * head / length
        flip = np.array([1, -1])
        stroke_line(
            context, np.stack([self.places.origin, base + 0.1 * (tip - base)]) * flip, width * self.size, color, alpha
        )
        fill_head(context, head_outline(tip * flip, base * flip, 0.45 * head), color, alpha)

    def _paint_badge(self, context: Context, which: int, alpha: float) -> None:
        """Draw a badge on its way, which takes the colour of outputs."""
        fill = mix(self.theme.color(EMBEDDING), self.theme.color(OUTPUT), float(self.moved[which]))
        x, y = self._on_the_way(which, self.places.badges)
        context.save()
        context.translate(x, -y)
        context.scale(self.size, self.size)
        paint_badge(context, which + 1, fill, fill, self.theme, alpha)
        context.restore()

    def _paint_chip(self, context: Context, which: int, alpha: float) -> None:
        """Draw a chip around its middle."""
        chip, middle = self.chips[which], self.places.chips[which]
        if alpha <= 0 or np.isnan(middle).any():
            return
        width, height = float(chip.texts.width() * chip.size), TALL * float(chip.size)
        context.save()
        context.translate(middle[0] - width / 2, -middle[1] - height / 2)
        chip.set_opacity(alpha).paint(context, width, height)
        context.restore()
