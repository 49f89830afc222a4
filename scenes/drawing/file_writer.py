"""`WholeFileWriter`: Manim's writer, except that a file has its name only once it is whole, and is used only while so.

Manim writes segments and the finished movie under their final names; when a render is killed, or the disk is full, a
broken file stays there and the next render takes it for a cached one. Here both are written beside their place and
renamed at the end, and each segment has a seal: one that is damaged, or drawn by code that has changed since, is made
again. (Could go upstream: Manim does the same for its concat manifest.)
"""

from pathlib import Path
from typing import Any

from av import VideoFrame
from manim.typing import RGBAPixelArray, StrPath

from attention.files import beside
from scenes.drawing.conversion import Converter, tag_colors
from scenes.drawing.manim_insides import FrameEncoder, SegmentWriter, VideoEncoderSpec, VideoSegmentEncoder
from scenes.drawing.seals import is_sealed, seal
from scenes.drawing.subtitles import write_subtitles
from scenes.drawing.unfinished import clear_away_what_killed_renders_left, concat_manifest


class WholeSegmentEncoder(FrameEncoder):
    """Encodes beside ``target`` and takes its name when finished; converts only what changed from frame to frame."""

    def __init__(self, *, target: Path, spec: VideoEncoderSpec) -> None:
        self._unfinished = beside(target)
        super().__init__(target=self._unfinished, spec=spec)
        self.target = target
        self._converter = Converter(spec.pixel_format)
        tag_colors(self.stream.codec_context, spec.pixel_format)

    def to_frame(self, pixels: RGBAPixelArray) -> VideoFrame:
        """Return ``pixels`` in the encoder's format."""
        return self._converter.convert(pixels)

    def finish(self) -> None:
        """Close the segment, seal it and give it its name."""
        super().finish()
        seal(self._unfinished, self.target)
        self._unfinished.replace(self.target)

    def abort(self) -> None:
        """Remove what has been written so far, and leave a file of the final name alone."""
        self.target = self._unfinished
        super().abort()


class WholeFileWriter(SegmentWriter):
    """Writes segments and movies so that none is ever seen half-written."""

    def segment_encoder(self, target: Path) -> VideoSegmentEncoder:
        """Return what encodes the segment ``target``."""
        if self.video_encoder is None:
            raise RuntimeError("video segments need a video encoder")
        return WholeSegmentEncoder(target=target, spec=self.video_encoder)

    @staticmethod
    def concat_manifest(files: list[Path]) -> bytes:
        """Return FFmpeg's list of files to join."""
        return concat_manifest(files)

    def is_already_cached(self, hash_invocation: str) -> bool:
        """Return whether there is a segment of that name that is whole and would come out the same."""
        return super().is_already_cached(hash_invocation) and is_sealed(self.output_plan.segment_path(hash_invocation))

    def combine_files(self, input_files: list[str], output_file: Path, *args: Any, **kwargs: Any) -> None:
        """Join segments into ``output_file``; an older file of that name stays until the new one is whole."""
        unfinished = beside(self.partial_movie_directory / output_file.name)
        try:
            super().combine_files(input_files, unfinished, *args, **kwargs)
            unfinished.replace(output_file)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        clear_away_what_killed_renders_left(self.partial_movie_directory)

    def write_subcaption_file(self) -> None:
        """Write the subtitles beside the movie."""
        if self.output_spec.is_video and self.output_plan.subcaption_file:
            write_subtitles(self.output_plan.subcaption_file, self.subcaptions)


class OneThreadWriter(WholeFileWriter):
    """Encodes a frame before the next one is drawn: a render takes one core, for where others take the other cores.

    Manim's writer encodes in a thread of its own, which is faster for one render, and slower for as many as there are
    cores.
    """

    _open: VideoSegmentEncoder | None = None

    def open_partial_movie_stream(self, *, animation_index: int, file_path: StrPath | None = None) -> None:
        """Begin the segment of one animation."""
        self._open = self.segment_encoder(Path(file_path or self.partial_movie_files[animation_index] or ""))

    def write_frame(self, pixels: RGBAPixelArray, *, repeat: int = 1) -> None:
        """Encode ``pixels`` ``repeat`` times."""
        if self._open:
            self._open.write_frame(pixels, repeat=repeat)

    def close_partial_movie_stream(self) -> None:
        """Finish the segment."""
        if self._open:
            self._open.finish()
            self._open = None

    def abort_encode_jobs(self, reraise_encoder_failures: bool = False) -> None:
        """Remove the segment that has been begun."""
        if self._open:
            self._open.abort()
            self._open = None
        super().abort_encode_jobs(reraise_encoder_failures)
