"""Without captions the picture takes their room, and the subtitles say the same at the same times."""

import re
from itertools import pairwise

import pytest

from attention.settings import FrameName
from scenes.clips import Clip, film_clips
from tests.scenes.audit import audit
from tests.scenes.audit.checks import between
from tests.scenes.audit.recording import ends
from tests.scenes.played import play
from tests.scenes.test_audit import SENTENCES

CLIPS = film_clips(heads=1)


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.scene)
def test_subtitles_are_the_same(clip: Clip) -> None:
    """But for numbers: where more shares are named, all others together are less."""
    with_them, without = (play(clip.scene_class(), opened=True, captions=captions)[0] for captions in (True, False))
    lines, others = (
        [(re.sub(r"[\d.]+", "", line.content), line.start, line.end) for line in scene.renderer.file_writer.subcaptions]
        for scene in (with_them, without)
    )
    assert lines
    assert lines == others


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.scene)
@pytest.mark.parametrize(
    ("name", "frame"),
    [
        ("11 tokens", "16:9"),
        *(
            pytest.param(*case, marks=pytest.mark.full)
            for case in [("24 tokens", "16:9"), ("11 tokens", "9:16"), ("24 tokens", "9:16"), ("1 token", "1:1")]
        ),
    ],
)
def test_no_frame_has_a_fault(clip: Clip, name: str, frame: FrameName) -> None:
    found = audit(clip.scene_class(), sentence=SENTENCES[name], frame=frame, captions=False)
    assert not found, "\n".join(map(str, found))


def test_each_clip_begins_as_the_one_before_it_ends() -> None:
    found = [
        each
        for one, other in pairwise(CLIPS)
        for each in between([ends(clip.scene_class(), captions=False) for clip in (one, other)])
    ]
    assert not found, "\n".join(map(str, found))
