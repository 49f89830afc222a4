"""`Label` and `Caption`: lines of text, each one mobject."""

import re
from collections.abc import Sequence
from itertools import product

from scenes.drawing.cairo_context import Context, rounded_rectangle, set_color
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.drawing.outlines import Outline, outline
from scenes.drawing.text_fitting import balanced_lines
from scenes.look import fonts
from scenes.look.theme import Rgb

LINE = 1.3  # height of a line, in em
_BASELINE = 0.95  # below the top of the line, in em
_PLATE_FIRST = 8  # how much sooner than its text a ground is there: lines never show through letters
_PLATE = 0.22  # by which a label's ground is wider than its ink on each side, in em
_SPACE = 0.45  # width of a space between parts, in em
_SUBSCRIPT = re.compile(r"(?<=\bW)(_[QKVO])\b|(?<=\bd)(_(?:k|v|model))\b")  # of a symbol
_SMALL, _DROP, _AFTER = 0.73, 0.2, 0.06  # size of a subscript, how much lower it is, and the room after a piece, in em
_WORD_SPACE = 0.28  # beside a symbol, in em


Part = tuple[str | Fact, Rgb]


class Label(DrawnMobject):
    """One line of text and numbers, in parts that may differ in colour. Nothing in it is read as markup.

    Its box is as wide as the ink and one line high, so labels beside each other share their baseline.

    Parameters
    ----------
    parts
        A text, or texts and facts with their colours.
    color
        The colour of parts that have none.
    size
        In em, scene units.
    font, weight
        Names as Pango knows them.
    plate
        Colour of a ground under it, so that no line crosses it.

    Examples
    --------
    .. code-block:: python

        class Weight(DrawingScene):
            def construct(self):
                theme = THEMES["dark"]
                fact = Fact("weights[0][1, 1]", float(trace("The cat sat.").weights[0, 1, 1]))
                self.add(Label([("cat to cat:", theme.quiet), (fact, theme.text)], theme.text, 0.5))
    """

    def __init__(
        self,
        parts: str | Sequence[Part],
        color: Rgb,
        size: float,
        font: str = fonts.TEXT,
        weight: str = "NORMAL",
        plate: Rgb | None = None,
    ) -> None:
        self.parts = ((parts, color),) if isinstance(parts, str) else tuple(parts)
        self.font = font
        self.weight = weight
        self.plate = plate
        self.natural_width = sum(part.width for part in self._outlines()) + _SPACE * (len(self.parts) - 1)
        super().__init__(self.natural_width * size, LINE * size)

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the parts from left to right."""
        context.scale(width / max(self.natural_width, 1e-6), height / LINE)
        if self.plate:
            rounded_rectangle(context, -_PLATE, 0, self.natural_width + 2 * _PLATE, LINE, LINE / 3, LINE / 3)
            set_color(context, self.plate, min(_PLATE_FIRST * self.opacity[0], 1))
            context.fill()
        for paint in (Outline.case, Outline.fill):
            context.save()
            context.translate(0, _BASELINE)
            for part, (_, color) in zip(self._outlines(), self.parts, strict=True):
                paint(part, context, color, self.opacity[0])
                context.translate(part.width + _SPACE, 0)
            context.restore()

    def facts(self) -> list[Fact]:
        """Return the facts among the parts."""
        return [part for part, _ in self.parts if isinstance(part, Fact)]

    def _outlines(self) -> list[Outline]:
        texts = (part.text if isinstance(part, Fact) else part for part, _ in self.parts)
        return [outline(text, self.font, self.weight) for text in texts]


class Caption(DrawnMobject):
    """A sentence, centred, broken into lines that fit; symbols such as W_Q and d_model have their subscripts.

    Parameters
    ----------
    text
        The sentence.
    color
        Its colour.
    size
        In em, scene units.
    width
        What a line may take, in scene units.
    facts
        The numbers in it.

    Examples
    --------
    .. code-block:: python

        class Said(DrawingScene):
            def construct(self):
                self.add(Caption("Each row sums to 1", THEMES["dark"].text, 0.4, 6))
    """

    def __init__(self, text: str, color: Rgb, size: float, width: float, facts: Sequence[Fact] = ()) -> None:
        self.text = text
        self._facts = tuple(facts)
        self.ink = color
        self.size = size
        self.lines = balanced_lines(text, width / size)
        super().__init__(width, LINE * size * len(self.lines))

    def facts(self) -> list[Fact]:
        """Return the numbers in it."""
        return list(self._facts)

    def paint(self, context: Context, width: float, height: float) -> None:  # noqa: ARG002
        """Draw the lines under each other."""
        for index, line in enumerate(self.lines):
            pieces, length = _set_line(line)
            context.save()
            context.translate((width - length * self.size) / 2, (LINE * index + _BASELINE) * self.size)
            context.scale(self.size, self.size)
            for paint, (text, x, y, size) in product((Outline.case, Outline.fill), pieces):
                context.save()
                context.translate(x, y)
                context.scale(size, size)
                paint(outline(text), context, self.ink, self.opacity[0])
                context.restore()
            context.restore()


def _set_line(line: str) -> tuple[list[tuple[str, float, float, float]], float]:
    """Return a line's pieces with place and size in em, subscripts lower and smaller, and the length of all."""
    pieces, x = [], 0.0
    for text in filter(None, _SUBSCRIPT.split(line)):
        lowered = text.startswith("_")
        shown, size = (text[1:], _SMALL) if lowered else (text, 1.0)
        x += _WORD_SPACE * (len(shown) - len(shown.lstrip()))
        if shown.strip():
            pieces.append((shown.strip(), x, _DROP if lowered else 0.0, size))
            x += outline(shown.strip()).width * size + (_AFTER if _SUBSCRIPT.search(line) else 0.0)
        x += _WORD_SPACE * (len(shown) - len(shown.rstrip())) * bool(shown.strip())
    return pieces, x
