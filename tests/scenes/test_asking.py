import pytest
from manim import tempconfig

from attention import trace
from attention.settings import DEFAULT_SENTENCE, Settings
from scenes.captioned_scene import CAPTION_LIMIT
from scenes.communication import Communication
from scenes.content.asking import question
from scenes.directed_graph import DirectedGraph
from scenes.directed_graph_parts.answer import what_it_needs
from scenes.drawing.fact import Fact
from scenes.explainer_scene import ExplainerScene
from scenes.mobjects.label import Caption, Label
from scenes.relationships import Relationships
from tests.scenes.played import QUIET, of, play

SENTENCE = "The cat sat on the mat because it was tired."
HOSTILE = "<b> & $x$ #let"


def captions(scene: type, sentence: str) -> list[str]:
    return [caption.text for caption in of(Caption, play(scene, sentence=sentence)[1])]


def test_the_question_is_asked_in_the_same_words_at_the_end() -> None:
    asked = question(trace(SENTENCE), 7)
    assert asked == "What does “it” need from the other words?"
    assert asked in captions(Relationships, SENTENCE)
    said = captions(DirectedGraph, SENTENCE)
    traced = trace(SENTENCE)
    weights = traced.weights[0, 7]
    first, second = [token for token in (-weights).argsort().tolist() if token != 7][:2]
    assert weights[second] < weights[first] / 2
    answer = f"“{traced.labels[first]}”, {weights[first]:.2f}; “it” keeps {weights[7]:.2f} for itself"
    assert said[said.index(asked) + 2] == f"Above all {answer}"
    assert traced.labels[first] == "cat"


def test_two_tokens_are_named_where_the_second_gives_half_as_much_as_the_first() -> None:
    first, second = Fact("weights[0][1, 0]", 0.2), Fact("weights[0][1, 2]", 0.1)
    assert what_it_needs(["“a”", "“b”"], [first, second]) == "Above all “a”, 0.20, and “b”, 0.10"
    assert what_it_needs(["“a”", "“a”"], [first, second]) == "Above all two “a”, 0.20 and 0.10"
    traced = trace(HOSTILE)
    weights = traced.weights[0, traced.labels.index("x")]
    before, after = (weights[place] for place, label in enumerate(traced.labels) if label == "$")
    assert any(
        text.startswith(f"Above all two “$”, {after:.2f} and {before:.2f}") for text in captions(DirectedGraph, HOSTILE)
    )


def test_what_a_token_keeps_is_said_with_its_true_figure() -> None:
    kept = trace(SENTENCE).weights[0, 7, 7]
    assert f"For itself, “it” keeps {kept:.2f}; the rest is the story" in captions(Communication, SENTENCE)


@pytest.mark.parametrize("clip", [Relationships, Communication, DirectedGraph])
def test_a_token_alone_asks_nothing_of_others(clip: type) -> None:
    said = captions(clip, "Hi")
    assert not any("other" in text or "rest" in text for text in said)


def test_a_name_is_cut_so_that_captions_stay_short() -> None:
    traced = trace("Internationalization matters to ط.")
    for token in range(len(traced)):
        assert len(question(traced, token)) <= CAPTION_LIMIT


@pytest.mark.parametrize(
    ("clip", "beat", "shown"),
    [
        (Relationships, "One token has a need", "?"),
        (DirectedGraph, "The question is asked again", "?"),
    ],
)
def test_a_slide_ends_on_what_it_points_out(clip: type[ExplainerScene], beat: str, shown: str) -> None:
    ends: dict[str, set[str]] = {}

    def note() -> None:
        labels = (part for part in of(Label, scene.mobjects) if part.opacity[0] == 1)
        ends[scene.chapters[-1][0]] = {str(text) for label in labels for text, _ in label.parts}

    with tempconfig({**QUIET, "dry_run": True}):
        scene = clip(Settings(sentence=DEFAULT_SENTENCE), note, skip_animations=True)
        scene.render()
    assert [name for name, texts in ends.items() if shown in texts] == [beat]
