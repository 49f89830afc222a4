import inspect

import numpy as np
import pytest
import torch

from attention.model import AttentionModel, SelfAttention


def test_the_filmed_class_fits_a_screen() -> None:
    assert len(inspect.getsource(SelfAttention).splitlines()) < 30


@pytest.mark.parametrize("heads", [1, 2, 4])
@pytest.mark.parametrize("causal", [False, True])
def test_it_is_pytorchs_attention(heads: int, causal: bool) -> None:
    torch.manual_seed(0)
    steps = (layer := SelfAttention(16, 8, heads, causal))(torch.randn(3, 7, 16))
    theirs = torch.nn.functional.scaled_dot_product_attention(steps.queries, steps.keys, steps.values, is_causal=causal)
    torch.testing.assert_close(steps.context, theirs)
    torch.testing.assert_close(steps.output, theirs.transpose(1, 2).reshape(3, 7, 16))
    assert layer.w_value.shape == (heads, 16, 16 // heads)
    assert steps.mask.tolist() == (np.tri(7, dtype=bool) if causal else np.ones((7, 7), bool)).tolist()
    assert (steps.weights[..., ~steps.mask] == 0).all()


def test_padding_changes_nothing_for_the_real_tokens() -> None:
    torch.manual_seed(0)
    model = AttentionModel(vocabulary=50, max_tokens=10, d_model=16, d_k=8)
    ids = torch.tensor([[3, 4, 5, 0, 0]])
    padded = model(ids, mask=(torch.arange(5) < 3)[None, None, None])
    torch.testing.assert_close(padded.output[0, :3], model(ids[0, :3]).output)
