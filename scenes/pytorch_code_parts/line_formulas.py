"""The formulas that stand beside the lines of the code."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from scenes.drawing.typesetting import typeset
from scenes.mobjects.formula import Formula
from scenes.pytorch_code_parts.class_source import Statement
from scenes.pytorch_code_parts.code_panel import CodePanel
from scenes.pytorch_code_parts.code_variables import Shown

_APART = 0.07  # of formulas in neighbouring rows, in em


def line_formulas(
    code: CodePanel, steps: Sequence[Statement], variables: Mapping[str, Shown], least: float, largest: float
) -> dict[str, Formula]:
    """Return the formulas of the variables that lines assign, as far as there is room for them in the panel.

    They begin under each other, but where a line is too long for that. None reaches into that of the next row, for
    which they may be smaller than ``largest``, in em, but not than ``least``.
    """
    if len(code.rows) > code.room:
        return {}  # it scrolls
    told = [step for step in steps if step.name in variables and variables[step.name].formula]
    parts = {step.name: _over_and_under(variables[step.name].formula) for step in told}
    apart = max((one[1] + other[0] for one, other in pairwise(parts.values())), default=1.0) + _APART
    size, found = min(largest, code.pitch * code.size / apart), {}
    if size < least:
        return {}
    formulas = {step.name: Formula(variables[step.name].formula, code.inks[step.name], size) for step in told}
    widest = max((formula.width for formula in formulas.values()), default=0.0)
    for step in told:
        room, formula = code.beside(step.lines), formulas[step.name]
        if formula.width <= room.width:
            left = min(max(room.left, room.right - widest), room.right - formula.width)
            over, under = parts[step.name]
            formula.move_to((left + formula.width / 2, room.center[1] + (over - under) * size / 2, 0))
            found[step.name] = formula
    return found


def _over_and_under(source: str) -> tuple[float, float]:
    """Return how far a formula goes over and under the middle of its letters, in em."""
    whole = typeset(source).height
    raised, lowered = (whole - typeset(re.sub(script, "", source)).height for script in (r"\^\w+", r"_\w+"))
    letters = whole - raised - lowered
    return letters / 2 + raised, letters / 2 + lowered
