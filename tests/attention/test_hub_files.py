"""Checkpoints as they lie on the hub: names of tensors and a config of the time when they were made."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from attention import trace
from tests.attention.checkpoints import make

SENTENCE = "The cat sat on the mat."
Tensors = dict[str, torch.Tensor]
MASK = torch.ones(1, 1, 64, 64, dtype=torch.bool).tril()


def renamed(*pairs: tuple[str, str]) -> Callable[[Tensors], Tensors]:
    def change(tensors: Tensors) -> Tensors:
        for old, new in pairs:
            assert any(old in name for name in tensors), (old, list(tensors)[:5])
            tensors = {name.replace(old, new): tensor for name, tensor in tensors.items()}
        return tensors

    return change


def with_more(more: Tensors) -> Callable[[Tensors], Tensors]:
    return lambda tensors: tensors | more


def the_same(tensors: Tensors) -> Tensors:
    return tensors


def with_copies(*names: str, prefix: str = "") -> Callable[[Tensors], Tensors]:
    return lambda tensors: tensors | {name: tensors[f"{prefix}shared.weight"].clone() for name in names}


AT = "gpt_neox.layers.0.attention."
CASES: list[tuple[str, Callable[[Tensors], Tensors], dict[str, Any], tuple[str, ...]]] = [
    # model, its tensors, what its config says beside, and what a config of that time does not have
    (
        "gpt_neox",
        with_more(
            {f"{AT}bias": MASK, f"{AT}masked_bias": torch.tensor(-1e9), f"{AT}rotary_emb.inv_freq": torch.ones(1)}
        ),
        {"rotary_pct": 0.25, "rotary_emb_base": 10000},
        ("rope_parameters",),
    ),
    ("bloom", renamed(("transformer.", "")), {"n_embed": 32, "num_attention_heads": 4}, ()),
    ("opt", renamed(("model.decoder.", "decoder.")), {}, ()),
    ("t5", with_copies("encoder.embed_tokens.weight", "decoder.embed_tokens.weight"), {"n_positions": 5}, ()),
    ("bart", renamed(("model.", "")), {}, ()),
    ("bart", with_copies("model.encoder.embed_tokens.weight", prefix="model."), {}, ()),
    ("falcon", the_same, {"rope_theta": 10000.0}, ("rope_parameters",)),
    ("phi3", the_same, {"rope_theta": 10000.0, "rope_scaling": None}, ("rope_parameters",)),
    ("gemma2", the_same, {"rope_theta": 10000.0}, ("rope_parameters", "layer_types")),
    ("llama", with_more({"model.layers.0.self_attn.rotary_emb.inv_freq": torch.ones(4)}), {}, ()),
]


@pytest.mark.parametrize(("kind", "change", "says", "lacks"), CASES)
def test_it_is_read_as_the_same_model(
    kind: str, change: Callable[[Tensors], Tensors], says: dict[str, Any], lacks: tuple[str, ...], tmp_path: Path
) -> None:
    folder = make(tmp_path, kind)
    before = [trace(SENTENCE, str(folder), layer).weights for layer in range(2)]
    file = folder / "model.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in change(load_file(file)).items()}, file)
    config = json.loads((folder / "config.json").read_text())
    kept = {name: value for name, value in config.items() if name not in lacks}
    (folder / "config.json").write_text(json.dumps(kept | says))
    for layer, weights in enumerate(before):
        np.testing.assert_array_equal(trace(SENTENCE, str(folder), layer).weights, weights)


@pytest.mark.parametrize("prefix", ["language_model.model.", "model.language_model."])
def test_the_part_for_texts_is_found_under_either_name(prefix: str, tmp_path: Path) -> None:
    folder = make(tmp_path, "gemma3")
    before = trace(SENTENCE, str(folder), 1).weights
    tensors = load_file(folder / "model.safetensors")
    (own,) = {name.partition("embed_tokens")[0] for name in tensors if "embed_tokens" in name}
    save_file({name.replace(own, prefix): each for name, each in tensors.items()}, folder / "model.safetensors")
    config = json.loads((folder / "config.json").read_text())
    for name in ("rope_parameters", "layer_types"):  # as it was first, with a base for each kind of layer
        config["text_config"].pop(name, None)
    config["text_config"] |= {"rope_theta": 1e6, "rope_local_base_freq": 1e4, "sliding_window_pattern": 2}
    (folder / "config.json").write_text(json.dumps(config))
    np.testing.assert_array_equal(trace(SENTENCE, str(folder), 1).weights, before)
