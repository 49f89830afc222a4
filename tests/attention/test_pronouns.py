"""The measure of pronouns, checked on sentences small enough to count by hand."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from attention.errors import UserError
from attention.pronouns import evaluate_pronouns, holds_pronouns
from attention.sentence_files import FloatArray, Spans

LINE: dict[str, Any] = {
    "text": "Kings feed birds; they sing.",
    "words": ["Kings", "feed", "birds", ";", "they", "sing", "."],
    "pronoun": 4,
    "same": [2],
    "other": [0],
}
TOKENS = [(0, 5), (6, 10), (11, 14), (14, 16), (16, 17), (18, 20), (20, 22), (23, 27), (27, 28)]  # bir-ds and th-ey
LINKS = {"text": "a b", "words": ["a", "b"], "links": [[0, 1]], "punct": []}


def write(tmp_path: Path, *lines: dict[str, Any]) -> Path:
    file = tmp_path / "pronouns.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    return file


def looking(th: dict[int, float], ey: dict[int, float]) -> Any:
    """Return what gives weights where the two tokens of "they" look as said, and all others at the first token."""
    weights: FloatArray = np.zeros((9, 9))
    weights[:, 0] = 1
    for row, shares in ((5, th), (6, ey)):
        weights[row] = [shares.get(token, 0) for token in range(9)]
    return lambda _: (weights, TOKENS)


def test_sum_over_the_candidates_tokens_and_mean_over_the_pronouns(tmp_path: Path) -> None:
    file = write(tmp_path, LINE)
    # "birds" gets 0.2 + 0.2 of one token and 0.1 + 0.3 of the other, 0.4 in the mean, and "Kings" 0.3
    assert evaluate_pronouns(looking({0: 0.3, 2: 0.2, 3: 0.2}, {0: 0.3, 2: 0.1, 3: 0.3}), file).found == 1
    assert evaluate_pronouns(looking({0: 0.6, 2: 0.2, 3: 0.2}, {0: 0.4, 2: 0.1, 3: 0.1}), file).found == 0


def test_words_that_are_no_candidates_do_not_count(tmp_path: Path) -> None:
    shares = {1: 0.5, 5: 0.4, 7: 0.9, 3: 0.1}
    assert evaluate_pronouns(looking(shares, shares), write(tmp_path, LINE)).found == 1


def test_the_first_of_equals_is_the_pick(tmp_path: Path) -> None:
    assert evaluate_pronouns(looking({0: 0.5, 2: 0.5}, {0: 0.5, 2: 0.5}), write(tmp_path, LINE)).found == 0


def test_what_others_would_find(tmp_path: Path) -> None:
    three = {**LINE, "pronoun": 5, "same": [0, 1], "other": [2]}
    figures = evaluate_pronouns(looking({}, {}), write(tmp_path, LINE, three))
    assert figures.pronouns == 2
    assert figures.chance == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert (figures.nearest, figures.first) == (0.5, 0.5)


def test_a_sentence_that_the_model_refuses_is_left_out(tmp_path: Path) -> None:
    def refusing(text: str) -> tuple[FloatArray, Spans]:
        if text.startswith("Long"):
            raise UserError("too long")
        return np.eye(9), TOKENS

    long = {**LINE, "text": "Long feed birds; they sing.", "words": ["Long", *LINE["words"][1:]]}
    figures = evaluate_pronouns(refusing, write(tmp_path, LINE, long))
    assert (figures.pronouns, figures.left_out) == (1, 1)
    with pytest.raises(UserError, match="no pronoun that the model takes"):
        evaluate_pronouns(refusing, write(tmp_path, long))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"pronoun": 9}, "9 is not the index of a word"),
        ({"same": []}, "a pronoun needs candidates"),
        ({"other": []}, "a pronoun needs candidates"),
        ({"other": [0]}, "none of them both"),
        ({"other": [5]}, "5 is not the index of a word before the pronoun"),
        ({"same": 3}, "line 2: "),
        ({"words": ["Kings"], "pronoun": 0}, "0 is not the index of a word before the pronoun"),
    ],
)
def test_malformed_line_is_named(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    file = write(tmp_path, LINE, {**LINE, "same": [0], "other": [2], **change})
    with pytest.raises(UserError, match=f"pronouns.jsonl, line 2: .*{reason.removeprefix('line 2: ')}") as caught:
        evaluate_pronouns(looking({}, {}), file)
    assert "\n" not in str(caught.value)


def test_files_are_told_apart_by_their_fields(tmp_path: Path) -> None:
    assert holds_pronouns(write(tmp_path, LINE))
    assert not holds_pronouns(write(tmp_path, LINKS))
    with pytest.raises(UserError, match="cannot be read"):
        holds_pronouns(tmp_path / "nowhere.jsonl")
