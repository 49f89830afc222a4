"""What heads do: on weights made by hand, and every layer's weights against the traces and the library."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from attention import UserError, trace
from attention.evaluation import read_sentences
from attention.head_weights import MOST_TOKENS
from attention.heads import HABITS, HeadShares, linked_tokens, measure, name_heads
from attention.model_folder import find_model
from attention.pretrained.checkpoint import Checkpoint
from attention.surveying import SENTENCES, survey
from attention.text import tidy
from tests.attention.checkpoints import KINDS, make, minilm, reported

SENTENCE = "The café's cats sat on the mat, unbelievably tired 🙂."
Array = NDArray[np.float64]


def shares_of(*heads: Array, special: list[int] | None = None, **options: NDArray[np.bool_]) -> list[dict[str, float]]:
    """Return the measures of heads whose weights, (n, n), are given."""
    count = len(heads[0])
    added = np.isin(np.arange(count), special or [])
    options.setdefault("masks", np.ones((1, count, count), dtype=bool))
    measured = measure(np.stack(heads)[None], special=added, **options).shares[0]
    return [dict(zip(HABITS, head.tolist(), strict=True)) for head in measured]


def test_a_head_that_always_looks_at_one_place_has_all_of_it_there() -> None:
    eye = np.eye(5)
    itself, previous, following, first = shares_of(eye, eye[[0, 0, 1, 2, 3]], eye[[1, 2, 3, 4, 4]], eye[[0] * 5])
    assert itself == pytest.approx({**dict.fromkeys(HABITS, 0), "itself": 1, "links": np.nan}, nan_ok=True)
    assert previous["previous"] == 1  # the first one, which has none before it, does not count
    assert previous["itself"] == pytest.approx(1 / 5)
    assert following["next"] == 1
    assert first["separator"] == 1  # without separators, the first token


def test_shares_are_means_over_tokens() -> None:
    weights = np.array([[0.5, 0.3, 0.2], [0.1, 0.6, 0.3], [0.2, 0.4, 0.4]])
    (found,) = shares_of(weights)
    expected = {"itself": 1.5 / 3, "previous": 0.5 / 2, "next": 0.6 / 2, "separator": 0.3 / 2, "links": np.nan}
    assert found == pytest.approx(expected, nan_ok=True)


def test_separators_neither_attend_nor_are_neighbours() -> None:
    weights = np.full((4, 4), 0.25)
    weights[0] = [1, 0, 0, 0]
    weights[1] = [0.4, 0.3, 0.1, 0.2]
    weights[2] = [0.5, 0.2, 0.2, 0.1]
    (found,) = shares_of(weights, special=[0, 3])
    expected = {"itself": 0.25, "previous": 0.2, "next": 0.1, "separator": 0.6, "links": np.nan}
    assert found == pytest.approx(expected, nan_ok=True)


def test_links_are_those_of_other_words() -> None:
    weights = np.array([[0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1], [0.3, 0.3, 0.2, 0.2], [0.7, 0.1, 0.1, 0.1]])
    tokens = np.array([[0, 3], [4, 6], [6, 9], [9, 10]])  # the second word has two, the third word is a sign
    linked = linked_tokens(tokens, [(0, 3), (4, 9), (9, 10)], frozenset({frozenset({0, 1})}))
    assert np.argwhere(linked).tolist() == [[0, 1], [0, 2], [1, 0], [2, 0]]
    (found,) = shares_of(weights, linked=linked)
    assert found["links"] == pytest.approx((0.5 + 0.4 + 0.3) / 3)


def test_what_a_mask_forbids_cannot_be_missed() -> None:
    causal = np.tri(4, dtype=bool)[None]
    weights = np.tri(4) / np.tri(4).sum(axis=1, keepdims=True)
    (found,) = shares_of(weights, masks=causal)
    assert np.isnan(found["next"])
    assert found["previous"] == pytest.approx((1 / 2 + 1 / 3 + 1 / 4) / 3)
    even = measure(weights[None, None], causal, np.zeros(4, dtype=bool)).even_shares[0]
    np.testing.assert_allclose(even, list(found.values()))


def test_shares_of_two_sentences_count_each_token_once() -> None:
    one, two = np.eye(2)[None, None], np.full((1, 1, 3, 3), 1 / 3)
    parts = [measure(each, np.ones(each.shape[1:], bool), np.zeros(each.shape[-1], bool)) for each in (one, two)]
    assert (parts[0] + parts[1]).shares[0, 0, 0] == pytest.approx((2 + 1) / 5)


@pytest.mark.parametrize(
    ("shares", "name"),
    [
        ({"itself": 0.5, "previous": 0.2}, "itself"),
        ({"previous": 0.9, "links": 0.4}, "previous"),
        ({"separator": 0.6, "next": 0.2}, "next"),  # half of what does not go to separators
        ({"separator": 0.7, "next": 0.25}, "separator"),  # too little is left to count
        ({"separator": 0.5, "next": 0.1}, "separator"),
        ({"separator": 0.4, "links": 0.26}, "links"),
        ({"links": 0.41}, "mixed"),  # as it would be by chance
        ({"previous": 0.3, "next": 0.3, "separator": 0.2}, "mixed"),
        ({}, "mixed"),
    ],
)
def test_a_name_follows_from_the_shares(shares: dict[str, float], name: str) -> None:
    sums = np.array([[[shares.get(habit, 0.0) for habit in HABITS]]])
    even = np.array([[0.1, 0.1, 0.1, 0.0, 0.28]])
    assert name_heads(HeadShares(sums, even, np.ones((1, 5), dtype=np.int64))).tolist() == [[name]]


@pytest.mark.parametrize("kind", KINDS)
def test_one_run_gives_every_layers_weights(tmp_path: Path, kind: str) -> None:
    folder = make(tmp_path, kind)
    found = find_model(str(folder)).head_weights(SENTENCE)
    first = trace(SENTENCE, str(folder))
    np.testing.assert_allclose(found.weights, reported(folder, first.token_ids), atol=1e-6)
    assert found.labels == first.labels
    for hidden in (False, True):
        found = find_model(str(folder), hide_special=hidden).head_weights(SENTENCE)
        for layer in range(3):
            t = trace(SENTENCE, str(folder), layer, hide_special=hidden)
            np.testing.assert_allclose(found.weights[layer], t.weights, atol=1e-5)
            np.testing.assert_array_equal(found.masks[layer], t.mask)
        assert (found.sentence, found.model, found.left_out) == (t.sentence, t.model, t.left_out)
        np.testing.assert_array_equal(found.special, t.special)


def test_layers_may_have_masks_of_their_own(tmp_path: Path) -> None:
    folder = make(tmp_path, "qwen2", use_sliding_window=True, sliding_window=4, max_window_layers=1)
    found = find_model(str(folder)).head_weights(SENTENCE)
    assert [int(mask[-1].sum()) for mask in found.masks] == [len(found.labels), 4, 4]


def test_the_tiny_model_has_one_head() -> None:
    found = survey(SENTENCE)
    t = trace(SENTENCE)
    np.testing.assert_array_equal(found.weights.weights, t.weights[None])
    assert found.weights.labels == t.labels
    assert found.names.tolist() == [["itself"]]
    assert found.separator == "first token"
    assert found.shares[0, 0, 0, 0] == pytest.approx(t.weights[0].diagonal().mean())


def test_bert_heads_do_what_was_found_in_bert() -> None:
    found = survey(SENTENCE, str(minilm()))
    assert found.on_set.sentences == 40
    assert found.separator == "separator"
    assert (found.names[0, 2], found.names[1, 8], found.names[2, 9]) == ("previous", "next", "separator")
    assert found.shares[0, 2, 1].tolist() == pytest.approx([1, 1], abs=0.03)
    assert set(found.names.ravel()) == {"previous", "next", "separator", "links", "mixed"}


def test_random_weights_have_no_habits(tmp_path: Path) -> None:
    for kind in ("gpt2", "bert"):
        assert set(survey("Hi.", str(make(tmp_path / kind, kind))).names.ravel()) == {"mixed"}


def test_the_measures_on_the_set_are_those_of_its_sentences() -> None:
    counted = 0
    sums = np.zeros(5)
    counts = np.zeros(5)
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        fields = json.loads(line)
        t = find_model("tiny").trace(tidy(fields["text"]), 0)
        spans, position = [], 0
        for word in fields["words"]:
            position = t.sentence.index(word, position)
            spans.append(range(position, position + len(word)))
            position += len(word)
        words = [{k for k, span in enumerate(spans) if set(span) & set(range(*place))} for place in t.spans.tolist()]
        joined = {frozenset(link) for link in fields["links"]}
        for row, weights in enumerate(t.weights[0].tolist()):
            linked = [
                column
                for column in range(len(t))
                if any(frozenset((a, b)) in joined for a in words[row] for b in words[column])
            ]
            places = [[row], [row - 1], [row + 1], [0] * (row > 0), linked]
            for habit, columns in enumerate(places):
                inside = [column for column in columns if 0 <= column < len(t)]
                sums[habit] += sum(weights[column] for column in inside)
                counts[habit] += bool(inside)
        counted += 1
    found = survey("Hi")
    assert found.on_set.sentences == counted == 40
    np.testing.assert_allclose(found.shares[0, 0, :, 1], sums / counts, rtol=1e-5)


def test_the_set_is_a_part_of_the_test_data() -> None:
    mine = SENTENCES.read_text(encoding="utf-8").splitlines()
    assert set(mine) < set((Path(__file__).parents[1] / "data" / "links.jsonl").read_text(encoding="utf-8").split("\n"))
    assert len(list(read_sentences(SENTENCES))) == len(mine) == 40


def test_a_second_survey_reads_what_was_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make(tmp_path, "bert")
    done: list[tuple[int, int]] = []
    first = survey("Hi there.", str(folder), on_sentence=lambda *counts: done.append(counts))
    assert done == [(k, 40) for k in range(1, 41)]
    monkeypatch.setattr(Checkpoint, "head_weights", None)
    second = survey("Hi there.", str(folder))
    np.testing.assert_array_equal(first.shares, second.shares)
    np.testing.assert_array_equal(first.weights.weights, second.weights.weights)
    assert first.weights.labels == second.weights.labels


def test_what_cannot_be_surveyed_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="empty"):
        survey(" ")
    with pytest.raises(UserError, match="nowhere"):
        survey("Hi", "nowhere")
    long = make(tmp_path / "long", "gpt2", n_positions=600)
    with pytest.raises(UserError, match=f"600 tokens, and all heads are looked at for at most {MOST_TOKENS}"):
        find_model(str(long)).head_weights("a" + " a" * 599)
    short = make(tmp_path / "short", "gpt2", n_positions=4)
    with pytest.raises(UserError, match=r"none of the 40 sentences .*at most 4"):
        survey("Hi", str(short))
