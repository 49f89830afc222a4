import numpy as np
import pytest
from scenes.embeddings_parts.embedding_map import EmbeddingMap, landmarks
from scenes.embeddings_parts.projection import neighbour_map, principal_components

from attention import trace
from attention.settings import FRAMES, FrameName
from scenes.drawing.marks import noting
from scenes.embeddings_parts.embedding_table import picked_rows
from scenes.look.theme import THEMES
from scenes.places.layout import Frame
from scenes.places.spreading import cross, fill, line_between, meets, spread
from tests.recomputed import recompute
from tests.scenes.test_mobjects import drawn

SENTENCES = [
    "Hi",
    "The cat sat on the mat because it was tired.",
    "When the small boat came back to the harbour one evening, all of the children ran down to meet it there.",
    "القط جلس على السجادة",
]


def made(sentence: str, frame_name: FrameName = "16:9") -> EmbeddingMap:
    frame = Frame(frame_name)
    region = frame.stage.cut_left(0.4 * frame.stage.width)[1] if frame.wide else frame.stage.cut_top(3.0)[1]
    return EmbeddingMap(trace(sentence), region, frame, THEMES["dark"])


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_texts_keep_apart_and_inside_and_lines_cross_none(sentence: str, frame: FrameName) -> None:
    shown = made(sentence, frame)
    low, high = shown.places - shown.sizes / 2, shown.places + shown.sizes / 2
    named = np.flatnonzero(shown.named)
    assert (np.abs(shown.places[named]) <= np.array([shown.region.width, shown.region.height]) / 2).all()
    for first in named:
        others = named[named != first]
        assert not ((low[first] < high[others]) & (low[others] < high[first])).all(axis=1).any()
    for line, end in zip(shown.lines, shown.line_ends, strict=True):
        start = shown.landmark_of(shown.landmarks[end].token)
        others = np.setdiff1d(named, [start, end])
        assert not meets(line, shown.places[others], shown.sizes[others]).any()


def test_every_token_is_named_where_there_is_room() -> None:
    for sentence in SENTENCES:
        shown = made(sentence)
        assert shown.named[: shown.tokens].all()
        assert shown.tokens == len(set(trace(sentence).tokens))


def test_landmarks_are_the_tokens_and_their_neighbours_each_once() -> None:
    traced = trace("The cat and the dog.")
    marks = landmarks(traced)
    table = recompute(traced.sentence)["table"]
    tokens = [mark for mark in marks if mark.rank < 0]
    assert [mark.text for mark in tokens] == ["The", "cat", "and", "dog", "."]
    for mark in tokens:
        np.testing.assert_allclose(mark.vector, table[traced.token_ids[mark.token]], atol=1e-6)
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
    np.testing.assert_array_equal(first.places, second.places)


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
    one = np.array([1.0, 1.0])
    line = line_between(np.array([0.0, 0.0]), np.array([4.0, 0.0]), one, one)
    assert line is not None
    np.testing.assert_allclose(line, [[0.5, 0], [3.5, 0]])
    assert line_between(np.array([0.0, 0.0]), np.array([0.5, 0.0]), one, one) is None
    assert meets(line, np.array([[2.0, 0.2], [2.0, 2.0]]), np.ones((2, 2))).tolist() == [True, False]
    assert cross(line, np.array([[2.0, -1.0], [2.0, 1.0]]))
    assert not cross(line, np.array([[5.0, -1.0], [5.0, 1.0]]))
    np.testing.assert_allclose(fill(np.array([[0.0, 3.0], [1.0, 3.0]]), 4, 2), [[-2, 0], [2, 0]])


def test_words_take_the_place_of_dots() -> None:
    shown = made(SENTENCES[1])
    with noting() as marks:
        drawn(shown)
    words = {mark.text for mark in marks if mark.kind == "text"}
    assert {"cat", "mat", "tired"} <= words
    assert sum(mark.kind == "line" for mark in marks) == len(shown.lines) > 10
    shown.shown[:], shown.joined[:] = 0, 0
    with noting() as marks:
        picture = drawn(shown)
    assert not marks
    assert (picture != drawn()).any()


def test_a_tables_rows_stand_in_the_order_of_their_ids() -> None:
    ids = np.array([7, 3, 9, 3, 4, 0])
    assert picked_rows(ids, 0, 9).tolist() == [5, -1, 1, 4, -1, 0, -1, 2, -1]
    assert 0 in picked_rows(ids, 0, 2)
    assert 3 in picked_rows(ids, 3, 9)
    assert picked_rows(np.array([5]), 0, 3).tolist() == [-1, 0, -1]
