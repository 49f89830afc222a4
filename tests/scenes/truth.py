"""The truth audit: compares every number that a clip showed with one that is computed again from the model alone."""

import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from manim import Mobject
from numpy.typing import NDArray

from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.mobjects.label import Label
from scenes.mobjects.tensor import Tensor
from tests.recomputed import Numbers
from tests.scenes.played import of

WITH_HEADS = {
    "w_query",
    "w_key",
    "w_value",
    "queries",
    "keys",
    "values",
    "scores",
    "scaled_scores",
    "capped_scores",
    "logits",
    "weights",
    "context",
}


def cosine(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    return float(first @ second / (np.linalg.norm(first) * np.linalg.norm(second)))


FUNCTIONS = {
    name: getattr(np, name) for name in ("exp", "sum", "sqrt", "abs", "max", "mean", "concatenate", "tanh")
} | {"cosine": cosine}


def with_heads_first(numbers: Numbers) -> Numbers:
    return {
        name: values[None] if name in WITH_HEADS and values.ndim == 2 else values for name, values in numbers.items()
    }


def assert_true(mobjects: list[Mobject], numbers: Numbers, others: dict[str, Numbers] | None = None) -> int:
    """Compare every number that was shown, as a value and as printed; return how many there were.

    ``others`` are the numbers of other sentences that the clip shows, by the names that its facts have for them.
    """
    with_heads: dict[str, Any] = dict(with_heads_first(numbers))
    with_heads |= {name: SimpleNamespace(**with_heads_first(other)) for name, other in (others or {}).items()}
    compared = 0
    for mobject in of(DrawnMobject, mobjects):
        for fact in mobject.facts():
            true = float(eval(fact.source, FUNCTIONS | with_heads))
            assert fact.value == pytest.approx(true, rel=1e-4, abs=2e-5), fact
            printed = float(fact.text.replace("−", "-").replace(",", "."))
            rounding = 0.05 * 10 ** int(fact.text.split("e")[1]) if "e" in fact.text else 0.5 * 10**-fact.decimals
            assert printed == pytest.approx(true, abs=rounding + 2e-5 + 1e-4 * abs(true)), fact
            compared += 1
    return compared


def assert_printed_as_known(mobjects: list[Mobject]) -> None:
    """Each number of a tensor, and each decimal number in a label, is a fact."""
    for tensor in of(Tensor, mobjects):
        texts = [text for row in tensor.texts for text in row if text]
        assert texts == [fact.text for fact in tensor.facts()]
        shown = ~np.isnan(tensor.values)
        np.testing.assert_allclose(tensor.colors[shown], tensor.coloring(tensor.values[shown]))
    for label in of(Label, mobjects):
        loose = [part for part, _ in label.parts if isinstance(part, str)]
        assert not [text for text in loose if re.search(r"\d[.,]\d", text) and not text.startswith("÷")], loose
