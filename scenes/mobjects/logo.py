"""`Logo`: a picture of one's own, from a PNG or as vectors from an SVG."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cairo
import svgelements
from PIL import Image

from attention import UserError
from attention.errors import first_line
from scenes.drawing.cairo_context import Context, set_color, set_picture
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.outlines import as_surface
from scenes.look.theme import Rgb

Paint = tuple[Rgb, float]  # colour and opacity


@dataclass(frozen=True)
class _Shape:
    """A part of an SVG, in its units, y downward."""

    path: Any  # cairo's Path
    rule: cairo.FillRule  # what is inside of it
    fill: Paint | None
    stroke: Paint | None
    width: float  # of its stroke


class Logo(DrawnMobject):
    """A picture from a file, a unit high.

    Of an SVG, all shapes are drawn in their plain colours; its texts have to be paths.

    Parameters
    ----------
    file
        A PNG, or an SVG.

    Raises
    ------
    UserError
        If an SVG cannot be read, or nothing in it can be drawn.

    Examples
    --------
    .. code-block:: python

        class Marked(DrawingScene):
            def construct(self):
                from pathlib import Path

                Path("dot.svg").write_text('<svg viewBox="0 0 9 9"><circle cx="4" cy="4" r="3" fill="#fff"/></svg>')
                self.add(Logo(Path("dot.svg")).scale(3))
    """

    def __init__(self, file: Path) -> None:
        self.shapes: list[_Shape] = []
        self.picture: cairo.ImageSurface | None = None
        if file.suffix.lower() == ".svg":
            self.shapes, self.size = _read(file)
            if not self.shapes or min(self.size) <= 0:
                raise UserError(f"{file} holds no shape: turn its texts into paths, or give a PNG")
        else:
            self.picture = as_surface(Image.open(file))
            self.size = float(self.picture.get_width()), float(self.picture.get_height())
        super().__init__(self.size[0] / self.size[1], 1.0)

    @property
    def ratio(self) -> float:
        """Its width by its height."""
        return self.size[0] / self.size[1]

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw it as large as the rectangle."""
        context.scale(width / self.size[0], height / self.size[1])
        for shape in self.shapes:
            self._paint_shape(context, shape)
        if self.picture:
            set_picture(context, self.picture)
            pattern = context.get_source()
            pattern.set_filter(cairo.FILTER_BEST)
            pattern.set_extend(cairo.EXTEND_PAD)  # else its edges mix with what is around it
            context.rectangle(0, 0, *self.size)
            context.fill()

    def _paint_shape(self, context: Context, shape: _Shape) -> None:
        context.append_path(shape.path)
        context.set_fill_rule(shape.rule)
        context.set_line_width(shape.width)
        for paint, draw in ((shape.fill, context.fill_preserve), (shape.stroke, context.stroke_preserve)):
            if paint:
                color, alpha = paint
                set_color(context, color, alpha * float(self.opacity[0]))
                draw()
        context.new_path()


def _read(file: Path) -> tuple[list[_Shape], tuple[float, float]]:
    """Return the shapes in an SVG, and its width and height."""
    try:
        drawing = svgelements.SVG.parse(str(file))
        return list(_shapes(drawing)), (float(drawing.width), float(drawing.height))
    except Exception as error:  # whatever a file makes it stumble over, such as a shape that uses itself
        raise UserError(f"{file} cannot be drawn ({first_line(error)}): simplify it, or give a PNG") from None


def _shapes(drawing: svgelements.SVG) -> Iterator[_Shape]:
    for shape in drawing.elements(lambda each: isinstance(each, svgelements.Shape)):
        fill, stroke = _paint(shape.fill), _paint(shape.stroke)
        if fill or stroke:
            even_odd = shape.values.get("fill-rule") == "evenodd"
            rule = cairo.FILL_RULE_EVEN_ODD if even_odd else cairo.FILL_RULE_WINDING
            yield _Shape(_path(svgelements.Path(shape)), rule, fill, stroke, float(shape.stroke_width or 0))


def _paint(color: svgelements.Color) -> Paint | None:
    if color.value is None or not color.alpha:
        return None
    return (color.red / 255, color.green / 255, color.blue / 255), color.alpha / 255


def _path(steps: svgelements.Path) -> Any:
    """Return an SVG's path as cairo has it."""
    steps.approximate_arcs_with_cubics()
    context: Context = cairo.Context(cairo.RecordingSurface(cairo.CONTENT_ALPHA, None))
    for step in steps:
        match step:
            case svgelements.Move():
                context.move_to(*step.end)
            case svgelements.Close():
                context.close_path()
            case svgelements.Line():
                context.line_to(*step.end)
            case svgelements.QuadraticBezier():
                first, second = (svgelements.Point.towards(end, step.control, 2 / 3) for end in (step.start, step.end))
                context.curve_to(*first, *second, *step.end)
            case svgelements.CubicBezier():
                context.curve_to(*step.control1, *step.control2, *step.end)
    return context.copy_path()
