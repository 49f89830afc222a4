"""What the shipped weights can do, measured on small sets of sentences."""

from pathlib import Path

import numpy as np
import pytest

from attention import trace
from attention.evaluation import Figures, evaluate
from attention.model_folder import find_model
from attention.pronouns import evaluate_pronouns
from attention.settings import DEFAULT_SENTENCE
from attention.text import tidy

DATA = Path(__file__).parents[1] / "data"
TEXT = "the old man and his small dog walked along the river to a house in the green forest"


def attention_of(text: str) -> tuple:
    computed = find_model("tiny").trace(tidy(text), 0)
    return computed.weights[0], [tuple(span) for span in computed.spans.tolist()]


@pytest.fixture(scope="module")
def figures() -> Figures:
    return evaluate(attention_of, DATA / "links.jsonl")


def test_attention_follows_language(figures: Figures) -> None:
    assert figures.linked >= 0.6
    assert figures.linked >= figures.chance + 0.3


def test_pronouns_find_whom_they_stand_for() -> None:
    found = evaluate_pronouns(attention_of, DATA / "pronouns.jsonl")
    assert found.found >= 0.7
    assert found.found >= max(found.chance, found.nearest, found.first) + 0.1


def test_the_film_shows_what_a_reader_expects() -> None:
    t = trace(DEFAULT_SENTENCE)
    it, cat, mat = (t.labels.index(word) for word in ("it", "cat", "mat"))
    weights = t.weights[0, it]
    assert weights[cat] > weights[mat]
    assert cat == np.delete(np.arange(len(t)), it)[np.delete(weights, it).argmax()]


def test_a_model_that_looks_back_follows_language_too() -> None:
    def looking_back(text: str) -> tuple:
        computed = find_model("tiny", causal=True).trace(tidy(text), 0)
        return computed.weights[0], [tuple(span) for span in computed.spans.tolist()]

    figures = evaluate(looking_back, DATA / "links.jsonl")
    assert figures.linked >= figures.chance + 0.15
    assert evaluate_pronouns(looking_back, DATA / "pronouns.jsonl").found >= 0.65


def test_a_token_keeps_the_most_but_not_all_to_itself(figures: Figures) -> None:
    assert figures.self_largest >= 0.9
    assert 0.35 <= figures.mean_self_share <= 0.55


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
    assert {"waterway", "canal"} & set(river)


def test_the_files_are_small() -> None:
    assert find_model("tiny").weights.stat().st_size < 6_000_000
