"""The floor: encoding the frames of a finished film again, as Manim does by default, and nothing else."""

import multiprocessing
import os
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import av
import numpy as np

_AT_ONCE = 32  # frames that are decoded before the clock runs


def floor(clips: Sequence[Path], processes: int) -> float:
    """Return the seconds that encoding all frames of ``clips`` takes, with one import of Manim in each process.

    Decoding is not counted. The encoder is Manim's own with its default options: libx264, crf 23, preset medium.
    """
    context = multiprocessing.get_context("spawn")
    waiting = sorted(clips, key=lambda clip: -clip.stat().st_size)
    with ProcessPoolExecutor(processes, context) as pool:
        imports = list(pool.map(_import_manim, range(processes)))
        busy: dict[int, float] = {}
        for process, seconds in pool.map(_encode_again, waiting):
            busy[process] = busy.get(process, 0.0) + seconds
    return max(busy.values()) + max(imports)


def _import_manim(_: int) -> float:
    start = time.perf_counter()
    import manim  # noqa: F401

    return time.perf_counter() - start


def _encode_again(clip: Path) -> tuple[int, float]:
    from manim._config.video_encoder import VideoEncoderSpec, to_av_frame_rate
    from manim.scene.video_segment_encoder import VideoSegmentEncoder

    with av.open(str(clip)) as container, tempfile.TemporaryDirectory() as folder:
        stream = container.streams.video[0]
        rate = to_av_frame_rate(float(stream.average_rate or 15))
        spec = VideoEncoderSpec("mp4", "libx264", "yuv420p", stream.width, stream.height, rate, (("crf", "23"),))
        encoder = VideoSegmentEncoder(target=Path(folder) / "again.mp4", spec=spec)
        seconds, waiting = 0.0, []
        for frame in container.decode(stream):
            waiting.append(np.ascontiguousarray(frame.to_ndarray(format="rgba")))
            if len(waiting) == _AT_ONCE:
                seconds += _timed(encoder, waiting)
                waiting = []
        seconds += _timed(encoder, waiting)
        start = time.perf_counter()
        encoder.finish()
        return os.getpid(), seconds + time.perf_counter() - start


def _timed(encoder: Any, frames: Sequence[Any]) -> float:
    start = time.perf_counter()
    for frame in frames:
        encoder.write_frame(frame)
    return time.perf_counter() - start
