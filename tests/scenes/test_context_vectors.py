"""Clip 7: what is printed of one token's sum adds up, and the token's move on the map is seen large."""

import numpy as np
import pytest

from attention import trace
from attention.settings import FRAMES, FrameName
from scenes.context_vectors import ContextVectors
from scenes.context_vectors_parts.carried_row import carried_row
from scenes.context_vectors_parts.clear_columns import clear_columns
from scenes.context_vectors_parts.context_places import place_sum
from scenes.context_vectors_parts.weighted_sum import WeightedSum
from scenes.drawing.fact import Fact
from scenes.look.theme import THEMES
from scenes.mobjects.label import Label
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.token_chips import TokenChips
from scenes.places.layout import Frame
from scenes.score_matrix import ScoreMatrix
from tests.scenes.played import of, play

SENTENCE = "The cat sat on the mat because it was tired."
LONG = "When the small boat came back to the harbour one evening, all of the children ran down to meet it out there."
SENTENCES = [SENTENCE, LONG, "Hi", "Hello.", "<b> & $x$ #let"]


def made(sentence: str, frame_name: FrameName = "16:9", token: int = 0) -> WeightedSum:
    traced, frame = trace(sentence), Frame(frame_name)
    places = place_sum(traced, frame, 0, token, 3)
    columns = clear_columns(traced, 0, token, places.slots, 3)
    return WeightedSum(traced, 0, token, columns, places, frame, THEMES["dark"])


def printed(tensor: Tensor) -> np.ndarray:
    return np.array([Fact("", value, tensor.decimals).printed for value in tensor.values.ravel()]).reshape(tensor.shape)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_printed_weights_times_printed_values_are_what_is_printed_and_add_up(sentence: str, frame: FrameName) -> None:
    one = made(sentence, frame)
    shown = len(one.rows)
    weights, scaled = printed(one.weights), printed(one.scaled)
    values = np.round(one.values.values[:shown], one.values.decimals)
    np.testing.assert_allclose(np.round(weights[:shown] * values, one.scaled.decimals), scaled[:shown], atol=1e-9)
    np.testing.assert_allclose(scaled.sum(axis=0), printed(one.total)[0], atol=1e-9)


@pytest.mark.parametrize("frame", FRAMES)
def test_the_last_row_is_that_of_all_others(frame: FrameName) -> None:
    one = made(LONG, frame, token=3)
    (others,) = one.others
    assert others.parts[0][0] == f"{len(one.hidden)} others"
    assert sorted(one.rows + one.hidden) == list(range(len(one.trace)))
    assert one.weights.values.sum() == pytest.approx(1)
    np.testing.assert_allclose(one.scaled.values.sum(axis=0), one.total.values[0], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_written_term_has_the_chip_of_its_token_and_all_add_up(sentence: str, frame: FrameName) -> None:
    one = made(sentence, frame)
    _, rows, written = one.write_out()
    chips = [chip for line in range(len(rows)) for chip in of(TokenChips, written.of(line))]
    assert [int(chip.texts.tokens[0]) for chip in chips] == [one.rows[row] for row in rows]
    assert written.adds_up
    region = one.places.written
    assert written.width <= region.width + 1e-6
    assert written.height <= region.height + 1e-6


def test_only_tokens_that_are_seen_have_a_row() -> None:
    traced = trace(SENTENCE, causal=True)
    places = place_sum(traced, Frame("16:9"), 0, 2, 3)
    assert places.slots.tolist() == [0, 1, 2]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("sentence", [SENTENCE, LONG, "Hello."])
def test_the_clip_ends_close_to_the_move_with_both_cosines(sentence: str, frame: FrameName) -> None:
    scene, _ = play(ContextVectors, sentence=sentence, frame=frame)
    labels, stage, spots = list(of(Label, scene.on_stage)), scene.frame.stage, scene.map.spots
    assert scene.map.moved == 1
    assert [len(label.facts()) for label in labels] == [0, 1, 1]
    (corner, right, _), whole = scene.map.points, scene.map.region
    zoom, said = (right - corner)[0] / whole.width, max(label.get_top()[1] for label in labels)
    seen = np.flatnonzero((scene.map.shown > 0) & spots.named).tolist()
    for box in [scene.map.mover_box, *(scene.map.box(index) for index in seen)]:
        left, end = (corner[0] + zoom * (side - whole.left) for side in (box.left, box.right))
        low, high = (corner[1] + zoom * (side - whole.top) for side in (box.bottom, box.top))
        assert stage.left <= left < end <= stage.right
        assert said <= low < high <= stage.top
    (chip,) = (chip for chip in scene.map.standing_chips() if chip.ringed)
    assert chip.token == scene.followed
    assert chip.size == pytest.approx(zoom * scene.map.chip_size)
    assert stage.left < chip.x < stage.right


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("sentence", [SENTENCE, LONG])
def test_no_line_to_a_neighbour_comes_near_the_token_that_has_moved(sentence: str, frame: FrameName) -> None:
    scene, _ = play(ContextVectors, sentence=sentence, frame=frame)
    spots = scene.map.spots
    along = np.linspace(0, 1, 50)[:, None]
    for start, end in spots.lines:
        away = np.abs(start + along * (end - start) - spots.way[-1]) - spots.sizes[spots.mover] / 2
        assert away.max(axis=1).min() > 0.2 * scene.map.chip_size


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("sentence", [SENTENCE, LONG, "Hi"])
def test_the_row_of_the_attention_matrix_becomes_the_weights(sentence: str, frame: FrameName) -> None:
    (matrix,) = of(Tensor, play(ScoreMatrix, sentence=sentence, frame=frame)[0].on_stage)
    one = play(ContextVectors, sentence=sentence, frame=frame)[0].sum
    before, after = carried_row(matrix, one)
    row = matrix.rows.tolist().index(one.token)
    assert [cell.columns[0] for cell in before] == [column for column in matrix.columns if column >= 0]
    for here, there in zip(before, after, strict=True):
        token = int(here.columns[0])
        place = one.rows.index(token) if token in one.rows else len(one.rows)
        column = matrix.columns.tolist().index(token)
        assert here.values == there.values == one.trace.weights[one.head][one.token, token]
        np.testing.assert_allclose(here.points, matrix.region(row, column).corners)
        np.testing.assert_allclose(there.points, one.weights.region(place).corners)
