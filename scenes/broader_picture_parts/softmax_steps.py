"""What turns scores into weights, said beside the arrow between them."""

from collections.abc import Sequence
from typing import NamedTuple

from attention import AttentionTrace
from scenes.content.scaling import divisor
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.look.theme import SCORE, WEIGHT, Theme
from scenes.mobjects.formula import Formula
from scenes.mobjects.label import LINE, Label
from scenes.places.layout import Region
from scenes.words import N_, _, pgettext


class SoftmaxSteps(NamedTuple):
    """What is said on one side of the arrow, and then on the other."""

    before: list[DrawnMobject]
    after: list[DrawnMobject]

    @property
    def width(self) -> float:
        """Of the widest part, in scene units."""
        return max(float(part.width) for part in (*self.before, *self.after))

    def stand(self, gap: Region, size: float, *, down: bool) -> None:
        """Stand over and under the middle of a ``gap``, or left and right of it where the arrow goes ``down``."""
        x, y = gap.center
        if down:
            for side, parts in ((-1, self.before), (1, self.after)):
                line = min(LINE * size, gap.height / max(len(parts), 1))
                for index, part in enumerate(parts):
                    away = 0.5 * size + part.width / 2
                    part.move_to((x + side * away, y + line * ((len(parts) - 1) / 2 - index), 0))
            return
        over = sum(part.height for part in self.before) + 0.2 * size * (len(self.before) - 1)
        _stack(self.before, x, y + 0.5 * size + over, 0.2 * size)
        _stack(self.after, x, y - 0.3 * size, 0.0)


def softmax_steps(trace: AttentionTrace, theme: Theme, size: float) -> SoftmaxSteps:
    """Name the steps that a trace has between scores and weights, in text of a ``size`` in em."""
    before: list[DrawnMobject] = []
    if trace.divisor != 1:
        before.append(Formula(f"div {divisor(trace)}", theme.ink(SCORE), size * 1.2))
    if trace.soft_cap is not None:
        before.append(Label(pgettext("step", "soft cap"), theme.ink(SCORE), size))
    after: list[DrawnMobject] = []
    if trace.position_bias is not None:
        after.append(Label(pgettext("step", "+ bias"), theme.ink(SCORE), size))
    steps = [*([pgettext("step", "mask")] if trace.masked else []), pgettext("step", "softmax")]
    after += [Label(step, theme.ink(WEIGHT), size) for step in steps]
    return SoftmaxSteps(before, after)


def what_scores_pass(trace: AttentionTrace) -> str:
    """Return a caption for the steps that a trace has between scores and weights."""
    steps = {  # whether they are scaled, capped and masked
        (False, False, False): N_("Softmax: the attention weights"),
        (True, False, False): N_("Scaled, then softmax: the attention weights"),
        (False, True, False): N_("Capped, then softmax: the attention weights"),
        (False, False, True): N_("Masked, then softmax: the attention weights"),
        (True, True, False): N_("Scaled, capped, then softmax: the attention weights"),
        (True, False, True): N_("Scaled, masked, then softmax: the attention weights"),
        (False, True, True): N_("Capped, masked, then softmax: the attention weights"),
        (True, True, True): N_("Scaled, capped, masked, then softmax: the attention weights"),
    }
    return _(steps[trace.divisor != 1, trace.soft_cap is not None, trace.masked])


def _stack(parts: Sequence[DrawnMobject], x: float, top: float, gap: float) -> None:
    for part in parts:
        part.move_to((x, top - part.height / 2, 0))
        top -= part.height + gap
