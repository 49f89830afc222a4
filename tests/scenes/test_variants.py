"""What is said of layers that differ from the plain one: true of each family, and never too long for a caption."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from attention import AttentionTrace, trace
from scenes.captioned_scene import CAPTION_LIMIT
from scenes.content import variants
from tests.attention.checkpoints import make

SENTENCE = "The cats sat on the mat."
MANY = 100_000


def of(folder: Path, kind: str, layer: int = 0, **changes: Any) -> AttentionTrace:
    return trace(SENTENCE, str(make(folder / f"{kind}-{len(changes)}", kind, **changes)), layer)


def test_each_family_is_told_as_it_is(tmp_path: Path) -> None:
    gemma2, gemma3 = of(tmp_path, "gemma2"), of(tmp_path, "gemma3_text", 1)
    assert variants.what_makes_keys(gemma2) == "W_K makes the keys: one W_K for each 2 heads"
    assert variants.what_the_mask_forbids(gemma2) == "A token may look at itself and the 3 before it"
    assert variants.what_becomes_of_the_row(gemma2) == "Then the row is multiplied by 5.657 and normalised"
    assert variants.what_positions_do(gemma3) == "Normalised, then turned by its position"
    assert variants.how_fast_positions_turn(gemma3) == "Base of the angles in this layer: 1,000,000"
    local = trace(SENTENCE, str(tmp_path / "gemma3_text-0"), 0)
    assert variants.how_fast_positions_turn(local) == "Base of the angles in this local layer: 10,000"
    assert "over all heads" in variants.what_positions_do(of(tmp_path, "olmo2"))
    assert variants.what_positions_do(of(tmp_path, "phi3")) == "4 of its 8 numbers are turned by its position"
    assert (
        variants.what_makes_queries(of(tmp_path, "modernbert"))
        == "W_Q, a part of one trained matrix, makes the queries"
    )
    window = trace(SENTENCE, str(tmp_path / "modernbert-0"), 1)
    assert variants.what_the_mask_forbids(window) == "A token may look at most 3 tokens away"
    albert = of(tmp_path, "albert")
    assert variants.what_makes_queries(albert) == "W_Q, the same in all 3 layers, makes the queries"
    assert variants.what_a_row_is(albert) == "The row: 16 trained numbers, mapped to 32"
    assert of(tmp_path, "smollm3", 1).without_positions
    assert not of(tmp_path, "bloom").without_positions


@pytest.mark.parametrize("told", [each for name, each in vars(variants).items() if name.startswith(("what", "how"))])
def test_no_caption_is_too_long(told: Callable[[AttentionTrace], str | None], tmp_path: Path) -> None:
    for kind in ("llama", "gemma2", "gemma3_text", "olmo2", "phi3", "albert", "modernbert", "gpt2"):
        t = replace(
            of(tmp_path, kind), layers=MANY, layer=MANY, embedding_scale=0.0123456, rotary_base=1e12, score_divisor=1.0
        )
        for layer in (0, MANY):
            for size in (None, MANY):
                caption = told(replace(t, layer=layer, embedding_size=size))
                assert caption is None or len(caption) <= CAPTION_LIMIT, caption
    wide = np.ones((len(t), 512), dtype=np.float32)
    wider = replace(t, rotary_cos=wide[:, :256], queries=np.ones((4, len(t), 1024), dtype=np.float32))
    assert len(told(replace(wider, query_gain=np.ones((4, 1024), dtype=np.float32))) or "") <= CAPTION_LIMIT
