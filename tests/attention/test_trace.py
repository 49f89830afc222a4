import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from attention import AttentionTrace, UserError, trace
from attention.model_folder import find_model
from tests.recomputed import recompute, rewrite, softmax

SENTENCES = [
    "Hi",
    "The cat sat on the mat because it was tired.",
    "Die Königin fährt heute über die große Straße nach Köln.",
    "Où est le garçon qui a mangé mon œuf ?",
    "🙂 <b>bold</b> & $x$ #let مرحبا 北京 한국어",
]
PER_TOKEN = ("token_vectors", "position_vectors", "embeddings", "output")
PER_HEAD = ("w_query", "w_key", "w_value", "queries", "keys", "values", "scores", "scaled_scores", "weights", "context")
letters = st.characters(categories=("L", "N", "P", "S"))
words = st.lists(st.text(letters, min_size=1, max_size=8), min_size=1, max_size=6)
relaxed = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_number_agrees_with_numpy_in_float64(sentence: str) -> None:
    traced, expected = trace(sentence), recompute(sentence)
    np.testing.assert_array_equal(traced.mask, expected["mask"])
    np.testing.assert_array_equal(traced.token_ids, expected["token_ids"])
    np.testing.assert_allclose(traced.neighbours.cosines, expected["neighbour_cosines"], atol=1e-5)
    for name in PER_TOKEN:
        np.testing.assert_allclose(getattr(traced, name), expected[name], atol=1e-5, rtol=1e-6, err_msg=name)
    for name in PER_HEAD:
        np.testing.assert_allclose(getattr(traced, name)[0], expected[name], atol=1e-5, rtol=1e-6, err_msg=name)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_trace_follows_from_its_own_fields(sentence: str) -> None:
    t = trace(sentence)
    x, head = t.embeddings.astype(np.float64), slice(None)
    assert t.position_vectors is not None
    np.testing.assert_allclose(t.token_vectors + t.position_vectors, x, atol=1e-6)
    for made, matrix in ((t.queries, t.w_query), (t.keys, t.w_key), (t.values, t.w_value)):
        np.testing.assert_allclose(made[head], x @ matrix.astype(np.float64), atol=1e-5)
    scores = t.queries.astype(np.float64) @ t.keys.astype(np.float64).swapaxes(-1, -2)
    np.testing.assert_allclose(t.scores, scores, atol=1e-5)
    weights = softmax(t.scores.astype(np.float64) / np.sqrt(t.d_k), t.mask)
    np.testing.assert_allclose(t.weights, weights, atol=1e-5)
    np.testing.assert_allclose(t.weights.sum(axis=-1), 1, atol=1e-6)
    np.testing.assert_allclose(t.context, t.weights.astype(np.float64) @ t.values, atol=1e-5)
    np.testing.assert_allclose(t.output, t.context[0], atol=1e-5)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_trace_agrees_with_pytorchs_own_attention(sentence: str) -> None:
    t = trace(sentence)
    theirs = torch.nn.functional.scaled_dot_product_attention(
        *(torch.from_numpy(values) for values in (t.queries, t.keys, t.values)), attn_mask=torch.from_numpy(t.mask)
    )
    np.testing.assert_allclose(t.context, theirs.numpy(), atol=1e-5)


@relaxed
@given(words)
def test_any_text_gives_a_trace_whose_chips_are_the_texts_letters(pieces: list[str]) -> None:
    t = trace(" ".join(pieces))
    n = len(t)
    assert t.weights.shape == (1, n, n)
    assert (np.diff(t.word_ids) >= 0).all()
    assert (t.spans[:, 0] < t.spans[:, 1]).all()
    assert (np.diff(t.spans[:, 0]) >= 0).all()
    for label, token, (start, end) in zip(t.labels, t.tokens, t.spans, strict=True):
        assert label in (t.sentence[start:end], token.removeprefix("##"))
    covered = {index for start, end in t.spans for index in range(start, end)}
    missed = "".join(letter for index, letter in enumerate(t.sentence) if index not in covered)
    assert not any(letter.isalnum() for letter in missed)


@relaxed
@given(words)
def test_saving_and_loading_changes_nothing(pieces: list[str]) -> None:
    t = trace(" ".join(pieces))
    file = Path("trace.safetensors")
    t.save(file)
    _assert_equal(t, AttentionTrace.load(file))


@pytest.mark.skipif(os.name != "posix", reason="needs permissions as Unix has them")
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_saved_trace_has_the_permissions_that_the_user_chose(mask: int) -> None:
    before = os.umask(mask)
    try:
        trace("Hi").save(Path("trace.safetensors"))
    finally:
        os.umask(before)
    assert Path("trace.safetensors").stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_kept_trace_is_read_without_pytorch() -> None:
    first = trace("Kept for the next time.")
    code = (
        "import sys; from attention import trace; t = trace('Kept for the next time.');"
        "print(t.weights.sum(), 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    total, imported = done.stdout.split()
    assert float(total) == pytest.approx(float(first.weights.sum()), abs=1e-5)
    assert imported == "False"


def test_other_weights_are_not_served_from_the_cache(tmp_path: Path) -> None:
    model = _copy_of_the_model(tmp_path)
    before = trace("The cat sat.", str(model))
    rewrite(model, lambda tensors, _: tensors.update({"attention.w_value": tensors["attention.w_value"] * 2}))
    np.testing.assert_array_equal(trace("The cat sat.", str(model)).w_value, before.w_value * 2)


def test_a_causal_trace_attends_to_nothing_later() -> None:
    t, both_ways = (trace("The cat sat on the mat.", causal=causal) for causal in (True, False))
    assert t.causal
    assert t.computed_by == "attention.causal.CausalSelfAttention"
    assert (t.weights[0][~t.mask] == 0).all()
    np.testing.assert_array_equal(t.mask, np.tri(len(t), dtype=bool))
    numbers = recompute(t.sentence, causal=True)
    for name in ("w_query", "w_key", "w_value", "scores", "weights"):
        np.testing.assert_allclose(getattr(t, name)[0], numbers[name], rtol=1e-4, atol=1e-5)
    assert not both_ways.causal
    np.testing.assert_array_equal(t.embeddings, both_ways.embeddings)


def test_the_first_token_of_a_causal_trace_sees_itself_alone() -> None:
    for text in ("Hi", "The cat sat."):
        assert trace(text, causal=True).weights[0, 0].tolist() == [1.0, *[0.0] * (len(trace(text)) - 1)]


def test_a_model_without_matrices_that_look_back_says_so(tmp_path: Path) -> None:
    model = _copy_of_the_model(tmp_path)
    rewrite(model, lambda tensors, _: [tensors.pop(name) for name in list(tensors) if name.startswith("causal_")])
    assert len(trace("Hi there", str(model))) == 2
    with pytest.raises(UserError, match="holds no matrices for --causal: leave that out, or train") as caught:
        trace("Hi there", str(model), causal=True)
    assert "\n" not in str(caught.value)


def test_half_of_the_matrices_that_look_back_are_damage(tmp_path: Path) -> None:
    model = _copy_of_the_model(tmp_path)
    rewrite(model, lambda tensors, _: tensors.pop("causal_attention.w_key"))
    for causal in (True, False):
        with pytest.raises(UserError, match="damaged"):
            trace("Hi there", str(model), causal=causal)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        (" \t\n ", "empty"),
        ("a\x00b", "U\\+0000"),
        ("a\x1b[31mb", "U\\+001B"),
        ("\ud800", "Unicode"),
        ("\u0301", "no token"),
        ("word " * 10_000, "10000 tokens.* at most 64"),
    ],
)
def test_bad_text_is_named_in_one_line(text: str, says: str) -> None:
    with pytest.raises(UserError, match=says) as caught:
        trace(text)
    assert "\n" not in str(caught.value)


def test_a_trace_of_the_earlier_format_is_read() -> None:
    t, file = trace("The unbelievably tired cat."), Path("trace.safetensors")
    t.save(file)
    with safe_open(file, framework="numpy") as opened:
        texts = json.loads(opened.metadata()["trace"])
    later = {"layers", "readings", "left_out", "neighbours.readings", "computed_by"}
    texts = {name: value for name, value in texts.items() if name not in later} | {"format": "attention-trace-1"}
    arrays = {name: array for name, array in load_file(file).items() if name != "special"}
    save_file(arrays, file, {"trace": json.dumps(texts)})
    _assert_equal(t, AttentionTrace.load(file))


def test_the_mean_of_heads_is_told_from_one() -> None:
    t = trace("The cat sat on the mat.")
    other = np.eye(len(t), dtype=np.float32)
    two = replace(t, queries=t.queries.repeat(2, axis=0), weights=np.stack([t.weights[0], other]))
    np.testing.assert_array_equal(two.weights_of(1), other)
    np.testing.assert_allclose(two.weights_of("mean"), (t.weights[0] + other) / 2)
    for head in (-1, 1):
        with pytest.raises(UserError, match=f"head {head}: this layer's heads are 0 to 0"):
            t.weights_of(head)


def test_space_around_and_between_is_tidied() -> None:
    assert trace("  The\tcat \r\n sat. ").sentence == "The cat sat."


def test_the_longest_text_is_taken() -> None:
    assert len(trace("word " * 64)) == 64
    with pytest.raises(UserError, match="65 tokens"):
        trace("word " * 65)


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize("damage", [None, b"", b"\x80\x04\x95 pickle", "half"])
def test_a_damaged_model_is_named(tmp_path: Path, file: str, damage: bytes | str | None) -> None:
    model = _copy_of_the_model(tmp_path)
    whole = (model / file).read_bytes()
    (model / file).unlink()
    if damage is not None:
        (model / file).write_bytes(whole[: len(whole) // 2] if damage == "half" else bytes(damage))
    with pytest.raises(UserError, match=file):
        trace("The cat sat.", str(model))


@pytest.mark.parametrize("content", [b"", b"{}", b"no trace", b"\x08\0\0\0\0\0\0\0{}      "])
def test_a_file_that_is_no_trace_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(UserError, match="not a trace"):
        AttentionTrace.load(file)


def _copy_of_the_model(folder: Path) -> Path:
    for file in find_model("tiny").path.iterdir():
        if file.suffix in (".json", ".safetensors"):
            (folder / file.name).write_bytes(file.read_bytes())
    return folder


def _assert_equal(first: AttentionTrace, second: AttentionTrace) -> None:
    assert first.neighbours.texts == second.neighbours.texts
    assert first.neighbours.readings == second.neighbours.readings
    for name, value in vars(first).items():
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(value, getattr(second, name), err_msg=name)
        elif name != "neighbours":
            assert value == getattr(second, name), name


def test_a_file_of_earlier_times_gives_the_same_numbers(tmp_path: Path) -> None:
    model = _copy_of_the_model(tmp_path)
    before = trace("The cat sat.", str(model))

    def one_head(tensors: dict[str, Any], settings: dict[str, str]) -> None:
        for name in ("query", "key", "value"):
            tensors[f"attention.w_{name}"] = tensors[f"attention.w_{name}"].reshape(1, *before.w_query.shape[1:2], -1)
        settings["heads"] = "1"

    rewrite(model, one_head)
    np.testing.assert_array_equal(trace("The cat sat.", str(model)).weights, before.weights)
