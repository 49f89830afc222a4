"""How alike the directions of two vectors are."""

import numpy as np
from numpy.typing import NDArray


def cosine(first: NDArray[np.floating], second: NDArray[np.floating]) -> float:
    """Return the cosine of the angle between two vectors (d,); 0 if one of them has no direction."""
    first, second = first.astype(float), second.astype(float)
    return float(first @ second) / max(float(np.linalg.norm(first) * np.linalg.norm(second)), 1e-12)
