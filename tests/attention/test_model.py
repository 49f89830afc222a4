import inspect

import numpy as np
import pytest
import torch

from attention.causal import CausalSelfAttention
from attention.model import SelfAttention
from attention.one_layer import AttentionModel


def test_the_filmed_class_is_short_and_has_no_plumbing() -> None:
    source = inspect.getsource(SelfAttention)
    assert len(inspect.getsource(SelfAttention.forward).splitlines()) <= 10
    assert not any(word in source for word in ("mask", "causal", "heads", "transpose", "squeeze"))


def test_looking_back_takes_one_more_line() -> None:
    plain, causal = (inspect.getsource(layer.forward).splitlines() for layer in (SelfAttention, CausalSelfAttention))
    assert len(causal) == len(plain) + 1
    assert len(set(causal) - set(plain)) == 2  # the mask, and the softmax that takes it


@pytest.mark.parametrize("causal", [False, True])
def test_it_is_pytorchs_attention(causal: bool) -> None:
    torch.manual_seed(0)
    layer = CausalSelfAttention(16, 8) if causal else SelfAttention(16, 8)
    steps = layer(torch.randn(3, 7, 16))
    theirs = torch.nn.functional.scaled_dot_product_attention(steps.queries, steps.keys, steps.values, is_causal=causal)
    torch.testing.assert_close(steps.output, theirs)
    allowed = np.tri(7, dtype=bool) if causal else np.ones((7, 7), dtype=bool)
    assert ((steps.weights > 0).numpy() == allowed).all()


def test_a_batch_is_its_texts_one_by_one() -> None:
    torch.manual_seed(0)
    model = AttentionModel(vocabulary=50, max_tokens=10, d_model=16, d_k=8)
    ids = torch.tensor([[3, 4, 5], [9, 4, 2]])
    torch.testing.assert_close(model(ids).output[1], model(ids[1]).output)
