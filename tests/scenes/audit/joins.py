"""Whether one clip begins with the very picture that the one before it ends with."""

from collections.abc import Iterator

import numpy as np

from scenes.mobjects.stage_strip import STAGES
from tests.scenes.audit.findings import Finding
from tests.scenes.audit.recording import Recording
from tests.scenes.audit.times import lit_stage

SEEN = 8  # of 255, by which a pixel must differ to be seen


def cut(one: Recording, other: Recording) -> Iterator[Finding]:
    """Find whether the last picture of a clip and the first of the next differ, pixel by pixel."""
    assert one.last is not None
    assert other.first is not None
    differs = np.abs(one.last.astype(int) - other.first.astype(int)).max(axis=-1) > SEEN
    if differs.any():
        what = f"{one.clip} → {other.clip}"
        yield Finding(other.clip, "cut", what, 0.0, 0.0, 100 * float(differs.mean()), "% of the pixels", at_rest=True)


def strip_backward(one: Recording, other: Recording) -> Iterator[Finding]:
    """Find whether the strip of stages goes back from one clip to the next."""
    before, after = (
        [stage for each in clip.pictures if (stage := lit_stage(each)) is not None] for clip in (one, other)
    )
    if before and after and after[0] < before[-1]:
        what = f"{STAGES[before[-1]]} → {STAGES[after[0]]}"
        yield Finding(other.clip, "strip backward", what, 0.0, 0.0, before[-1] - after[0], "stages", at_rest=True)
