"""What the clip writes out adds up, with and without biases, for one head of several."""

from dataclasses import replace

import numpy as np
import pytest

import scenes.explainer_scene
from attention import AttentionTrace, trace
from scenes.broader_picture import BroaderPicture
from scenes.mobjects.formula_terms import FormulaTerms
from scenes.mobjects.label import Label
from scenes.mobjects.tensor import Tensor
from scenes.query_key_value import QueryKeyValue
from tests.scenes.played import of, play

SENTENCE = "The cat sat on the mat."


def two_heads_with_biases() -> AttentionTrace:
    """A trace of another model, as far as these clips look at it: two heads, biases, a causal mask."""
    plain = trace(SENTENCE)
    random = np.random.default_rng(0)
    heads, n, d_k, d_v = 2, len(plain), 8, 32
    w_query, w_key, w_value = (random.normal(size=(heads, 64, width)).astype("f4") for width in (d_k, d_k, d_v))
    b_query, b_key, b_value = (random.normal(size=(heads, width)).astype("f4") for width in (d_k, d_k, d_v))
    queries, keys, values = (
        plain.embeddings @ weight + bias[:, None]
        for weight, bias in ((w_query, b_query), (w_key, b_key), (w_value, b_value))
    )
    scores = queries @ keys.swapaxes(1, 2)
    mask = np.tri(n, dtype=bool)
    powers = np.where(mask, np.exp(scores / np.sqrt(d_k) / 50), 0)
    weights = powers / powers.sum(axis=-1, keepdims=True)
    context = weights @ values
    return replace(
        plain,
        w_query=w_query,
        w_key=w_key,
        w_value=w_value,
        b_query=b_query,
        b_key=b_key,
        b_value=b_value,
        queries=queries,
        keys=keys,
        values=values,
        scores=scores,
        mask=mask,
        weights=weights,
        context=context,
        output=np.concatenate(list(context), axis=1),
    )


@pytest.fixture
def other_model(monkeypatch: pytest.MonkeyPatch) -> AttentionTrace:
    made = two_heads_with_biases()
    monkeypatch.setattr(scenes.explainer_scene, "chosen_trace", lambda _: made)
    return made


@pytest.mark.parametrize("sentence", [SENTENCE, "Hi", "one two three four five " * 8])
def test_the_terms_add_up_to_the_sums(sentence: str) -> None:
    scene, _ = play(QueryKeyValue, sentence=sentence)
    product = scene.dot_product
    numbers = [[fact.value for fact in term.facts()] for term in product.terms]
    sums = [total.facts()[0].value for total in product.sums]
    terms = len(numbers)
    np.testing.assert_allclose(sums[:terms], np.cumsum([first * second for first, second in numbers]), rtol=1e-5)
    assert sums[-1] == pytest.approx(product.fact.value, rel=1e-4)
    printed = [[float(fact.text.replace("−", "-")) for fact in term.facts()] for term in product.terms]
    so_far = float(product.sums[terms - 1].facts()[0].text.replace("−", "-"))
    assert sum(first * second for first, second in printed) == pytest.approx(so_far, abs=0.02)
    assert product.fact.value == scene.trace.queries[0][scene.token, scene.component]


def test_the_entry_ends_in_its_own_cell() -> None:
    scene, _ = play(QueryKeyValue, sentence=SENTENCE)
    row, column = scene.row, scene.column
    assert scene.queries.product.values[row, column] == pytest.approx(scene.dot_product.fact.value)
    assert all((made.product.shown == 1).all() for made in scene.products)


def test_a_bias_is_a_visible_term(other_model: AttentionTrace) -> None:
    scene, mobjects = play(QueryKeyValue, sentence=SENTENCE, head=1)
    (bias,) = (label for label in of(Label, mobjects) if any(part == "bias" for part, _ in label.parts))
    assert bias.facts()[0].value == other_model.b_query[1, scene.component]
    row, column = other_model.embeddings[scene.token], other_model.w_query[1][:, scene.component]
    assert scene.dot_product.fact.value == pytest.approx(row @ column + bias.facts()[0].value, rel=1e-4)
    assert "b_Q" in scene.queries.formula.source


def test_the_whole_diagram_shows_one_head_of_several(other_model: AttentionTrace) -> None:
    scene, mobjects = play(BroaderPicture, sentence=SENTENCE, head=1)
    output = scene.tensors["output"]
    assert output.field == "context[1]"
    np.testing.assert_allclose(output.values[0, 0], other_model.context[1][0, 0])
    assert np.isnan(scene.tensors["weights"].values).any()
    assert any(part == "mask" for label in of(Label, mobjects) for part, _ in label.parts)


def test_at_the_end_all_of_the_diagram_is_lit() -> None:
    scene, mobjects = play(BroaderPicture, sentence=SENTENCE)
    assert all((tensor.lit == 1).all() for tensor in of(Tensor, mobjects))
    assert (scene.pipeline.lit == 1).all()
    assert (scene.formula.lit[1:] == 1).all()
    assert all(mobject.opacity[0] == 1 for mobject in of(FormulaTerms, mobjects))
