"""The formulas that stand beside the lines of the code."""

import re
from collections.abc import Mapping, Sequence

from scenes.mobjects.formula import Formula
from scenes.places.layout import Frame
from scenes.pytorch_code_parts.class_source import Statement
from scenes.pytorch_code_parts.code_panel import CodePanel
from scenes.pytorch_code_parts.code_variables import Shown

_OF_PITCH = 0.85  # size of a formula at most, as a share of the distance of two rows


def line_formulas(
    code: CodePanel, steps: Sequence[Statement], variables: Mapping[str, Shown], frame: Frame
) -> dict[str, Formula]:
    """Return the formulas of the variables that lines assign, as far as there is room for them in the panel.

    They begin under each other, but where a line is too long for that.
    """
    if len(code.rows) > code.room:
        return {}  # it scrolls
    told = [step for step in steps if step.name in variables and variables[step.name].formula]
    size, found = min(frame.text * 1.05, _OF_PITCH * code.pitch * code.size), {}
    formulas = {step.name: Formula(variables[step.name].formula, code.inks[step.name], size) for step in told}
    widest = max((formula.width for formula in formulas.values()), default=0.0)
    for step in told:
        room, formula = code.beside(step.lines), formulas[step.name]
        if formula.width <= room.width and size >= 1.08 * frame.smallest_text:  # its capitals are lower
            left = min(max(room.left, room.right - widest), room.right - formula.width)
            formula.move_to((left + formula.width / 2, room.center[1] + _raised(formula, size), 0))
            found[step.name] = formula
    return found


def _raised(formula: Formula, size: float) -> float:
    """Return how far a formula's middle is over that of its letters: half of its superscripts less its subscripts."""
    over, under = (
        formula.height - Formula(re.sub(script, "", formula.source), formula.ink, size).height
        for script in (r"\^\w+", r"_\w+")
    )
    return (over - under) / 2
