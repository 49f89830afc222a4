"""The table of `attention trace`: at any width of the terminal it says whom each token attends to."""

import re
from typing import Any

import numpy as np
import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from attention import trace
from attention.settings import DEFAULT_SENTENCE
from scenes.cli import app
from tests.attention.checkpoints import minilm

LONG = "One of the old cats sat on the mat, and the dogs ran over the hill and down to the river. " * 2
WIDE = "因为它累了，所以猫坐在垫子上。"


def printed(sentence: str, columns: int, *arguments: Any) -> list[str]:
    done = CliRunner(env={"COLUMNS": str(columns)}).invoke(app, ["trace", sentence, *map(str, arguments)])
    assert done.exit_code == 0, done.exception
    return done.stdout.splitlines()


@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.parametrize("sentence", [DEFAULT_SENTENCE, LONG, WIDE, "unbelievably far", "🙂 e\u0301 مرحبا"])
def test_each_tokens_largest_share_is_printed_whole_at_any_width(sentence: str, columns: int) -> None:
    lines = printed(sentence, columns)
    assert max(map(cell_len, lines[1:])) <= columns
    rows = [line for line in lines if line.startswith("│")]
    traced = trace(sentence)
    assert len(rows) == len(traced.labels)
    for row, label, shares in zip(rows, traced.labels, traced.weights[0], strict=True):
        shown = re.findall(r"\d\.\d\d\b", row)
        assert f"{shares.max():.2f}" in shown
        assert shown == [f"{share:.2f}" for share in shares] or shown == sorted(shown, reverse=True)
        assert label in row
        assert "0.…" not in row


def test_the_matrix_is_printed_where_it_fits_and_otherwise_names_and_shades() -> None:
    weights = trace(DEFAULT_SENTENCE).weights[0]
    narrow, wide = printed(DEFAULT_SENTENCE, 80), printed(DEFAULT_SENTENCE, 200)
    assert [re.findall(r"\d\.\d\d\b", line) for line in wide if line.startswith("│")] == [
        [f"{share:.2f}" for share in row] for row in weights
    ]
    (row,) = (line for line in narrow if "tired │" in line)
    first, second = np.argsort(-weights[9])[:2]
    labels = trace(DEFAULT_SENTENCE).labels
    assert f"│ {labels[first]} {weights[9, first]:.2f}  {labels[second]} {weights[9, second]:.2f}" in row
    shades = row.split("│")[3][1:-1]
    assert len(shades) == len(weights)
    assert max(range(len(shades)), key=lambda index: " ░▒▓█".index(shades[index])) == first


def test_a_word_that_is_there_twice_is_told_apart() -> None:
    rows = [line for line in printed("the cat and the dog and a bird ran over a hill", 80) if line.startswith("│")]
    assert [row.split("│")[2].strip() for row in rows][:4] == ["the (1)", "cat", "and (1)", "the (2)"]
    assert "the (2) 0." in rows[3]


def test_many_heads_and_tokens_that_the_tokenizer_adds() -> None:
    chosen = "--model", minilm(), "--layer", 3, "--head", 2
    traced = trace(DEFAULT_SENTENCE, str(minilm()), 3)
    lines = printed(DEFAULT_SENTENCE, 80, *chosen)
    assert "layer 3, head 2" in lines[0]
    most = int(traced.weights[2, 1].argmax())
    assert f"{traced.labels[most]} {traced.weights[2, 1, most]:.2f}" in lines[5]
    assert lines[4].split("│")[2].strip() == "[CLS]"
    assert lines[-1] != (hidden := printed(DEFAULT_SENTENCE, 80, *chosen, "--hide-special"))[-1]
    assert "[CLS] and [SEP] left out" in hidden[-1]
