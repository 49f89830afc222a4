"""How different two colours look, to all eyes and to those that lack one kind of cone."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from scenes.look.theme import Rgb, linear

# Machado, Oliveira and Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision Deficiency"
SIGHTS: Mapping[str, NDArray[np.float64]] = {
    "full colour vision": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
# Ottosson 2020, "A perceptual color space for image processing": Oklab
_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def distance(one: Rgb, other: Rgb, sight: str) -> float:
    """Return how far two colours are from each other in Oklab as one of `SIGHTS` has them; black to white is 100."""
    return 100 * float(np.linalg.norm(_oklab(one, SIGHTS[sight]) - _oklab(other, SIGHTS[sight])))


def _oklab(color: Rgb, sight: NDArray[np.float64]) -> NDArray[np.float64]:
    seen = np.clip(sight @ linear(color), 0, 1)
    result: NDArray[np.float64] = _LAB @ np.cbrt(_CONES @ seen)
    return result
