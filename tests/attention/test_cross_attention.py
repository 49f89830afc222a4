"""Traces of a decoder's attention to an encoder, against what the library reports and against their own fields."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from attention import AttentionTrace, UserError, trace
from tests.attention.checkpoints import make, minilm, reported_cross
from tests.recomputed import softmax

ENGLISH, GERMAN = "The café's cats sat on the mat, tired 🙂.", "Die Königin fährt heute nach Köln."


def assert_follows(t: AttentionTrace) -> None:
    """Compare each number with what the fields before it make it, in float64."""
    assert t.source is not None
    same = {"atol": 1e-5, "rtol": 1e-5}
    x, source = t.embeddings.astype(np.float64), t.source.embeddings.astype(np.float64)
    for name, read in (("query", x), ("key", source), ("value", source)):
        bias = getattr(t, f"b_{name}")
        made = read @ getattr(t, f"w_{name}").astype(np.float64) + (0 if bias is None else bias[:, None])
        np.testing.assert_allclose(
            getattr(t, {"query": "queries", "key": "keys", "value": "values"}[name]), made, **same
        )
    scores = t.queries.astype(np.float64) @ t.keys.astype(np.float64).swapaxes(-1, -2)
    np.testing.assert_allclose(t.scores, scores, **same)
    np.testing.assert_allclose(t.weights, softmax(scores / t.divisor, t.mask), **same)
    np.testing.assert_allclose(t.context, t.weights.astype(np.float64) @ t.values, **same)
    assert t.w_output is not None
    made = np.concatenate(list(t.context.astype(np.float64)), axis=-1) @ t.w_output
    np.testing.assert_allclose(t.output, made + (0 if t.b_output is None else t.b_output), **same)


@pytest.mark.parametrize("kind", ["t5", "bart"])
@pytest.mark.parametrize("changes", [{}, {"d_model": 24}])
def test_rows_are_the_decoders_and_columns_the_encoders(tmp_path: Path, kind: str, changes: dict[str, Any]) -> None:
    folder = make(tmp_path, kind, **changes)
    alone, first = trace(ENGLISH, str(folder)), trace(ENGLISH, str(folder), decoder=GERMAN)
    assert first.source is not None
    assert first.attended is first.source
    assert first.source.tokens == alone.tokens
    assert (first.sentence, first.source.sentence) == (GERMAN, ENGLISH)
    theirs = reported_cross(folder, first.source.token_ids, first.token_ids)
    assert theirs.shape == (2, {"t5": 4, "bart": 2}[kind], len(first), len(first.source))
    for layer, weights in enumerate(theirs):
        t = trace(ENGLISH, str(folder), layer, decoder=GERMAN)
        np.testing.assert_allclose(t.weights, weights, atol=1e-5)
        assert_follows(t)
        assert (t.layers, t.causal, t.window, t.without_positions) == (2, False, None, False)
        assert t.divisor == {"t5": 1, "bart": np.sqrt(t.d_k)}[kind]
        hidden = trace(ENGLISH, str(folder), layer, decoder=GERMAN, hide_special=True)
        left = weights[:, ~t.special][:, :, ~t.attended.special]
        np.testing.assert_allclose(hidden.weights, left / left.sum(axis=-1, keepdims=True), atol=1e-5)
        assert_follows(hidden)
    with pytest.raises(UserError, match="layers are 0 to 1"):
        trace(ENGLISH, str(folder), 2, decoder=GERMAN)


@pytest.mark.parametrize("kind", ["t5", "bart"])
def test_a_decoder_begins_with_its_token_and_does_not_see_the_end(tmp_path: Path, kind: str) -> None:
    folder = make(tmp_path, kind)
    alone, t = trace(GERMAN, str(folder)), trace(ENGLISH, str(folder), decoder=GERMAN)
    config = json.loads((folder / "config.json").read_text())
    assert t.token_ids[0] == config.get("decoder_start_token_id", config["pad_token_id"])
    assert t.tokens[1:] == alone.tokens[:-1]
    assert t.special[0]
    assert t.labels[1:] == alone.labels[:-1]
    (folder / "config.json").write_text(json.dumps(config | {"decoder_start_token_id": 10**6}))
    with pytest.raises(UserError, match="decoder_start_token_id"):
        trace(ENGLISH, str(folder), decoder=GERMAN)


def test_each_of_the_two_texts_is_kept_for_itself(tmp_path: Path) -> None:
    folder = str(make(tmp_path, "t5"))
    first, second = (trace(ENGLISH, folder, decoder=text) for text in (GERMAN, "Die Katze."))
    assert first.weights.shape != second.weights.shape
    again = trace(ENGLISH, folder, decoder=GERMAN)
    np.testing.assert_array_equal(again.weights, first.weights)
    assert not np.array_equal(trace(ENGLISH, folder).w_query, first.w_query)  # the encoder's own
    again.save(tmp_path / "trace.safetensors")
    loaded = AttentionTrace.load(tmp_path / "trace.safetensors")
    assert loaded.source is not None
    assert loaded.attended.labels == first.attended.labels
    np.testing.assert_array_equal(loaded.source.embeddings, first.attended.embeddings)  # type: ignore[attr-defined]


def test_a_model_without_a_decoder_says_so(tmp_path: Path) -> None:
    for model in ("tiny", str(minilm()), str(make(tmp_path, "gpt2"))):
        with pytest.raises(UserError, match="no decoder that attends to an encoder"):
            trace(ENGLISH, model, decoder=GERMAN)


def test_a_decoder_with_more_layers_than_its_weights_is_refused(tmp_path: Path) -> None:
    folder = make(tmp_path, "bart")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"decoder_layers": 10**9}))
    with pytest.raises(UserError, match="lack layers"):
        trace(ENGLISH, str(folder), decoder=GERMAN)
