"""`Fact`: a number on the screen that knows where in the trace it comes from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenes.words import localized

_LONG = 1e7  # from which on numbers are printed with a power of ten


@dataclass(frozen=True)
class Fact:
    """A number of the trace, ready to be printed.

    Parameters
    ----------
    source
        What it is, as an expression of the trace's fields, such as ``"weights[0][2, 3]"``. Functions of NumPy may
        take part: ``"exp(scaled_scores[0][2, 3])"``. Tests compute it again from the model alone.
    value
        The number.
    decimals
        Printed after the point.
    """

    source: str
    value: float
    decimals: int = 2

    @property
    def text(self) -> str:
        """The number as it is printed."""
        return print_number(self.value, self.decimals)

    @property
    def printed(self) -> float:
        """The number that a reader finds."""
        return float(_as_python_prints(self.value, self.decimals))


def print_number(value: float, decimals: int) -> str:
    """Return ``value`` as the language prints it, with a true minus sign and no minus before a zero; NaN gives no text.

    What would be longer than a place can hold is printed with a power of ten.

    >>> print_number(-0.125, 2), print_number(-0.001, 2), print_number(25_123_456.0, 2)
    ('−0.12', '0.00', '2.5e7')
    """
    return localized(_as_python_prints(value, decimals).replace("-", "−"))


def _as_python_prints(value: float, decimals: int) -> str:
    if np.isnan(value):
        return ""
    if abs(value) >= _LONG:
        return f"{value:.1e}".replace("e+0", "e").replace("e+", "e")
    text = f"{value:.{decimals}f}"
    return text.lstrip("-") if float(text) == 0 else text


def fitting_decimals(values: NDArray[np.floating]) -> int:
    """Return how many decimals keep the largest of ``values`` within four digits: 2, 1 or 0."""
    largest = float(np.nanmax(np.abs(values), initial=0.0))
    return 2 if largest < 9.995 else 1 if largest < 99.95 else 0
