"""Converting only what changed gives the same frames as converting all."""

import numpy as np
import pytest
from av import VideoFrame
from av.video.reformatter import ColorRange, Colorspace

from scenes.drawing.alpha import straight_alpha
from scenes.drawing.conversion import COLORS, Converter

BT601 = {"dst_colorspace": Colorspace.ITU601, "dst_color_range": ColorRange.MPEG}
RANDOM = np.random.default_rng(0)


def noise(height: int, width: int) -> np.ndarray:
    return RANDOM.integers(0, 256, (height, width, 4), dtype=np.uint8)


@pytest.mark.parametrize("size", [(48, 86), (47, 85), (2, 2)])
@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuva420p", "argb"])
def test_frames_are_those_of_whole_pictures(size: tuple[int, int], pixel_format: str) -> None:
    height, width = size
    converter = Converter(pixel_format)
    pixels = noise(height, width)
    for _ in range(50):
        frame = converter.convert(pixels)
        straight = pixels if pixel_format == "yuv420p" else straight_alpha(pixels)
        colors = {} if pixel_format == "argb" else COLORS
        whole = VideoFrame.from_ndarray(straight, format="rgba").reformat(format=pixel_format, **colors)
        assert (frame.colorspace, frame.color_range) == (whole.colorspace, whole.color_range)
        assert all(np.array_equal(one, other) for one, other in zip(visible(frame), visible(whole), strict=True)), (
            "a plane differs"
        )
        pixels = pixels.copy()
        top, left = RANDOM.integers(0, height), RANDOM.integers(0, width)
        part = pixels[top : top + RANDOM.integers(0, height), left : left + RANDOM.integers(0, width)]
        part[:] = noise(*part.shape[:2])


def visible(frame: VideoFrame) -> list[np.ndarray]:
    return [
        np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[
            : plane.height, : plane.width * (4 if frame.format.name == "argb" else 1)
        ]
        for plane in frame.planes
    ]


def test_a_picture_that_stands_still_is_the_same_frame() -> None:
    converter, pixels = Converter("yuv420p"), noise(10, 10)
    assert converter.convert(pixels) is converter.convert(pixels)
    assert converter.convert(pixels) is converter.convert(pixels.copy())
