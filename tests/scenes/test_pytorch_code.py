"""The clip of the code, for models of Hugging Face: it shows the code that computed the numbers, and what it made."""

from pathlib import Path

import numpy as np
import pytest

from attention.settings import FRAMES, FrameName
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.mobjects.formula import Formula
from scenes.mobjects.label import Caption, Label
from scenes.mobjects.tensor import Tensor
from scenes.pytorch_code import PyTorchCode
from scenes.pytorch_code_parts.class_source import file_of, read_class
from scenes.pytorch_code_parts.code_panel import CodePanel
from scenes.pytorch_code_parts.code_variables import code_variables
from scenes.pytorch_code_parts.shape_label import ShapeLabel
from tests.attention.checkpoints import make
from tests.scenes.audit import audit_rests
from tests.scenes.played import of, play

pytestmark = pytest.mark.apart

SENTENCE = "The cat sat on the mat."


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("kind", ["bert", "gpt2", "qwen3"])
def test_no_picture_at_rest_has_a_fault(tmp_path: Path, kind: str, frame: FrameName) -> None:
    findings = audit_rests(PyTorchCode, sentence=SENTENCE, frame=frame, model=str(make(tmp_path, kind)), layer=1)
    assert not findings, "\n".join(map(str, findings))


def test_shapes_are_those_of_the_code() -> None:
    """What stands at the end of a line, such as (n, d_k), is set before the shape in numbers."""
    scene, mobjects = play(PyTorchCode, sentence=SENTENCE)
    shapes = [label.parts[0][0] for label in of(ShapeLabel, mobjects)]
    n, d_model, d_k = len(scene.trace), *scene.trace.w_query.shape[1:]
    square, projected = f"{n} × {n}", [f"{n} × {d_k}"] * 2
    tokens = f"{n} × {d_model}"
    made = [tokens, *projected, tokens, square, square, square, tokens]
    named = [shape for shape in shapes if shape in made]
    assert shapes[0] == tokens
    assert shapes[-1] == tokens
    assert {shape: named.count(shape) for shape in made} == {tokens: 7, f"{n} × {d_k}": 3, square: 4}
    said = [formula.source for formula in of(Formula, mobjects)]
    assert said.count('n times d_"model" =') == said.count("n times n =") == 3


@pytest.mark.parametrize("frame", FRAMES)
def test_a_product_shows_what_is_multiplied(frame: FrameName) -> None:
    """Rows of the left tensor stand where the rows of what it makes will; each side is called as in the code."""
    scene, mobjects = play(PyTorchCode, sentence=SENTENCE, frame=frame)
    fields = [tensor.field for tensor in of(Tensor, mobjects)]
    assert {"w_query[0]", "w_key[0]", "w_value[0]", "keys[0].T"} <= set(fields)
    said = [label.parts[0][0] for label in of(Label, mobjects)]
    assert said.count("@") == 5
    assert {"w_query", "w_key", "w_value", "keys.mT"} <= set(said)
    (turned,) = (tensor for tensor in of(Tensor, mobjects) if tensor.field == "keys[0].T")
    assert scene.cells.left < turned.get_left()[0] < turned.get_right()[0] <= scene.frame.safe.right + 1e-6


@pytest.mark.parametrize("frame", FRAMES)
def test_a_formula_stands_beside_its_line_or_over_its_tensor(frame: FrameName) -> None:
    scene, mobjects = play(PyTorchCode, sentence=SENTENCE, frame=frame)
    formulas = [shown.formula for shown in scene.variables.values() if shown.formula and shown.field != "mask"]
    assert set(formulas) <= {formula.source for formula in of(Formula, mobjects)}
    assert len(scene.formulas) == len(formulas)
    for name, formula in scene.formulas.items():
        (step,) = (step for step in scene.steps if step.name == name)
        free = scene.code.beside(step.lines)
        assert free.left - 1e-6 <= formula.get_left()[0] < formula.get_right()[0] <= free.right + 1e-6


def test_scores_say_what_scaling_does_to_the_strongest_cell() -> None:
    scene, mobjects = play(PyTorchCode, sentence=SENTENCE)
    said = [label.facts()[0].value for label in of(Label, mobjects) if label.parts[0][0] == "strongest cell:"]
    trace = scene.trace
    tensors = trace.scores[0], trace.scaled_scores[0], trace.weights[0]
    assert said[-3:] == pytest.approx([np.abs(tensor).max() for tensor in tensors])


def test_each_line_is_a_slide() -> None:
    scene, _ = play(PyTorchCode, sentence=SENTENCE)
    made = [step for step in scene.steps[1:] if step.name in scene.variables]
    assert len(scene.chapters) == len(made) + 2  # what goes in, and all of the code


@pytest.mark.parametrize("kind", ["bert", "mpnet", "gpt2", "llama", "qwen3", "gemma2", "olmo2", "phi3", "bloom"])
def test_each_line_of_a_checkpoints_layer_has_its_tensor(tmp_path: Path, kind: str) -> None:
    scene, mobjects = play(PyTorchCode, sentence=SENTENCE, model=str(make(tmp_path, kind)), layer=1, head=2)
    trace = scene.trace
    assert trace.computed_by == "attention.pretrained.layer.MultiHeadAttention"
    (panel,) = of(CodePanel, mobjects)
    assert "norm_query" in str(panel.rows)
    assert "logits" in str(panel.rows)
    shown = [tensor.field for tensor in of(Tensor, mobjects)]
    moved = "projected_" if trace.projected_queries is not None else ""
    made = [
        "embeddings", f"{moved}queries[2]", f"{moved}keys[2]",
        "values[2]", "queries[2]", "keys[2]", "scores[2]", "scaled_scores[2]", "capped_scores[2]", "logits[2]",
        "weights[2]", "context[2]", "output",
    ]  # fmt: skip
    rest = iter(shown)  # with those of the clip before, on whose last picture it opens, and what lines multiply
    assert all(field in rest for field in made)
    numbers = {name: getattr(trace, name) for name in dir(trace)}
    for fact in (fact for mobject in of(DrawnMobject, mobjects) for fact in mobject.facts()):
        assert fact.value == pytest.approx(float(eval(fact.source, numbers))), fact
    said = " ".join(caption.text for caption in of(Caption, mobjects))
    assert ("rotations" in said) == (trace.rotary_cos is not None)
    assert ("Normalised" in said) == (trace.query_gain is not None)
    assert ("the biases are 0" in said) == (kind in ("llama", "qwen3", "gemma2", "olmo2", "phi3"))
    assert ("Plus a bias" in said) == (kind in ("mpnet", "bloom"))
    assert ("A soft cap keeps them within ±5" in said) == (kind == "gemma2")
    assert 12 <= scene.time <= 39


def test_every_variable_of_the_layer_is_shown(tmp_path: Path) -> None:
    scene, _ = play(PyTorchCode, sentence="Hi", model=str(make(tmp_path, "qwen3")))
    forward = read_class(file_of("attention.pretrained.layer"), "MultiHeadAttention").methods["forward"]
    assert {step.name for step in forward if step.name} <= set(code_variables(scene.trace))
