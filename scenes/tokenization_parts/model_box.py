"""`ModelBox`: the model as a box, before anything is known of what is in it."""

from attention import AttentionTrace
from scenes.drawing.cairo_context import Context, rounded_rectangle, set_color
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.outlines import CAP_HEIGHT, Outline, outline
from scenes.drawing.text_fitting import break_lines, shorten
from scenes.look import fonts
from scenes.look.theme import WEIGHT, Theme
from scenes.mobjects.label import LINE
from scenes.places.layout import Frame
from scenes.words import N_, _

SHIPPED = "tiny"  # the model that comes with the package
TRAINED_ON = N_("27 public-domain children's books")  # what its file says
_NAME = 0.75  # size of what is in it, in heroes
_MARGIN = 0.3  # beside the texts, in em of the largest
_APART = 0.6  # between what is in it and what made it, in em of a label's


class ModelBox(DrawnMobject):
    """A box that says what is in it, its name where it is not the model that comes along, and what made it.

    Parameters
    ----------
    trace
        Gives the model.
    width, height
        In scene units; it is higher where its texts ask for that.
    frame, theme
        Give sizes and colours.

    Examples
    --------
    .. code-block:: python

        class Model(DrawingScene):
            def construct(self):
                self.add(ModelBox(trace("The cat sat."), 3, 4, Frame("16:9"), THEMES["dark"]))
    """

    def __init__(self, trace: AttentionTrace, width: float, height: float, frame: Frame, theme: Theme) -> None:
        self.theme, self.large, self.small = theme, _NAME * frame.hero, frame.text
        room = width - 2 * _MARGIN * self.large
        made = [] if trace.model == SHIPPED else [trace.model]
        made += [_("trained on {texts}", texts=_(trace.trained_on))] if trace.trained_on else []
        self.inside = _fitted(_("self-attention"), room / self.large, "BOLD")
        self.made = [line for said in made for line in _fitted(said, room / self.small, "NORMAL")]
        self.text_height = LINE * (self.large * len(self.inside) + self.small * (len(self.made) + _APART * bool(made)))
        super().__init__(width, max(height, self.text_height + 2 * _MARGIN * self.large))

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the box, then the lines in its middle."""
        radius = 0.5 * self.large
        rounded_rectangle(context, 0, 0, width, height, radius, radius)
        set_color(context, self.theme.surface, self.opacity[0])
        context.fill_preserve()
        context.set_line_width(0.1 * self.large)
        set_color(context, self.theme.ink(WEIGHT), self.opacity[0])
        context.stroke()
        y = (height - self.text_height) / 2
        for line in self.inside:
            y += LINE * self.large
            self._write(context, outline(line, fonts.TEXT, "BOLD"), width / 2, y, self.large)
        y += _APART * LINE * self.small
        for line in self.made:
            y += LINE * self.small
            self._write(context, outline(line), width / 2, y, self.small)

    def _write(self, context: Context, line: Outline, x: float, bottom: float, size: float) -> None:
        context.save()
        context.translate(x, bottom - (LINE - CAP_HEIGHT) / 2 * size)
        context.scale(size, size)
        context.translate(-line.width / 2, 0)
        line.draw(context, self.theme.text, self.opacity[0], plated=True)
        context.restore()


def _fitted(text: str, width: float, weight: str) -> list[str]:
    """Return a text in lines; where a word is wider than the box, words are broken at hyphens, or cut."""
    lines = break_lines(text, width)
    if any(outline(line, fonts.TEXT, weight).width > width for line in lines):
        lines = break_lines(text.replace("-", "- "), width)
    return [shorten(line, width) for line in lines]
