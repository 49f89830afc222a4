"""The one door to what Manim keeps to itself: all of its private parts that drawing relies on are named here.

Written for Manim 0.22. After an upgrade ``tests/scenes/test_manim_insides.py`` says which of them is gone or different;
what has to follow is in this file.
"""

from pathlib import Path
from typing import cast

from av import VideoFrame, VideoStream
from manim import Animation, Scene, SceneFileWriter
from manim._config.video_encoder import VideoEncoderSpec
from manim.scene.video_segment_encoder import VideoSegmentEncoder
from manim.typing import RGBAPixelArray

__all__ = ["FrameEncoder", "SegmentWriter", "VideoEncoderSpec", "VideoSegmentEncoder", "end_at_once"]


def end_at_once(animation: Animation, scene: Scene) -> None:
    """Bring an animation to its end without playing it."""
    animation._setup_scene(scene)
    animation.begin()
    animation.finish()
    animation.clean_up_from_scene(scene)


class FrameEncoder(VideoSegmentEncoder):
    """Manim's encoder of one segment, with :meth:`to_frame` between a picture and its encoder."""

    @property
    def stream(self) -> VideoStream:
        """What the frames are encoded into."""
        return cast(VideoStream, self._stream)

    def to_frame(self, pixels: RGBAPixelArray) -> VideoFrame:
        """Return ``pixels``, (height, width, 4), as the frame that is encoded."""
        raise NotImplementedError

    def write_frame(self, pixels: RGBAPixelArray, *, repeat: int = 1) -> None:
        """Encode ``pixels`` ``repeat`` times."""
        self._validate_frame(pixels, repeat)
        try:
            frame = self.to_frame(pixels)
            frame.time_base = 1 / self.spec.frame_rate
            for _ in range(repeat):
                frame.pts = self._next_pts
                self._next_pts += 1
                self._container.mux(self.stream.encode(frame))
        except BaseException as error:
            raise self._operation_error("encode", error) from error


class SegmentWriter(SceneFileWriter):
    """Manim's writer of movies, with :meth:`segment_encoder` and :meth:`concat_manifest` for its two hidden steps."""

    def segment_encoder(self, target: Path) -> VideoSegmentEncoder:
        """Return what encodes the segment ``target``."""
        raise NotImplementedError

    @staticmethod
    def concat_manifest(files: list[Path]) -> bytes:
        """Return FFmpeg's list of files to join."""
        raise NotImplementedError

    def _create_segment_encoder(self, target: Path) -> VideoSegmentEncoder:
        return self.segment_encoder(target)

    @classmethod
    def _concat_manifest_bytes(cls, input_files: list[str]) -> bytes:
        return cls.concat_manifest([Path(file) for file in input_files])
