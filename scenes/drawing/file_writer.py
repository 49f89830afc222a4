"""`WholeFileWriter`: Manim's writer, except that a file has its name only once it is whole.

Manim writes segments and the finished movie under their final names; when a render is killed, or the disk is full, a
broken file stays there and the next render takes it for a cached one. Here both are written beside their place and
renamed at the end. (Could go upstream: Manim does the same for its concat manifest.)
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from av import VideoFormat, VideoFrame, VideoStream
from manim import SceneFileWriter
from manim._config.video_encoder import VideoEncoderSpec
from manim.scene.video_segment_encoder import VideoSegmentEncoder
from manim.typing import RGBAPixelArray

from scenes.drawing.alpha import straight_alpha


class WholeSegmentEncoder(VideoSegmentEncoder):
    """Encodes beside ``target`` and takes its name when finished; a picture that stands still is converted once."""

    _pixels: RGBAPixelArray | None = None  # converted last
    _converted: VideoFrame

    def __init__(self, *, target: Path, spec: VideoEncoderSpec) -> None:
        self._unfinished = beside(target)
        super().__init__(target=self._unfinished, spec=spec)
        self.target = target
        self._has_alpha = any(component.is_alpha for component in VideoFormat(spec.pixel_format).components)

    def write_frame(self, pixels: RGBAPixelArray, *, repeat: int = 1) -> None:
        """Encode ``pixels`` ``repeat`` times."""
        self._validate_frame(pixels, repeat)
        try:
            if pixels is not self._pixels:
                self._pixels = pixels
                straight = straight_alpha(pixels) if self._has_alpha else pixels
                rgba = VideoFrame.from_ndarray(straight, format="rgba")  # type: ignore[arg-type]  # uint8, as was checked
                self._converted = rgba.reformat(format=self.spec.pixel_format)
                self._converted.time_base = 1 / self.spec.frame_rate
            for _ in range(repeat):
                self._converted.pts = self._next_pts
                self._next_pts += 1
                self._container.mux(cast(VideoStream, self._stream).encode(self._converted))
        except BaseException as error:
            raise self._operation_error("encode", error) from error

    def finish(self) -> None:
        """Close the segment and give it its name."""
        super().finish()
        self._unfinished.replace(self.target)

    def abort(self) -> None:
        """Remove what has been written so far, and leave a file of the final name alone."""
        self.target = self._unfinished
        super().abort()


class WholeFileWriter(SceneFileWriter):
    """Writes segments and movies so that none is ever seen half-written."""

    def _create_segment_encoder(self, target: Path) -> VideoSegmentEncoder:
        if self.video_encoder is None:
            raise RuntimeError("video segments need a video encoder")
        return WholeSegmentEncoder(target=target, spec=self.video_encoder)

    @staticmethod
    def _concat_manifest_bytes(input_files: list[str]) -> bytes:
        return concat_manifest(map(Path, input_files))

    def combine_files(self, input_files: list[str], output_file: Path, *args: Any, **kwargs: Any) -> None:
        """Join segments into ``output_file``; an older file of that name stays until the new one is whole."""
        unfinished = beside(self.partial_movie_directory / output_file.name)
        try:
            super().combine_files(input_files, unfinished, *args, **kwargs)
            unfinished.replace(output_file)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        self._clear_away_what_killed_renders_left()

    def _clear_away_what_killed_renders_left(self) -> None:
        for file in self.partial_movie_directory.glob(".*.*.*"):
            process = file.suffixes[-2].removeprefix(".")
            if process.isdecimal() and not _alive(int(process)):
                file.unlink(missing_ok=True)


def concat_manifest(files: Iterable[Path]) -> bytes:
    """Return FFmpeg's list of files to join; unlike Manim's, it stands a quote in a folder's name."""
    return "".join("file 'file:{}'\n".format(file.as_posix().replace("'", r"'\''")) for file in files).encode()


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def beside(path: Path) -> Path:
    """Return a hidden name in the same folder that no other process uses, with the same ending."""
    return path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
