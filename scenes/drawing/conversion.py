"""From the camera's pixels to what an encoder takes: only the rectangle that changed is converted.

Colours are sRGB's, whose primaries are those of ITU-R BT.709, and luma and chroma are made of them by the matrix of
BT.601; the stream says both, at every size, as players take what is not tagged for BT.709 from 720 lines on. The matrix
of BT.709 would be as right, but browsers without a GPU compute it with libyuv, whose factor for blue, 2.11, ends at 2.
"""

from typing import Any

import numpy as np
from av import VideoFormat, VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, VideoReformatter
from manim.typing import RGBAPixelArray
from numpy.typing import NDArray

from scenes.drawing.alpha import straight_alpha

_PLANAR = "yuv420p"  # luma, then two planes of chroma, each half as wide and high
COLORS: dict[str, Any] = {  # as `VideoReformatter` takes it
    "dst_colorspace": Colorspace.ITU601,
    "dst_color_range": ColorRange.MPEG,
    "dst_color_primaries": ColorPrimaries.BT709,
    "dst_color_trc": ColorTrc.BT709,
}
_MARGIN = 2  # pixels around one whose chroma it is mixed into


def tag_colors(encoder: Any, pixel_format: str) -> None:
    """Let the stream of ``encoder``, a video codec's context, say how its colours were made."""
    if not VideoFormat(pixel_format).is_rgb:
        for name, value in COLORS.items():
            setattr(encoder, name.removeprefix("dst_"), value)


class Converter:
    """Turns pictures of one size into video frames of one pixel format.

    The frames are the same, byte for byte, as those that FFmpeg makes of whole pictures, whose colours cairo multiplied
    by their alpha where a format has one.
    """

    def __init__(self, pixel_format: str) -> None:
        self.pixel_format = pixel_format
        form = VideoFormat(pixel_format)
        self._has_alpha = any(component.is_alpha for component in form.components)
        self._colors = {} if form.is_rgb else COLORS
        # kept, as setting one up takes as long as converting a small picture; one for all that has the same size
        self._whole, self._part = VideoReformatter(), VideoReformatter()
        self._pixels: RGBAPixelArray | None = None  # of the last frame
        self._frame: VideoFrame

    def convert(self, pixels: RGBAPixelArray) -> VideoFrame:
        """Return ``pixels``, (height, width, 4), as a frame; the last one again if it is the same picture."""
        if pixels is not self._pixels:
            self._frame = self._converted(pixels)
            self._pixels = pixels
        return self._frame

    def _converted(self, pixels: RGBAPixelArray) -> VideoFrame:
        if self._pixels is None or self.pixel_format != _PLANAR or any(side % 2 for side in pixels.shape[:2]):
            return self._reformatted(self._whole, pixels)
        differs = _as_integers(pixels) != _as_integers(self._pixels)
        rows = np.flatnonzero(differs.any(axis=1))
        if not len(rows):
            return self._frame
        columns = np.flatnonzero(differs[rows[0] : rows[-1] + 1].any(axis=0))
        height, width = differs.shape
        top, bottom = _grown(rows[0], rows[-1] + 1, height)
        left, right = _grown(columns[0], columns[-1] + 1, width)
        if (bottom - top) * (right - left) > height * width / 2:
            return self._reformatted(self._whole, pixels)
        above, below = _grown(top, bottom, height)
        before, after = _grown(left, right, width)
        part = self._reformatted(self._part, np.ascontiguousarray(pixels[above:below, before:after]))
        frame = VideoFrame(width, height, self.pixel_format)
        frame.colorspace, frame.color_range = part.colorspace, part.color_range
        frame.color_primaries, frame.color_trc = part.color_primaries, part.color_trc
        for new, old, changed, size in zip(_planes(frame), _planes(self._frame), _planes(part), (1, 2, 2), strict=True):
            new[:] = old
            inside = changed[(top - above) // size :, (left - before) // size :]
            target = new[top // size : -(-bottom // size), left // size : -(-right // size)]
            target[:] = inside[: target.shape[0], : target.shape[1]]
        return frame

    def _reformatted(self, reformatter: VideoReformatter, pixels: RGBAPixelArray) -> VideoFrame:
        if self._has_alpha:
            pixels = straight_alpha(pixels)
        rgba = VideoFrame.from_numpy_buffer(pixels, format="rgba")  # type: ignore[arg-type]  # uint8, as Manim checks
        return reformatter.reformat(rgba, format=self.pixel_format, **self._colors)


def _as_integers(pixels: RGBAPixelArray) -> NDArray[np.uint32]:
    return np.ascontiguousarray(pixels).view(np.uint32)[..., 0]


def _grown(start: int, end: int, limit: int) -> tuple[int, int]:
    """Return the range with its margin, from one pixel of chroma to another, within 0 to ``limit``."""
    start, end = int(start) - _MARGIN, int(end) + _MARGIN
    return max(start - start % 2, 0), min(end + end % 2, limit)


def _planes(frame: VideoFrame) -> list[Any]:
    return [
        np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
        for plane in frame.planes
    ]
