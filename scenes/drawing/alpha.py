"""The two ways to keep a colour that light shines through: cairo's, and that of files."""

import numpy as np
from manim.typing import RGBAPixelArray


def straight_alpha(pixels: RGBAPixelArray) -> RGBAPixelArray:
    """Return ``pixels``, (height, width, 4), with colours as files keep them: cairo's are multiplied by their alpha.

    They are rounded, so that multiplying gives the same pixels again; Pillow, converting from ``RGBa``, cuts them off,
    which makes a fifth of all soft colours a level darker.
    """
    soft = (pixels[..., 3] > 0) & (pixels[..., 3] < 255)
    straight = pixels.copy()
    color, alpha = pixels[soft][:, :3].astype(np.uint16), pixels[soft][:, 3:].astype(np.uint16)
    straight[soft, :3] = np.minimum((color * 255 + alpha // 2) // alpha, 255)
    return straight
