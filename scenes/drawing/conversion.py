"""From the camera's pixels to what an encoder takes: only the rectangle that changed is converted.

Red, green and blue become luma and chroma by one rule at every size, and each file says by which. Players guess where a
file says nothing: BT.601 below 720 lines, BT.709 from there on.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from av import VideoFormat, VideoFrame, VideoStream
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, VideoReformatter
from manim.typing import RGBAPixelArray
from numpy.typing import NDArray

from scenes.drawing.alpha import straight_alpha

_PLANAR = "yuv420p"  # luma, then two planes of chroma, each half as wide and high
_MARGIN = 2  # pixels around one whose chroma it is mixed into
_PLAYED_IN_BROWSERS = ("yuv420p", "yuva420p")
# The colours are a screen's, sRGB. The matrix is BT.601's also for large pictures, as browsers without
# a graphics card show BT.709's blue up to 12 levels wrong (libyuv on x86 cuts its largest coefficient off).
_FOR_BROWSERS: Mapping[str, Any] = {
    "dst_colorspace": Colorspace.ITU601,
    "dst_color_range": ColorRange.MPEG,
    "dst_color_primaries": ColorPrimaries.BT709,
    "dst_color_trc": ColorTrc.IEC61966_2_1,
}
# For editors, all that ProRes can say of itself.
_FOR_EDITORS: Mapping[str, Any] = {
    "dst_colorspace": Colorspace.ITU709,
    "dst_color_range": ColorRange.MPEG,
    "dst_color_primaries": ColorPrimaries.BT709,
    "dst_color_trc": ColorTrc.BT709,
}


class Converter:
    """Turns pictures of one size into video frames of one pixel format.

    The frames are the same, byte for byte, as those that FFmpeg makes of whole pictures, whose colours cairo multiplied
    by their alpha where a format has one.
    """

    def __init__(self, pixel_format: str) -> None:
        self.pixel_format = pixel_format
        self._colors = {} if VideoFormat(pixel_format).is_rgb else _FOR_EDITORS
        if pixel_format in _PLAYED_IN_BROWSERS:
            self._colors = _FOR_BROWSERS
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

    def say_colors(self, stream: VideoStream) -> None:
        """Let the file that ``stream``, which has not begun, is written into say what the frames' colours are."""
        frame, context = self._reformatted(VideoReformatter(), np.zeros((2, 2, 4), np.uint8)), stream.codec_context
        context.colorspace, context.color_range = frame.colorspace, frame.color_range
        context.color_primaries, context.color_trc = frame.color_primaries, frame.color_trc

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
        if any(component.is_alpha for component in VideoFormat(self.pixel_format).components):
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
