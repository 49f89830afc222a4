"""What the shipped weights can do, measured on a small set of sentences."""

from pathlib import Path

import pytest

from attention.evaluation import Figures, evaluate
from attention.model_folder import find_model
from attention.text import tidy

DATA = Path(__file__).parents[1] / "data" / "links.jsonl"
TEXT = "the old man and his small dog walked along the river to a house in the green forest"


def attention_of(text: str) -> tuple:
    computed = find_model("tiny").trace(tidy(text), 0)
    return computed.weights[0], [tuple(span) for span in computed.spans.tolist()]


@pytest.fixture(scope="module")
def figures() -> Figures:
    return evaluate(attention_of, DATA)


def test_attention_follows_language(figures: Figures) -> None:
    assert figures.linked >= 0.56
    assert figures.linked >= figures.chance + 0.3


def test_a_token_keeps_the_most_but_not_all_to_itself(figures: Figures) -> None:
    assert figures.self_largest >= 0.9
    assert 0.35 <= figures.mean_self_share <= 0.6


@pytest.mark.parametrize("tokens", [2, 12, 40, 64])
def test_that_holds_for_short_and_long_texts(tokens: int) -> None:
    words = TEXT.split() * 4
    weights = find_model("tiny").trace(" ".join(words[:tokens]), 0).weights[0]
    assert 0.3 < weights.diagonal().mean() < 0.95


def test_neighbours_in_the_table_mean_something_alike() -> None:
    computed = find_model("tiny").trace("king cat river", 0)
    king, cat, river = computed.neighbours.texts
    assert {"monarch", "throne"} & set(king)
    assert {"kitten", "dog"} & set(cat)
    assert {"lake", "stream"} & set(river)


def test_the_files_are_small() -> None:
    assert find_model("tiny").weights.stat().st_size < 6_000_000
