import numpy as np
import pytest

from attention import trace
from attention.settings import FRAMES, FrameName
from scenes.content.adding_columns import runs_that_add_up
from scenes.content.cosine import cosine
from scenes.content.focus import followed_token, most_attended
from scenes.content.landmarks import landmarks, told_tokens
from scenes.drawing.marks import noting
from scenes.embeddings_parts.embedding_table import picked_rows
from scenes.look.theme import THEMES
from scenes.mobjects.embedding_map import EmbeddingMap
from scenes.places.layout import Frame
from scenes.places.projection import neighbour_map, principal_components
from scenes.places.spreading import cross, fill, meets, nearest_free, spread
from tests.recomputed import recompute
from tests.scenes.test_mobjects import drawn

SENTENCES = [
    "Hi",
    "The cat sat on the mat because it was tired.",
    "When the small boat came back to the harbour one evening, all of the children ran down to meet it there.",
    "القط جلس على السجادة",
    "Pneumonoultramicroscopicsilicovolcanoconiosis kills.",
]


def made(sentence: str, frame_name: FrameName = "16:9") -> EmbeddingMap:
    traced = trace(sentence)
    weights = traced.weights[0]
    return EmbeddingMap(traced, weights, followed_token(traced, weights), Frame(frame_name), THEMES["dark"])


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_texts_keep_apart_and_inside_and_lines_cross_none(sentence: str, frame: FrameName) -> None:
    shown = made(sentence, frame)
    spots = shown.spots
    low, high = spots.places - spots.sizes / 2, spots.places + spots.sizes / 2
    named = np.flatnonzero(spots.named)
    half = np.array([shown.region.width, shown.region.height]) / 2
    assert (np.abs(spots.places[named]) + spots.sizes[named] / 2 <= half + 1e-6).all()
    for first in named:
        others = named[named != first]
        assert not ((low[first] < high[others]) & (low[others] < high[first])).all(axis=1).any()
    for line, end in zip(spots.lines, spots.line_ends, strict=True):
        start = shown.landmark_of(shown.landmarks[end].token)
        others = np.setdiff1d(named, [start, end])
        assert not meets(line, spots.places[others], spots.sizes[others]).any()


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_token_is_named_and_so_are_neighbours_of_three(sentence: str, frame: FrameName) -> None:
    shown = made(sentence, frame)
    assert shown.spots.named[: shown.tokens].all()
    assert shown.tokens == len(set(trace(sentence).tokens))
    words = [index for index in np.flatnonzero(shown.spots.named).tolist() if index >= shown.tokens]
    assert sorted(shown.spots.line_ends) == words
    for token in shown.told:
        near = shown.near(token)
        ends = [index for index in words if near[index]]
        lines = [shown.spots.lines[shown.spots.line_ends.index(index)] for index in ends]
        assert (np.diff([np.hypot(*(line[1] - line[0])) for line in lines]) > -1e-9).all()
    legible = [token for token in shown.told if sentence.isascii()]
    assert all(shown.named_ranks(token) for token in legible)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_token_that_moves_meets_no_text_and_arrives_where_nothing_stands(sentence: str, frame: FrameName) -> None:
    shown = made(sentence, frame)
    spots = shown.spots
    size, others = spots.sizes[spots.mover], spots.named.copy()
    others[spots.mover] = False
    words = others & (np.arange(len(others)) >= shown.tokens)
    for place, among in [(place, words) for place in spots.way[::10]] + [(spots.way[-1], others)]:
        apart = np.abs(spots.places[among] - place) >= (spots.sizes[among] + size) / 2 - 1e-6
        assert apart.any(axis=1).all()
    np.testing.assert_allclose(spots.way[0], spots.places[spots.mover])


def test_the_token_moves_toward_what_it_attends_to() -> None:
    traced = trace(SENTENCES[1])
    shown = made(SENTENCES[1])
    token = followed_token(traced, traced.weights[0])
    other = most_attended(traced, traced.weights[0], token)
    assert other is not None
    row = traced.token_vectors[other]
    assert cosine(traced.output[token], row) > cosine(traced.token_vectors[token], row)
    goal = shown.spots.places[shown.landmark_of(other)]
    assert np.hypot(*(shown.spots.way[-1] - goal)) < np.hypot(*(shown.spots.way[0] - goal))
    before = shown.mover_box
    shown.moved[:] = 1
    assert shown.mover_box != before
    (chip,) = [chip for chip in shown.standing_chips() if chip.ringed]
    assert (chip.token, (chip.x, chip.y)) == (token, shown.mover_box.center)


def test_told_are_the_one_that_is_followed_and_whom_it_attends_to_most() -> None:
    traced = trace(SENTENCES[1])
    told = told_tokens(traced, traced.weights[0], 7)
    assert told[:2] == [7, most_attended(traced, traced.weights[0], 7)]
    assert len(told) == len({traced.tokens[token] for token in told}) == 3
    assert told_tokens(trace("Hi"), trace("Hi").weights[0], 0) == [0]


def test_the_nearest_free_place_is_free() -> None:
    boxes, size = np.zeros((1, 2)), np.ones(2)
    place = nearest_free(np.array([0.1, 0.0]), size, boxes, np.ones((1, 2)), (6.0, 6.0))
    assert place is not None
    assert 1.0 <= np.abs(place).max() < 1.1
    assert nearest_free(np.zeros(2), size, boxes, np.full((1, 2), 9.0), (3.0, 3.0)) is None
    np.testing.assert_allclose(nearest_free(np.full(2, 2.0), size, boxes, np.ones((1, 2)), (6.0, 6.0)), [2, 2])


@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_is_printed_adds_up(sentence: str) -> None:
    traced = trace(sentence)
    assert traced.position_vectors is not None
    for token in range(len(traced)):
        row, position, total = (
            np.asarray(getattr(traced, name)[token], dtype=float)
            for name in ("token_vectors", "position_vectors", "embeddings")
        )
        runs = runs_that_add_up(traced, token, 6, np.arange(90))
        assert runs
        for columns in runs:
            assert (np.diff(columns) == 1).all()
            assert len(columns) == 6
            assert columns[-1] < 90
            printed = np.round(row[columns], 2) + np.round(position[columns], 2)
            np.testing.assert_allclose(printed, np.round(total[columns], 2), atol=1e-9)


def test_landmarks_are_the_tokens_and_their_neighbours_each_once() -> None:
    traced = trace("The cat and the dog.")
    marks = landmarks(traced, [1, 4])
    table = recompute(traced.sentence)["table"]
    tokens = [mark for mark in marks if mark.rank < 0]
    assert [mark.text for mark in tokens] == ["The", "cat", "and", "dog", "."]
    for mark in tokens:
        np.testing.assert_allclose(mark.vector, table[traced.token_ids[mark.token]], atol=1e-6)
    assert {mark.token for mark in marks if mark.told} == {1, 4}
    for mark in marks[len(tokens) :]:
        piece = traced.neighbours.texts[mark.token][mark.rank]
        assert mark.text == ("-" + piece[2:] if piece.startswith("##") else piece)
    names = [mark.text for mark in marks[1:]]
    assert len(names) == len(set(names))


def test_the_traces_cosines_are_those_of_the_table() -> None:
    traced = trace("The cat sat on the mat.")
    numbers = recompute(traced.sentence)
    np.testing.assert_allclose(traced.neighbours.cosines, numbers["neighbour_cosines"], atol=1e-5)
    np.testing.assert_allclose(traced.neighbours.vectors, numbers["neighbour_vectors"], atol=1e-5)


def test_the_same_sentence_gives_the_same_map() -> None:
    first, second = made(SENTENCES[1]), made(SENTENCES[1])
    np.testing.assert_array_equal(first.spots.places, second.spots.places)


def test_near_vectors_are_near_on_the_map() -> None:
    generator = np.random.default_rng(0)
    centers = generator.normal(size=(5, 32))
    vectors = np.concatenate([center + 0.2 * generator.normal(size=(6, 32)) for center in centers])
    places = neighbour_map(vectors)
    apart = np.linalg.norm(places[:, None] - places, axis=-1) + np.diag(np.full(30, np.inf))
    assert (apart.argmin(axis=1) // 6 == np.arange(30) // 6).all()


def test_principal_components_point_to_their_farthest_points() -> None:
    vectors = np.array([[4.0, 0.0, 0.0], [-1.0, 0.0, 0.5], [-1.0, 0.0, -0.5], [-2.0, 0.0, 0.0]])
    places = principal_components(vectors)
    np.testing.assert_allclose(places[:, 0], [4, -1, -1, -2], atol=1e-9)
    np.testing.assert_allclose(principal_components(vectors[:1]), [[0, 0]])


def test_boxes_are_pushed_apart_or_left_out() -> None:
    points, kept = spread(np.zeros((4, 2)), np.full((4, 2), 1.0), 8, 8)
    assert kept.all()
    assert np.abs(points).max() <= 3.5
    _, kept = spread(np.zeros((4, 2)), np.full((4, 2), 1.0), 1, 1)
    assert kept.tolist() == [True, False, False, False]


def test_lines_between_boxes() -> None:
    line = np.array([[0.5, 0], [3.5, 0]])
    assert meets(line, np.array([[2.0, 0.2], [2.0, 2.0]]), np.ones((2, 2))).tolist() == [True, False]
    assert cross(line, np.array([[2.0, -1.0], [2.0, 1.0]]))
    assert not cross(line, np.array([[5.0, -1.0], [5.0, 1.0]]))
    np.testing.assert_allclose(fill(np.array([[0.0, 3.0], [1.0, 3.0]]), 4, 2), [[-2, 0], [2, 0]])


def test_words_and_lines_come_as_they_are_shown() -> None:
    shown = made(SENTENCES[1])
    with noting() as marks:
        drawn(shown)
    words = {mark.text for mark in marks if mark.kind == "text"}
    assert {"cat", "mat", "tired", *(shown.spots.texts[k] for k in np.flatnonzero(shown.spots.named))} <= words
    assert sum(mark.kind == "line" for mark in marks) == len(shown.spots.lines) > 6
    shown.shown, shown.joined[:] = shown.of_tokens(), 0
    with noting() as marks:
        drawn(shown)
    assert {mark.kind for mark in marks} == {"text"}
    assert sorted({mark.text for mark in marks}) == sorted({shown.texts.labels[k] for k in range(shown.tokens)})


def test_a_tables_rows_stand_in_the_order_of_their_ids() -> None:
    ids = np.array([7, 3, 9, 3, 4, 0])
    assert picked_rows(ids, 0, 9).tolist() == [5, -1, 1, 4, -1, 0, -1, 2, -1]
    assert 0 in picked_rows(ids, 0, 2)
    assert 3 in picked_rows(ids, 3, 9)
    assert picked_rows(np.array([5]), 0, 3).tolist() == [-1, 0, -1]
