"""No clip has a fault in its layout, whatever the sentence and the frame."""

import pytest

from attention.settings import FRAMES, FrameName
from scenes.output.clips import Clip, film_clips, find_clip
from tests.scenes.audit import audit

SENTENCES = {
    "1 token": "Hi",
    "2 tokens": "Hello.",
    "5 tokens": "Dogs chase cats happily.",
    "11 tokens": "The cat sat on the mat because it was tired.",
    "16 tokens": "She told him that the old key would open all the doors in the house.",
    "24 tokens": (
        "When the small boat came back to the harbour one evening, all of the children ran down to meet it out there."
    ),
    "40 tokens": "one two three four five six seven eight nine ten " * 4,
    "long word": "Pneumonoultramicroscopicsilicovolcanoconiosis kills.",
    "German": "Die Königin fährt über die große Straße.",
    "Russian": "Кошка сидит на окне.",
    "Arabic": "القط جلس على السجادة",
    "Chinese": "猫坐在垫子上。",
    "emoji": "I ❤️ cats 🙂 👨‍👩‍👧!",
    "markup": "<b> & $x$ #let",
}
QUICK = ("1 token", "11 tokens", "24 tokens", "markup")


@pytest.mark.parametrize("clip", film_clips(heads=1), ids=lambda clip: clip.scene)
@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.full) for name in SENTENCES]
)
def test_nothing_overlaps_leaves_the_frame_or_is_too_small(clip: Clip, frame: FrameName, name: str) -> None:
    findings = audit(clip.scene_class(), sentence=SENTENCES[name], frame=frame)
    assert not findings, "\n".join(map(str, findings))


@pytest.mark.parametrize("clip", film_clips(heads=1), ids=lambda clip: clip.scene)
@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize(
    "name",
    ["11 tokens", *(pytest.param(name, marks=pytest.mark.full) for name in ("1 token", "2 tokens", "24 tokens"))],
)
def test_nor_where_a_token_looks_back_only(clip: Clip, frame: FrameName, name: str) -> None:
    findings = audit(clip.scene_class(), sentence=SENTENCES[name], frame=frame, causal=True)
    assert not findings, "\n".join(map(str, findings))


def test_the_audit_notices_faults() -> None:
    class Faulty(find_clip("Tokenization").scene_class()):  # type: ignore[misc]
        def say(self, text: str) -> None:
            super().say(text)
            self._caption.shift([5, 2, 0])

    faults = {finding.fault for finding in audit(Faulty, sentence="Hi there, you.")}
    assert "texts overlap" in faults
    assert "outside the safe area" in faults
