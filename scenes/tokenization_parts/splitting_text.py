"""`SplittingText`: a text that comes apart into its tokens."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from attention import AttentionTrace
from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.outlines import Outline, outline
from scenes.drawing.text_fitting import shorten
from scenes.look.theme import Rgb
from scenes.places.fitting import sizes
from scenes.places.layout import Region
from scenes.tokenization_parts.text_lines import TextLine, break_text, centred, lines_of

PITCH = 1.4  # of two lines, in em
_OVER = 0.1  # by which letters may reach over the next ones, in em
_MUCH = 1.4  # how much larger a text is that is broken as there is room, to be so


class SplittingText(DrawnMobject):
    """The sentence as it was written, centred in lines; then each token's letters go their own way.

    ``places`` (n, 3) says where the letters of each token stand: left edge and baseline in scene units from the upper
    left corner, y downward, and their size in em. ``parted`` is 0 while the text is whole and 1 once it is not.
    ``parts`` says whether it can come apart without letters that cross each other: its lines are those asked for, and
    letters that are joined in the line (Arabic), and take their own shape alone, have room for that.

    Parameters
    ----------
    trace
        The sentence and its tokens.
    labels
        What each token shows when it stands alone, n texts.
    region
        Where the text stands, in scene units.
    largest, smallest
        Bounds of its size, in em.
    color
        Of the letters.
    ranges
        The tokens that shall stand in each line, as the chips do that they go to: so no word passes through another.
        Where the text would be much smaller so, or none are given, lines are broken as there is room, and those that
        have none are left out.

    Examples
    --------
    .. code-block:: python

        class Apart(DrawingScene):
            def construct(self):
                traced = trace("The cat sat.")
                text = SplittingText(traced, traced.labels, Region(-6, -3, 6, 3), 0.6, 0.2, (1, 1, 1), [range(4)])
                self.play(Change(text, places=text.places * [1.5, 1, 1] - [3, 0, 0], parted=1))
    """

    changing = ("opacity", "places", "parted", "shown")

    def __init__(
        self,
        trace: AttentionTrace,
        labels: tuple[str, ...],
        region: Region,
        largest: float,
        smallest: float,
        color: Rgb,
        ranges: Sequence[range],
    ) -> None:
        super().__init__(region.width, region.height)
        self.points = region.corners
        self.natural = region.width, region.height
        self.labels = labels
        self.ink = color
        self.lines, self.size = _fit(trace, region, largest, smallest, ranges)
        as_given = [line.tokens for line in self.lines] == list(ranges)
        self.parts = as_given and not any(self._covered(line) for line in self.lines)
        self.starts = centred(self.lines, region.width, region.height, self.size, PITCH)
        self.places: Array = np.array(
            [
                [x + left * self.size, y, self.size]
                for line, (x, y) in zip(self.lines, self.starts.tolist(), strict=True)
                for left in line.lefts
            ]
        )
        self.parted: Array = np.zeros(1)
        self.shown: Array = np.ones(len(labels))

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the lines, or the letters of each token where it stands."""
        context.scale(width / self.natural[0], height / self.natural[1])
        if self.parted[0] == 0:
            for line, (x, y) in zip(self.lines, self.starts.tolist(), strict=True):
                self._draw(context, outline(line.text), x, y, self.size, 1.0)
            return
        for label, (x, y, size), shown in zip(self.labels, self.places.tolist(), self.shown.tolist(), strict=True):
            self._draw(context, outline(label), x, y, size, shown)

    def _covered(self, line: TextLine) -> bool:
        """Whether letters of a token would lie over the next one's, were they to take their own shape."""
        boxes = sorted(
            (left, left + outline(self.labels[token]).width)
            for token, left in zip(line.tokens, line.lefts, strict=True)
        )
        return any(end - start > _OVER for (_, end), (start, _) in pairwise(boxes))

    def _draw(self, context: Context, text: Outline, x: float, y: float, size: float, alpha: float) -> None:
        context.save()
        context.translate(x, y)
        context.scale(size, size)
        text.draw(context, self.ink, self.opacity[0] * alpha)
        context.restore()


def _fit(
    trace: AttentionTrace, region: Region, largest: float, smallest: float, ranges: Sequence[range]
) -> tuple[tuple[TextLine, ...], float]:
    """Return the lines and the largest size at which they fit into the region."""
    given = lines_of(trace, ranges)
    widest = max((outline(line.text).width for line in given), default=1.0)
    size = min(largest, region.width / widest, region.height / (max(len(given), 1) * PITCH))
    for own in sizes(largest, smallest, finer=0.93):
        lines = break_text(trace, region.width / own)
        if len(lines) * PITCH * own <= region.height:
            break
    if given and _MUCH * size > own and size >= smallest:
        return given, size
    most = max(int(region.height / (PITCH * own) + 1e-6), 1)
    return (lines if len(lines) <= most else (*lines[: most - 1], _cut(lines[most - 1], region.width / own))), own


def _cut(line: TextLine, width: float) -> TextLine:
    """Return a line that says that the text goes on."""
    return replace(line, text=shorten(f"{line.text}…", width))
