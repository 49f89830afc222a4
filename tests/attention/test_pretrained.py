"""Traces of checkpoints, against what the library reports and against their own fields."""

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from torch import Tensor

from attention import AttentionTrace, UserError, trace
from attention.pretrained.layer import LayerSteps, MultiHeadAttention
from tests.attention.checkpoints import KINDS, make, minilm, reported
from tests.recomputed import softmax

SENTENCE = "The café's cats sat on the mat, unbelievably tired 🙂."


def assert_follows(t: AttentionTrace) -> None:
    """Compare each number with what the fields before it make it, in float64."""
    same = {"atol": 1e-5, "rtol": 1e-5}
    x = t.embeddings.astype(np.float64)
    queries, keys, values = (
        x @ weight.astype(np.float64) + (0 if bias is None else bias[:, None])
        for weight, bias in ((t.w_query, t.b_query), (t.w_key, t.b_key), (t.w_value, t.b_value))
    )
    if t.projected_queries is not None:
        np.testing.assert_allclose(t.projected_queries, queries, **same)
        np.testing.assert_allclose(t.projected_keys, keys, **same)
    queries, keys = (moved(made, gain, t) for made, gain in ((queries, t.query_gain), (keys, t.key_gain)))
    np.testing.assert_allclose(t.queries, queries, **same)
    np.testing.assert_allclose(t.keys, keys, **same)
    np.testing.assert_allclose(t.values, values, **same)
    scores = t.queries.astype(np.float64) @ t.keys.astype(np.float64).swapaxes(-1, -2)
    np.testing.assert_allclose(t.scores, scores, **same)
    np.testing.assert_allclose(t.scaled_scores, t.scores / t.divisor, **same)
    bias = 0 if t.position_bias is None else t.position_bias
    np.testing.assert_allclose(t.logits, capped(t.scores / t.divisor, t) + bias, **same)
    np.testing.assert_allclose(t.weights, softmax(capped(scores / t.divisor, t) + bias, t.mask), **same)
    np.testing.assert_allclose(t.weights.sum(axis=-1), 1, **same)
    np.testing.assert_allclose(t.context, t.weights.astype(np.float64) @ t.values, **same)
    assert t.w_output is not None
    made = np.concatenate(list(t.context.astype(np.float64)), axis=-1) @ t.w_output
    np.testing.assert_allclose(t.output, made + (0 if t.b_output is None else t.b_output), **same)


def capped(scores: NDArray[Any], t: AttentionTrace) -> NDArray[Any]:
    return scores if t.soft_cap is None else t.soft_cap * np.tanh(scores / t.soft_cap)


def moved(made: NDArray[np.float64], gain: NDArray[np.float32] | None, t: AttentionTrace) -> NDArray[np.float64]:
    """Normalise and rotate queries or keys as the trace says."""
    if gain is not None:
        together = gain.ndim == 2  # all heads as one
        made = made / np.sqrt((made**2).mean(axis=(0, 2) if together else -1, keepdims=True) + t.norm_epsilon)
        made = made * (gain[:, None] if together else gain)
    if t.rotary_cos is not None:
        width = t.rotary_cos.shape[1]
        first, second = made[..., : width // 2], made[..., width // 2 : width]
        turned = np.concatenate([-second, first], axis=-1)
        made = np.concatenate([made[..., :width] * t.rotary_cos + turned * t.rotary_sin, made[..., width:]], axis=-1)
    return made


def test_real_weights_are_traced_as_the_library_reports_them() -> None:
    theirs = reported(minilm(), trace(SENTENCE, str(minilm())).token_ids)
    assert theirs.shape[:2] == (6, 12)
    for layer, weights in enumerate(theirs):
        t = trace(SENTENCE, str(minilm()), layer)
        assert (t.layer, t.layers) == (layer, 6)
        np.testing.assert_allclose(t.weights, weights, atol=1e-5)
        assert_follows(t)


@pytest.mark.parametrize("kind", KINDS)
def test_each_family_is_traced_as_the_library_reports_it(tmp_path: Path, kind: str) -> None:
    folder = make(tmp_path, kind)
    theirs = reported(folder, trace(SENTENCE, str(folder)).token_ids)
    assert theirs.shape[:2] == (3, 4)
    for layer, weights in enumerate(theirs):
        t = trace(SENTENCE, str(folder), layer)
        np.testing.assert_allclose(t.weights, weights, atol=1e-5)
        assert_follows(t)
        assert t.weights.max() > 1.5 / len(t)  # not all alike: these random weights make a difference
        assert t.embeddings_are_sums is (kind == "olmo2" and layer == 0)  # which normalises after attention
        hidden = trace(SENTENCE, str(folder), layer, hide_special=True)
        kept = ~t.special
        left = weights[:, kept][:, :, kept]
        np.testing.assert_allclose(hidden.weights, left / left.sum(axis=-1, keepdims=True), atol=1e-5)
        assert_follows(hidden)


def test_a_family_says_how_it_differs(tmp_path: Path) -> None:
    def first(kind: str, layer: int = 0, **changes: Any) -> AttentionTrace:
        return trace(SENTENCE, str(make(tmp_path / f"{kind}-{layer}", kind, **changes)), layer)

    gemma2, gemma3, bloom = first("gemma2"), first("gemma3_text"), first("bloom")
    assert (gemma2.soft_cap, first("gemma3_text", 1).soft_cap) == (5.0, None)
    assert np.abs(gemma2.capped_scores).max() <= 5 < np.abs(gemma2.scaled_scores).max()
    assert gemma2.divisor == pytest.approx(np.sqrt(24))
    assert gemma2.embedding_scale == pytest.approx(np.sqrt(32))
    assert gemma3.query_gain is not None
    assert gemma3.query_gain.shape == (8,)
    olmo2 = first("olmo2")
    assert olmo2.query_gain is not None
    assert olmo2.query_gain.shape == (4, 8)
    assert (gemma3.window, trace(SENTENCE, str(tmp_path / "gemma3_text-0"), 1).window) == (3, None)  # local, global
    bases = [trace(SENTENCE, str(tmp_path / "gemma3_text-0"), layer).rotary_cos for layer in (0, 1)]
    assert bases[0] is not None
    assert not np.array_equal(*bases)
    modernbert = first("modernbert", 1)
    assert (modernbert.window, modernbert.causal, modernbert.masked) == (3, False, True)
    widths = [t.rotary_cos.shape[1] for t in (first("gpt_neox"), first("phi3")) if t.rotary_cos is not None]
    assert widths == [2, 4]
    smollm3 = [first("smollm3", layer).rotary_cos is None for layer in range(3)]
    assert smollm3 == [False, True, False]
    assert bloom.position_bias is not None
    distance = np.arange(len(bloom)) - np.arange(len(bloom))[:, None]
    np.testing.assert_allclose(bloom.position_bias, [distance * 4.0**-head for head in (1, 2, 3, 4)])
    assert (first("electra").embedding_size, first("albert").embedding_size, first("opt").embedding_size) == (
        16,
        16,
        None,
    )
    assert (first("falcon").kv_heads, gemma2.kv_heads) == (1, 2)
    assert first("opt", 1, word_embed_proj_dim=16, do_layer_norm_before=False).embedding_size == 16
    assert trace(SENTENCE, str(tmp_path / "opt-1")).embeddings_are_sums


def test_layers_that_are_one_module_are_the_same_matrices(tmp_path: Path) -> None:
    folder = str(make(tmp_path, "albert"))
    first, last = trace(SENTENCE, folder), trace(SENTENCE, folder, 2)
    np.testing.assert_array_equal(first.w_query, last.w_query)
    assert (first.layers, last.layer) == (3, 2)
    assert not np.allclose(first.embeddings, last.embeddings)


@pytest.mark.parametrize(
    ("kind", "changes", "says"),
    [
        ("falcon", {"alibi": True}, "ALiBi"),
        ("albert", {"num_hidden_groups": 3}, "num_hidden_groups"),
        ("albert", {"inner_group_num": 2}, "inner_group_num"),
        ("bloom", {"pretraining_tp": 2, "slow_but_exact": True}, "self_attention.dense"),
    ],
)
def test_a_variant_that_cannot_be_traced_is_refused(tmp_path: Path, kind: str, changes: Any, says: str) -> None:
    folder = str(make(tmp_path, kind, **changes))
    with pytest.raises(UserError, match=says):
        trace(SENTENCE, folder)


def test_a_family_says_what_it_adds(tmp_path: Path) -> None:
    def first(kind: str, **changes: Any) -> AttentionTrace:
        return trace(SENTENCE, str(make(tmp_path / kind, kind, **changes)))

    assert first("mpnet").position_bias is not None
    assert first("bert").position_bias is None
    llama, qwen3 = first("llama"), first("qwen3")
    assert (llama.kv_heads, llama.heads) == (2, 4)
    np.testing.assert_array_equal(llama.keys[0], llama.keys[1])
    assert not np.array_equal(llama.keys[1], llama.keys[2])
    assert llama.rotary_cos is not None
    assert llama.projected_queries is not None
    np.testing.assert_allclose(llama.projected_queries[:, 0], llama.queries[:, 0], atol=1e-6)  # place 0: not turned
    assert (llama.query_gain, llama.position_vectors, llama.b_query) == (None, None, None)
    assert qwen3.query_gain is not None
    assert first("qwen2").b_query is not None
    assert first("gpt2", scale_attn_by_inverse_layer_idx=True).score_divisor is None  # in layer 0
    assert trace(SENTENCE, str(tmp_path / "gpt2"), 2).divisor == pytest.approx(3 * np.sqrt(8))


@pytest.mark.parametrize("kind", ["bert", "llama"])
def test_the_class_that_a_trace_names_computed_it(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[LayerSteps] = []
    forward = MultiHeadAttention.forward

    def noted(self: MultiHeadAttention, *given: Tensor) -> LayerSteps:
        made.append(forward(self, *given))
        return made[-1]

    monkeypatch.setattr(MultiHeadAttention, "forward", noted)
    t = trace("Another sentence, computed anew.", str(make(tmp_path, kind)))
    module, _, name = t.computed_by.rpartition(".")
    assert getattr(import_module(module), name) is MultiHeadAttention
    for field, values in made[-1]._asdict().items():
        if getattr(t, field) is not None:
            np.testing.assert_array_equal(getattr(t, field), values.numpy().astype(np.float32))
    t.save(tmp_path / "trace.safetensors")
    assert AttentionTrace.load(tmp_path / "trace.safetensors").computed_by == t.computed_by


def test_a_mask_is_what_the_model_allows(tmp_path: Path) -> None:
    near = np.tri(5, dtype=bool) & ~np.tri(5, k=-4, dtype=bool)
    t = trace(SENTENCE, str(make(tmp_path / "mistral", "mistral", sliding_window=4)))
    np.testing.assert_array_equal(t.mask[:5, :5], near)
    assert (t.weights[:, ~t.mask] == 0).all()
    mixed = make(tmp_path / "qwen2", "qwen2", use_sliding_window=True, sliding_window=4, max_window_layers=1)
    theirs = reported(mixed, trace(SENTENCE, str(mixed)).token_ids)
    for layer, last in enumerate((0, -4, -4)):
        t = trace(SENTENCE, str(mixed), layer)
        expected = np.tri(len(t), dtype=bool) & ~(np.tri(len(t), k=last, dtype=bool) & (last < 0))
        np.testing.assert_array_equal(t.mask, expected)
        np.testing.assert_allclose(t.weights, theirs[layer], atol=1e-5)


YARN = {"rope_type": "yarn", "rope_theta": 10000.0, "factor": 4.0, "original_max_position_embeddings": 16}


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("bert", {"is_decoder": True}),
        ("gpt2", {"scale_attn_weights": False, "reorder_and_upcast_attn": True}),
        ("llama", {"rope_parameters": YARN}),
        ("llama", {"attention_bias": True, "num_key_value_heads": 1}),
        ("qwen3", {"head_dim": 16, "num_key_value_heads": 4}),
        ("gpt_neox", {"attention_bias": False, "rotary_pct": 1.0}),
        ("gemma2", {"attn_logit_softcapping": None}),
        ("gemma3_text", {"use_bidirectional_attention": True, "attn_logit_softcapping": 5.0}),
        ("phi3", {"partial_rotary_factor": 1.0, "sliding_window": 4}),
        ("smollm3", {"use_sliding_window": True, "sliding_window": 4}),
        ("modernbert", {"attention_bias": True, "norm_bias": True, "global_attn_every_n_layers": 2}),
        ("electra", {"embedding_size": 32}),
        ("albert", {"embedding_size": 12, "num_hidden_layers": 5}),
        ("opt", {"word_embed_proj_dim": 16, "do_layer_norm_before": False}),
        ("opt", {"enable_bias": False}),
        ("falcon", {"multi_query": False, "parallel_attn": False, "bias": True}),
        ("falcon", {"new_decoder_architecture": True, "num_kv_heads": 2}),
        ("bloom", {"n_head": 8}),
    ],
)
def test_variants_of_a_family_are_exact(tmp_path: Path, kind: str, changes: dict[str, Any]) -> None:
    folder = make(tmp_path, kind, **changes)
    theirs = reported(folder, trace(SENTENCE, str(folder)).token_ids)
    for layer, weights in enumerate(theirs):
        t = trace(SENTENCE, str(folder), layer)
        np.testing.assert_allclose(t.weights, weights, atol=1e-5)
        assert_follows(t)


@pytest.mark.parametrize("layer", [0, 5])
def test_without_special_tokens_the_rows_are_shares_of_what_is_left(layer: int) -> None:
    whole, t = trace(SENTENCE, str(minilm()), layer), trace(SENTENCE, str(minilm()), layer, hide_special=True)
    assert whole.labels[0] == "[CLS]"
    assert whole.labels[-1] == "[SEP]"
    assert whole.special.tolist() == [True, *[False] * (len(whole) - 2), True]
    assert whole.left_out == ()
    assert t.left_out == ("[CLS]", "[SEP]")
    assert t.labels == whole.labels[1:-1]
    assert not t.special.any()
    left = whole.weights[:, 1:-1, 1:-1].astype(np.float64)
    np.testing.assert_allclose(t.weights, left / left.sum(axis=-1, keepdims=True), atol=1e-5)
    np.testing.assert_array_equal(t.scores, whole.scores[:, 1:-1, 1:-1])
    np.testing.assert_array_equal(t.embeddings, whole.embeddings[1:-1])
    assert_follows(t)
