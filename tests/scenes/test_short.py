"""The short film lasts less than a minute, asks and answers, and is as clear as the clips that it is made of."""

from typing import Any

import pytest

from attention.settings import FrameName
from scenes.clips import find_clip
from tests.scenes.audit import audit
from tests.scenes.played import play
from tests.scenes.test_audit import SENTENCES

SHORT = find_clip("Short").scene_class()


@pytest.mark.parametrize("name", ["1 token", "2 tokens", "11 tokens", "24 tokens"])
def test_it_lasts_less_than_a_minute(name: str) -> None:
    scene, _ = play(SHORT, opened=True, sentence=SENTENCES[name], frame="9:16")
    assert 30 < scene.time < 60


def test_it_asks_and_answers_with_the_same_token() -> None:
    scene, _ = play(SHORT, opened=True, frame="9:16")
    said = [line.content for line in scene.renderer.file_writer.subcaptions]
    question = "What does “it” need from the other words?"
    assert said[0] == question
    assert said.index(question, 1) < said.index("The largest shares that “it” takes")
    assert any(line.startswith("Softmax") for line in said)
    assert scene.chapters[-1][0] == "The graph rests"


def test_a_mean_of_heads_is_no_softmax() -> None:
    scene, _ = play(SHORT, opened=True, frame="9:16", head="mean")
    assert not any(line.content.startswith("Softmax") for line in scene.renderer.file_writer.subcaptions)


@pytest.mark.parametrize(
    ("name", "frame", "chosen"),
    [("11 tokens", "9:16", {}), ("24 tokens", "9:16", {"theme": "light"}), ("11 tokens", "16:9", {"causal": True})],
)
def test_no_frame_has_a_fault(name: str, frame: FrameName, chosen: dict[str, Any]) -> None:
    found = audit(SHORT, sentence=SENTENCES[name], frame=frame, **chosen)
    assert not found, "\n".join(map(str, found))
