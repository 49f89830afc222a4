"""Cases of three choices of which only some are run each time: each two values of two choices still meet."""

from collections.abc import Iterable
from typing import Any

import pytest


def pairs_meet(first: Iterable[Any], second: Iterable[Any], third: Iterable[Any]) -> list[Any]:
    """Return all cases; those outside of a Latin square are part of the full audit.

    In it, each value of the ``first`` choice meets each of the ``second`` once, with values of the ``third`` in turn.

    >>> quick = [case.values for case in pairs_meet("ab", "xy", "12") if not case.marks]
    >>> ["".join(values) for values in quick]
    ['ax1', 'ay2', 'bx2', 'by1']
    """
    third = list(third)
    return [
        pytest.param(one, two, three, marks=() if index == (row + column) % len(third) else pytest.mark.full)
        for row, one in enumerate(first)
        for column, two in enumerate(second)
        for index, three in enumerate(third)
    ]
