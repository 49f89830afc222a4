"""The measure, checked on sentences small enough to count by hand."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from attention.errors import UserError
from attention.evaluation import evaluate
from attention.sentence_files import FloatArray, Spans, word_weights

DATA = Path(__file__).parents[1] / "data" / "links.jsonl"

LINE: dict[str, Any] = {
    "text": "Blue birds sing, too.",
    "words": ["Blue", "birds", "sing", ",", "too", "."],
    "links": [[0, 1], [1, 2], [4, 2]],
    "punct": [3, 5],
}
TOKENS = [(0, 4), (5, 10), (11, 15), (15, 16), (17, 20), (20, 21)]  # one token a word


def write(tmp_path: Path, *lines: dict[str, Any] | str) -> Path:
    file = tmp_path / "links.jsonl"
    file.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return file


def always(weights: FloatArray, spans: Spans = TOKENS) -> Any:
    return lambda _: (weights, spans)


def pointing(at: list[int], own: float = 0.6) -> FloatArray:
    """Each token keeps ``own`` to itself and gives the rest to one other."""
    weights = np.eye(len(at)) * own
    weights[np.arange(len(at)), at] += 1 - own
    return weights


def test_perfect_attention(tmp_path: Path) -> None:
    figures = evaluate(always(pointing([1, 2, 1, 0, 2, 0])), write(tmp_path, LINE))
    assert figures.linked == 1
    assert figures.sentences == 1
    assert figures.self_largest == 1
    assert figures.mean_self_share == pytest.approx(0.6)


def test_chance_counts_the_links_among_the_other_words(tmp_path: Path) -> None:
    figures = evaluate(always(pointing([1, 2, 1, 0, 2, 0])), write(tmp_path, LINE))
    # Blue 1 of 3, birds 2 of 3, sing 2 of 3, too 1 of 3
    assert figures.chance == pytest.approx(0.5)


def test_half_right(tmp_path: Path) -> None:
    figures = evaluate(always(pointing([2, 0, 0, 0, 2, 0], own=0.2)), write(tmp_path, LINE))
    assert figures.linked == pytest.approx(0.5)
    assert figures.self_largest == 0


def test_uniform_attention_picks_the_first_other_word(tmp_path: Path) -> None:
    figures = evaluate(always(np.full((6, 6), 1 / 6)), write(tmp_path, LINE))
    # Blue picks birds (hit), birds picks Blue (hit), sing and too pick Blue (misses)
    assert figures.linked == pytest.approx(0.5)
    assert figures.mean_self_share == pytest.approx(1 / 6)


def test_punctuation_is_left_out(tmp_path: Path) -> None:
    weights = pointing([1, 2, 1, 0, 2, 0])
    weights[:4, 5] += 10  # most of the weight on the full stop changes no pick among words
    assert evaluate(always(weights), write(tmp_path, LINE)).linked == 1


def test_pieces_of_a_word(tmp_path: Path) -> None:
    line = {"text": "a bcd e", "words": ["a", "bcd", "e"], "links": [[0, 1], [1, 2]], "punct": []}
    spans = [(0, 1), (2, 3), (3, 5), (6, 7)]  # "bcd" is two tokens
    weights = np.array(
        [
            [0.3, 0.2, 0.2, 0.3],  # 0.4 in sum on the two pieces, more than 0.3 on "e"
            [0.0, 0.5, 0.0, 0.5],
            [0.9, 0.0, 0.1, 0.0],  # with the row above, in the mean: 0.45 to "a", 0.25 to "e"
            [0.1, 0.0, 0.2, 0.7],
        ]
    )
    expected = [[0.3, 0.4, 0.3], [0.45, 0.3, 0.25], [0.1, 0.2, 0.7]]
    np.testing.assert_allclose(word_weights(weights, spans, [(0, 1), (2, 5), (6, 7)]), expected)
    assert evaluate(always(weights, spans), write(tmp_path, line)).linked == 1


def test_one_token_over_two_words() -> None:
    between = word_weights(np.array([[0.5, 0.5], [0.0, 1.0]]), [(0, 5), (5, 7)], [(0, 2), (2, 5), (5, 7)])
    np.testing.assert_allclose(between, [[0.5, 0.5, 0.5], [0.5, 0.5, 0.5], [0.0, 0.0, 1.0]])


def test_spaces_before_a_word_are_skipped(tmp_path: Path) -> None:
    line = {"text": "no ,  no", "words": ["no", ",", "no"], "links": [[0, 2]], "punct": [1]}
    assert evaluate(always(np.eye(3), [(0, 2), (3, 4), (6, 8)]), write(tmp_path, line)).linked == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 2: "),
        ("[1]", "not a JSON object"),
        ({**LINE, "text": "Blue cats sing, too."}, "'birds' does not follow"),
        ({**LINE, "words": [*LINE["words"][1:], "Blue"]}, "'birds' does not follow"),
        ({**LINE, "links": [[0, 6]]}, "6 is not the index of a word"),
        ({**LINE, "links": [[0, True]]}, "True is not the index of a word"),
        ({**LINE, "links": [[1, 1]]}, "not a pair"),
        ({**LINE, "links": [[0, 1, 2]]}, "not a pair"),
        ({**LINE, "punct": [-1]}, "-1 is not the index of a word"),
        ({**LINE, "links": 3}, "line 2: "),
        ({key: value for key, value in LINE.items() if key != "punct"}, "'punct' is missing"),
    ],
)
def test_malformed_line_is_named(tmp_path: Path, line: dict[str, Any] | str, reason: str) -> None:
    file = write(tmp_path, LINE, line)
    with pytest.raises(UserError, match=f"links.jsonl, line 2: .*{reason.removeprefix('line 2: ')}") as caught:
        evaluate(always(np.eye(6)), file)
    assert "\n" not in str(caught.value)


def test_weights_that_do_not_fit_the_text(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"line 1: weights of shape \(5, 5\) for 6 tokens"):
        evaluate(always(np.eye(5)), write(tmp_path, LINE))
    with pytest.raises(UserError, match="line 1: word 5 has no token"):
        evaluate(always(np.eye(5), TOKENS[:5]), write(tmp_path, LINE))


def test_a_sentence_that_the_model_refuses_is_left_out(tmp_path: Path) -> None:
    def refusing(text: str) -> tuple[FloatArray, Spans]:
        if text.startswith("Too"):
            raise UserError("too long")
        return np.eye(6), TOKENS

    long = {**LINE, "text": "Too birds sing, too.", "words": ["Too", *LINE["words"][1:]]}
    figures = evaluate(refusing, write(tmp_path, LINE, long))
    assert (figures.sentences, figures.left_out) == (1, 1)


def test_no_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no sentence"):
        evaluate(always(np.eye(1)), write(tmp_path, ""))


def test_the_measure_of_the_data() -> None:
    """Attending to the next word, by offsets of the words themselves, is better than chance on real sentences."""

    def next_word(text: str) -> tuple[FloatArray, Spans]:
        spans = words[text]
        return pointing([min(at + 1, len(spans) - 1) for at in range(len(spans))]), spans

    words: dict[str, Spans] = {}
    for line in DATA.read_text(encoding="utf-8").splitlines():
        fields, position = json.loads(line), 0
        spans = []
        for word in fields["words"]:
            start = fields["text"].index(word, position)
            position = start + len(word)
            spans.append((start, position))
        words[fields["text"]] = spans
    figures = evaluate(next_word, DATA)
    assert figures.sentences == 60
    assert 0.2 < figures.chance < 0.3
    assert figures.chance + 0.1 < figures.linked < 0.6
