"""What the clip writes out adds up, with and without biases, for one head of several."""

from dataclasses import replace

import numpy as np
import pytest

import scenes.explainer_scene
from attention import AttentionTrace, trace
from attention.settings import FRAMES, FrameName
from scenes.broader_picture import BroaderPicture
from scenes.content.trained_kind import KINDS
from scenes.content.written_product import WrittenProduct
from scenes.drawing.lens import Lens
from scenes.embeddings import Embeddings
from scenes.mobjects.formula_terms import FormulaTerms
from scenes.mobjects.label import Label
from scenes.mobjects.tensor import Tensor
from scenes.places.layout import Frame, Region
from scenes.places.read_numbers import read_query
from scenes.query_key_value import QueryKeyValue
from scenes.query_key_value_parts.close_up_places import CloseUpPlaces
from tests.scenes.played import of, play

SENTENCE = "The cat sat on the mat."


def two_heads_with_biases() -> AttentionTrace:
    """A trace of another model, as far as these clips look at it: two heads, biases, a causal mask."""
    plain = trace(SENTENCE)
    random = np.random.default_rng(0)
    d_model = plain.embeddings.shape[1]
    heads, n, d_k, d_v = 2, len(plain), 8, d_model // 2
    w_query, w_key, w_value = (random.normal(size=(heads, d_model, width)).astype("f4") for width in (d_k, d_k, d_v))
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
    scene, mobjects = play(QueryKeyValue, sentence=sentence)
    entry, written = scene.entry, scene.written
    factors = [strip.values[0][~np.isnan(strip.values[0])] for strip in written.strips]
    products = [term.facts()[0].value for term in written.terms]
    np.testing.assert_allclose(products, factors[0] * factors[1], rtol=1e-5)
    np.testing.assert_allclose([total.facts()[0].value for total in written.sums], np.cumsum(products), rtol=1e-5)
    assert entry.sums[-1].value + entry.rest.value == pytest.approx(entry.result.value, rel=1e-4)
    assert entry.result.value == scene.trace.queries[0][scene.followed, entry.component]
    seen = [fact.text for label in of(Label, mobjects) for fact in label.facts()]
    assert {fact.text for fact in (*entry.terms, *entry.sums, entry.result)} <= set(seen)
    assert entry.rest.text.lstrip("−") in seen


@pytest.mark.parametrize("sentence", [SENTENCE, "The cat sat on the mat because it was tired.", "Hi"])
def test_a_reader_who_adds_up_the_printed_numbers_finds_the_printed_result(sentence: str) -> None:
    scene, _ = play(QueryKeyValue, sentence=sentence)
    printed = [float(term.facts()[0].text.replace("−", "-")) for term in scene.written.terms]
    ((rest,), result) = scene.written.rest, scene.written.result.facts()[0].printed
    assert rest.facts()[0].text[0] != "−"
    signed = rest.facts()[0].printed * (-1 if rest.parts[0][0] == "−" else 1)
    assert sum(printed) + signed == pytest.approx(result, abs=1e-9)


def test_what_does_not_add_up_is_noticed() -> None:
    made = trace(SENTENCE)
    columns = np.arange(6)
    slips = [WrittenProduct(made, 0, KINDS[0], 1, component, columns).slips for component in range(made.d_k)]
    assert max(slips) > 0
    assert read_query(made, 0, 1, Frame("16:9")).slips == 0


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("sentence", [SENTENCE, "The cat sat on the mat because it was tired.", "Hi", "القط جلس"])
def test_the_written_terms_make_most_of_the_result_and_are_the_numbers_that_were_read_before(
    sentence: str, frame: FrameName
) -> None:
    scene, _ = play(QueryKeyValue, sentence=sentence, frame=frame)
    before, _ = play(Embeddings, sentence=sentence, frame=frame)
    assert scene.entry.speaks
    assert scene.entry.sums[-1].value * scene.entry.result.value > 0
    total, row = before.vector.strips[-1], scene.written.row
    shown = row.columns[row.columns >= 0]
    assert shown.tolist() == total.columns.tolist()
    assert [text for text in row.texts[0] if text] == total.texts[0]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("sentence", [SENTENCE, "Hi", "القط جلس على السجادة", "<b> & $x$ #let"])
def test_the_numbers_of_row_and_column_can_be_read(sentence: str, frame: FrameName) -> None:
    scene, _ = play(QueryKeyValue, sentence=sentence, frame=frame)
    places = scene.written.places
    for strip, region in zip(scene.written.strips, (places.row, places.column), strict=True):
        assert strip.number_size(region.width / strip.shape[1], region.height) >= scene.frame.smallest_number


def test_the_entry_ends_in_its_own_cell() -> None:
    scene, _ = play(QueryKeyValue, sentence=SENTENCE)
    row, column = scene.row, scene.column
    assert scene.queries.product.values[row, column] == pytest.approx(scene.entry.result.value)
    assert scene.queries.product.rows[row] == scene.followed
    assert all((made.product.shown == 1).all() for made in scene.all.made)


def test_the_last_picture_is_x_with_what_is_made_of_it_and_nothing_else() -> None:
    scene, _ = play(QueryKeyValue, sentence=SENTENCE)
    fields = {part.field for part in scene.on_stage if isinstance(part, Tensor)}
    assert fields == {"embeddings", "queries[0]", "keys[0]", "values[0]"}
    assert all(part.opacity[0] == 1 for part in scene.on_stage)
    np.testing.assert_array_equal(scene.lens.view, scene.lens.at_rest)


def test_the_row_is_seen_where_the_close_up_has_it() -> None:
    places = CloseUpPlaces.of(Frame("16:9"), 7)
    own = Region(-3.0, -1.0, -1.0, -0.5)
    seen = places.seen_from(own)
    assert places.through(places.row, seen).width == pytest.approx(own.width)
    assert places.through(places.row, seen).center == pytest.approx(own.center)
    lens = Lens(Frame("16:9").stage.corners)
    lens.view = lens.onto(seen.corners, 1.0)
    (left, top), (right, _) = lens.through(own.corners)[:2, :2]
    assert (left, right) == pytest.approx((places.row.left, places.row.right))
    assert top == pytest.approx(places.row.center[1] + lens.zoom * own.height / 2)


def test_a_bias_is_a_visible_term(other_model: AttentionTrace) -> None:
    scene, mobjects = play(QueryKeyValue, sentence=SENTENCE, head=1)
    (bias,) = (label for label in of(Label, mobjects) if any(part == "bias" for part, _ in label.parts))
    added = bias.facts()[0].value * (-1 if bias.parts[0][0] == "−" else 1)
    assert added == other_model.b_query[1, scene.entry.component]
    row, column = other_model.embeddings[scene.followed], other_model.w_query[1][:, scene.entry.component]
    assert scene.entry.result.value == pytest.approx(row @ column + added, rel=1e-4)
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
