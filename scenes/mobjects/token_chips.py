"""`TokenChips`: the sentence's tokens, looking the same wherever they stand."""

from typing import Literal

import numpy as np

from attention.text import right_to_left
from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context, rounded_rectangle, set_color
from scenes.drawing.casing import stroke, under_alpha
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.outlines import CAP_HEIGHT, outline
from scenes.drawing.standing_chip import StandingChip
from scenes.look.theme import Theme
from scenes.places.chip_texts import BESIDE, BLANK, CLOSE, PADDING, TALL, ChipTexts

Standing = Literal["column", "stack", "row", "row turned"]

_UPRIGHT = ("column", "stack")
RING = 0.13  # width of the ring of the token that is followed, in em
_DIMMED, _DIMMED_QUIET = 0.5, 0.75  # opacity of a chip that is not lit, and of one with quiet letters: both can be read


class TokenChips(DrawnMobject):
    """The chips of a sentence in a column or a row, one to each place of equal size.

    In a column they end at the right edge, as the names of a matrix's rows do; in a stack they are centred under each
    other; in a row they are centred on their places, or stand on the lower edge, where those that would not fit beside
    each other are turned by a quarter.

    Parameters
    ----------
    texts
        What they say.
    standing
        ``"column"``, ``"stack"``, ``"row"`` or ``"row turned"``.
    size
        Of the text, in em, scene units.
    theme
        Gives the colours.

    Examples
    --------
    .. code-block:: python

        class Tokens(DrawingScene):
            def construct(self):
                traced = trace("Unbelievably real.")
                texts = ChipTexts.of(traced, np.arange(len(traced)))
                self.add(TokenChips(texts, "row", 0.4, THEMES["dark"]).place(0, 0, 10, 0.7))
    """

    changing = ("opacity", "lit", "ringed")

    def __init__(self, texts: ChipTexts, standing: Standing, size: float, theme: Theme) -> None:
        super().__init__(1, 1)
        self.texts = texts
        self.standing = standing
        self.size = size
        self.theme = theme
        self.lit: Array = np.ones(len(texts.labels))
        self.ringed: Array = texts.followed.astype(float)

    def standing_chips(self) -> list[StandingChip]:
        """Return the chips that stand upright."""
        if self.opacity[0] <= 0 or self.standing == "row turned":
            return []
        (left, top), (right, bottom) = self.points[0, :2], (self.points[1, 0], self.points[2, 1])
        steps = (np.arange(len(self.texts.labels)) + 0.5) / len(self.texts.labels)
        halves = [(outline(label).width / 2 + PADDING) * float(self.size) for label in self.texts.labels]
        stands = self.standing in _UPRIGHT
        x = left + steps * (right - left)
        if stands:
            x = right - np.array(halves) if self.standing == "column" else np.full(len(steps), (left + right) / 2)
        y = top - steps * (top - bottom) if stands else np.full(len(steps), (top + bottom) / 2)
        tall = self._tall(float(right - left), float(top - bottom))
        own = zip(
            self.texts.tokens.tolist(), x.tolist(), y.tolist(), self.lit.tolist(), self.ringed.tolist(), strict=True
        )
        size = float(self.size)
        return [StandingChip(token, x, y, size, tall, lit, ringed) for token, x, y, lit, ringed in own if token >= 0]

    def _tall(self, width: float, height: float) -> float:
        """Return how high its chips are in em, if it is as large as that."""
        side = height if self.standing in _UPRIGHT else width
        pitch = side / len(self.texts.labels) * self.texts.apart
        share = {"column": CLOSE, "stack": CLOSE, "row": np.inf, "row turned": BESIDE}[self.standing]
        return float(min(TALL, share * pitch / self.size))

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the chips one after the other."""
        count = len(self.texts.labels)
        tall = self._tall(width, height)
        for index, label in enumerate(self.texts.labels):
            context.save()
            if self.standing in _UPRIGHT:
                context.translate(width if self.standing == "column" else width / 2, (index + 0.5) * height / count)
            elif self.standing == "row":
                context.translate((index + 0.5) * width / count, height / 2)
            else:
                context.translate((index + 0.5) * width / count, height)
                context.rotate(-np.pi / 2)
            self._paint_chip(context, index, label, tall)
            context.restore()

    def _paint_chip(self, context: Context, index: int, label: str, tall: float) -> None:
        """Draw a chip that ends at the origin in a column, starts there if turned, and else is centred on it."""
        alpha = self.opacity[0] * opacity_of_chip(self.texts, index, self.lit[index])
        context.scale(self.size, self.size)
        if not label:
            if self.texts.tokens[index] != BLANK:
                self._paint_ellipsis(context, alpha)
            return
        width = outline(label).width + 2 * PADDING
        left = {"column": -width, "stack": -width / 2, "row": -width / 2, "row turned": 0.0}[self.standing]
        paint_chip(context, self.texts, index, left, tall, self.theme, alpha, float(self.ringed[index]))

    def _paint_ellipsis(self, context: Context, alpha: float) -> None:
        set_color(context, self.theme.quiet, alpha)
        for step in (-1, 0, 1):
            offset = step * 0.3
            x, y = {
                "column": (-TALL / 2, offset),
                "stack": (0.0, offset),
                "row": (offset, 0.0),
                "row turned": (TALL / 2, offset),
            }[self.standing]
            context.arc(x, y, 0.08, 0, 2 * np.pi)
            context.fill()


def opacity_of_chip(texts: ChipTexts, index: int, lit: float) -> float:
    """Return the opacity of a chip that is ``lit`` from 0 to 1."""
    least = _DIMMED_QUIET if texts.special[index] else _DIMMED
    return float(least + (1 - least) * lit)


def paint_chip(
    context: Context, texts: ChipTexts, index: int, left: float, tall: float, theme: Theme, alpha: float, ringed: float
) -> None:
    """Draw one chip, ``tall`` em high, whose left edge is ``left`` em from the origin; the context's unit is an em.

    ``ringed`` is the opacity of the ring around it.
    """
    text = outline(texts.labels[index])
    width, radius = text.width + 2 * PADDING, tall / 3
    begins, ends = 0.08 if texts.continues[index] else radius, radius
    sides = (ends, begins) if right_to_left(texts.labels[index]) else (begins, ends)
    rounded_rectangle(context, left, -tall / 2, width, tall, *sides)
    special = texts.special[index]
    set_color(context, theme.background if special else theme.surface, under_alpha(alpha))
    context.fill_preserve()
    if texts.unknown[index]:
        context.set_dash([0.22, 0.16])
    context.set_line_width(0.06)
    set_color(context, theme.quiet, alpha * (1.0 if texts.unknown[index] or special else 0.45))
    context.stroke()
    context.set_dash([])
    if ringed > 0:
        rounded_rectangle(context, left, -tall / 2, width, tall, *sides)
        stroke(context, RING, theme.text, alpha * ringed)
    # Letters stand on one line across chips; a line of emoji has none to stand on and is centred.
    context.translate(left + PADDING, CAP_HEIGHT / 2 if text.path else (text.top - text.bottom) / 2)
    text.draw(context, theme.quiet if special else theme.text, alpha, plated=True)
