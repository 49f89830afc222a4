"""The finale: which edges there are, and which shares answer the film's question."""

import numpy as np
import pytest

from attention.settings import FrameName
from scenes.directed_graph import DirectedGraph
from scenes.directed_graph_parts.answer import told_places
from scenes.mobjects.label import Caption
from tests.scenes.played import of, play

SENTENCES = [
    "The cat sat on the mat because it was tired.",
    "Dogs chase cats happily.",
    "Hello.",
    "המלך אהב את בתו.",
    "She told him that the old key would open all the doors in the house.",
]


@pytest.mark.parametrize("frame", ["16:9", "1:1", "9:16"])
@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_shares_of_the_answer_stand_on_their_edges_and_add_up_with_the_rest(
    sentence: str, frame: FrameName
) -> None:
    scene, _ = play(DirectedGraph, sentence=sentence, frame=frame)
    answer, ring = scene.answer, scene.ring
    shown = set(np.flatnonzero(answer.shown[ring.asker]).tolist())
    assert shown == {ring.asker, *ring.told}
    assert all(answer.number_at(ring.asker, place) for place in shown)
    printed = [answer.fact(ring.asker, place).printed for place in shown]
    printed += [scene.others.printed] if scene.others else []
    assert sum(printed) == pytest.approx(1, abs=1e-6 if scene.others else 0.011)


def test_each_token_has_its_two_strongest_edges_and_it_is_said_so() -> None:
    scene, mobjects = play(DirectedGraph, sentence=SENTENCES[0])
    drawn = (scene.graph.strengths > 0) & (scene.between > 0)
    assert (drawn.sum(axis=1) == 2).all()
    said = [caption.text for caption in of(Caption, mobjects)]
    assert "Drawn: the two largest shares each receives from others" in said
    _, mobjects = play(DirectedGraph, sentence="Hello.")
    assert not any(caption.text.startswith("Drawn") for caption in of(Caption, mobjects))


def test_the_largest_shares_are_told_and_the_last_one_does_not_stand_alone() -> None:
    weights = np.array([0.4, 0.3, 0.15, 0.08, 0.04, 0.03])
    assert told_places(weights, 0, wide=True) == [1, 2, 3]
    assert told_places(weights[[0, 1, 2, 3, 4]], 0, wide=True) == [1, 2, 3, 4]
    assert told_places(np.array([0.99, 0.004, 0.006]), 0, wide=True) == [2]
    assert told_places(np.array([1.0]), 0, wide=True) == []
