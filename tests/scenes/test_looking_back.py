"""What clips show and say where a token looks at itself and earlier ones only."""

import numpy as np
import pytest

from attention import trace
from scenes.communication import Communication
from scenes.content.focus import followed_token
from scenes.directed_graph import DirectedGraph
from scenes.explainer_scene import ExplainerScene
from scenes.mobjects.label import Caption
from scenes.mobjects.tensor import Tensor
from scenes.pytorch_code import PyTorchCode
from scenes.score_matrix import ScoreMatrix
from tests.scenes.played import of, play

FIRST_LOOKS_AT_ITSELF = "The first token can only look at itself"
SENTENCE = "The cat sat on the mat because it was tired."


def said(scene_class: type[ExplainerScene], sentence: str = SENTENCE, causal: bool = True) -> list[str]:
    _, mobjects = play(scene_class, sentence=sentence, causal=causal)
    return [caption.text for caption in of(Caption, mobjects)]


@pytest.mark.parametrize("clip", [ScoreMatrix, DirectedGraph])
def test_it_is_said_that_the_first_token_can_only_look_at_itself(clip: type[ExplainerScene]) -> None:
    assert FIRST_LOOKS_AT_ITSELF in said(clip)
    assert FIRST_LOOKS_AT_ITSELF not in said(clip, causal=False)


def test_a_token_asks_those_before_it() -> None:
    assert "Now “it” asks those before it, and itself" in said(Communication)
    assert "Now “Hello” asks itself" in said(Communication, "Hello.")
    assert "Now “it” asks all of them, and itself" in said(Communication, causal=False)


def test_edges_run_from_earlier_tokens_only() -> None:
    scene, mobjects = play(DirectedGraph, sentence=SENTENCE, causal=True)
    assert "Edges run from earlier tokens to later ones only" in [caption.text for caption in of(Caption, mobjects)]
    strengths = scene.graph.strengths
    assert not np.triu(strengths, 1).any()
    assert np.tril(strengths).any(axis=1).all()


def test_the_code_has_one_more_line_and_its_tensor_is_the_mask() -> None:
    scene, mobjects = play(PyTorchCode, sentence=SENTENCE, causal=True)
    names = [step.name for step in scene.source.methods["forward"]]
    plain, _ = play(PyTorchCode, sentence=SENTENCE)
    assert [name for name in names if name != "allowed"] == [step.name for step in plain.source.methods["forward"]]
    assert len(names) == len(plain.source.methods["forward"]) + 1
    (mask,) = (tensor for tensor in of(Tensor, mobjects) if tensor.field == "mask")
    np.testing.assert_array_equal(mask.values, np.tri(len(scene.trace)))


def test_no_token_is_followed_for_having_few_to_share_among() -> None:
    traced = trace("Two small dogs chase a ball through the garden.", causal=True)
    assert followed_token(traced, traced.weights[0]) > 1
