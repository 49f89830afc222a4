"""`WrittenSum`: one number of a token's output, its terms under each other with the token that each is of."""

import numpy as np
from manim import Group, Mobject

from attention import AttentionTrace
from scenes.context_vectors_parts.clear_columns import SHARE_DECIMALS
from scenes.context_vectors_parts.one_chip import one_chip
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact, fitting_decimals
from scenes.look.fonts import MONO
from scenes.look.theme import OUTPUT, VALUE, WEIGHT, Theme
from scenes.mobjects.label import LINE, Label
from scenes.places.fitting import first_fit, sizes
from scenes.places.layout import Frame, Region
from scenes.words import _, ngettext

_LARGEST = 1.15  # in em of the captions
_APART = 0.3  # between lines, in em
_TOTAL = 1.15  # how much larger the result is than its terms


class WrittenSum(Group):
    """Line by line a token's chip, its weight times its value and the product; then the other terms and the result.

    Parameters
    ----------
    trace, head, token, component
        Give the number.
    others
        The tokens whose terms have lines, the largest first.
    region
        Where it is written.
    frame, theme
        Give sizes and colours.

    Examples
    --------
    .. code-block:: python

        class Written(DrawingScene):
            def construct(self):
                traced, frame = trace("The cat sat."), Frame("16:9")
                self.add(WrittenSum(traced, 0, 1, 5, [0, 2], Region(-4, -2, 4, 2), frame, THEMES["dark"]))
    """

    def __init__(
        self,
        trace: AttentionTrace,
        head: int,
        token: int,
        component: int,
        others: list[int],
        region: Region,
        frame: Frame,
        theme: Theme,
    ) -> None:
        self.trace, self.token, self.others, self.theme = trace, token, others, theme
        self.hidden = int(trace.mask[token].sum()) - len(others)
        self._read(head, component)

        def write(size: float) -> Group | None:
            lines = self._write(size)
            fits = Group(*lines).width <= region.width and Group(*lines).height <= region.height
            return Group(*lines) if fits else None

        lines = first_fit(write, sizes(frame.text * _LARGEST, frame.smallest_text))
        self.lines = list(lines or Group(*self._write(frame.smallest_text)))
        super().__init__(*self.lines)
        self.move_to((*region.center, 0))

    @property
    def adds_up(self) -> bool:
        """Whether what is printed of the terms adds up to what is printed of the result."""
        added = sum(fact.printed for fact in (*self.terms, *([self.rest] if self.hidden else [])))
        return bool(abs(added - self.result.printed) < 0.1 * 10**-self.result.decimals)

    def of(self, line: int) -> list[DrawnMobject]:
        """Return the parts of a line."""
        return [part for part in self.lines[line].get_family() if isinstance(part, DrawnMobject)]

    def _read(self, head: int, component: int) -> None:
        """Read the facts of the trace."""
        trace, token, others = self.trace, self.token, self.others
        weights, values = trace.weights[head][token].astype(float), trace.values[head][:, component].astype(float)
        decimals, total = fitting_decimals(trace.values[head]), float(trace.context[head][token, component])
        share, value = f"weights[{head}][{token}, {{}}]", f"values[{head}][{{}}, {component}]"
        self.shares = [Fact(share.format(one), float(weights[one]), SHARE_DECIMALS) for one in others]
        self.values = [Fact(value.format(one), float(values[one]), decimals) for one in others]
        self.terms = [
            Fact(f"{one.source} * {other.source}", one.value * other.value, decimals)
            for one, other in zip(self.shares, self.values, strict=True)
        ]
        self.result = Fact(f"context[{head}][{token}, {component}]", total, decimals)
        written = f"sum({share.format(others)} * {value.format(others)})"
        rest = float((weights * values).sum() - (weights * values)[others].sum())
        self.rest = Fact(f"{self.result.source} - {written}", rest, decimals)

    def _write(self, size: float) -> list[Mobject]:
        """Return the lines with letters of that ``size``, the numbers that add up under each other."""
        theme = self.theme
        quiet, weight, value, made = theme.quiet, theme.ink(WEIGHT), theme.ink(VALUE), theme.ink(OUTPUT)
        said: list[tuple[list[DrawnMobject], Label]] = []
        for other, share, factor, term in zip(self.others, self.shares, self.values, self.terms, strict=True):
            chip = one_chip(self.trace, other, self.token, size, theme)
            product = Label([(share, weight), ("×", quiet), (factor, value), ("=", quiet)], theme.text, size, MONO)
            said.append(([chip, product], Label([(term, theme.text)], theme.text, size, MONO)))
        if self.hidden:
            words = ngettext("{number} more term", "{number} more terms", self.hidden, number=self.hidden)
            rest = Label([(self.rest, theme.text)], theme.text, size, MONO)
            said.append(([Label([(words, quiet), ("=", quiet)], quiet, size)], rest))
        total = Label([(self.result, made)], theme.text, size * _TOTAL, MONO)
        said.append(([Label([(_("sum"), made), ("=", quiet)], theme.text, size * _TOTAL)], total))
        lines: list[Mobject] = []
        right = 0.0
        for index, (before, number) in enumerate(said):
            y = -index * (LINE + _APART) * size
            number.move_to((right - number.width / 2, y, 0))
            edge = right - max(other.width for _, other in said) - 0.6 * size
            for part in reversed(before):
                part.move_to((edge - part.width / 2, y, 0))
                edge -= part.width + 0.5 * size
            lines.append(Group(*before, number))
        return lines


def largest_terms(
    trace: AttentionTrace, head: int, token: int, component: int, among: list[int], most: int
) -> list[int]:
    """Return at most ``most`` tokens ``among`` those shown whose terms of a number of the output are the largest."""
    terms = np.abs(trace.weights[head][token] * trace.values[head][:, component])
    return sorted(among, key=lambda other: -terms[other])[:most]
