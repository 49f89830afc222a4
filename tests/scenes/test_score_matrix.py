"""Clip 6: K flips onto the top edge, each state of the scores glows, the last picture names its axes."""

import numpy as np
import pytest

from attention import trace
from attention.settings import FRAMES, FrameName
from scenes.carrying.carrying import Carrying
from scenes.drawing.arrays import Array
from scenes.drawing.fact import print_number
from scenes.look.theme import KEY, THEMES, signed_scale
from scenes.mobjects.label import Label
from scenes.mobjects.ring import Ring
from scenes.mobjects.tensor import Tensor
from scenes.places.chip_texts import THINNEST
from scenes.places.layout import Frame
from scenes.score_matrix import ScoreMatrix
from scenes.score_matrix_parts.written_score import WrittenScore
from tests.scenes.played import of, play

SENTENCE = "The cat sat on the mat because it was tired."
LONG = "When the small boat came back to the harbour one evening, all of the children ran down to meet it out there."
HARD = [SENTENCE, LONG, "Hi", "القط جلس على السجادة", "<b> & $x$ #let"]


def test_a_transpose_flips_over_its_diagonal_to_where_it_stands() -> None:
    made, theme = trace(SENTENCE), THEMES["dark"]
    keys = made.keys[0]
    scale = signed_scale(KEY, keys, theme)
    before = Tensor(keys, scale, field="keys[0]").place(3, 0, 2, 5)
    after = Tensor(keys.T, scale, field="keys[0].T").place(-1, 2, 6, 1)
    there = after.points.copy()
    carrying = Carrying([before], [after], made, 0, Frame("16:9"), theme)
    ((move,),) = carrying.moving()
    assert carrying.moved == {before: after}
    assert carrying.leaving() == carrying.arriving() == []
    rows, columns = keys.shape
    for row, column in ((0, 0), (rows - 1, 0), (0, columns - 1), (rows - 1, columns - 1), (4, 7)):
        np.testing.assert_allclose(_middle(after, column, row), _middle(before, row, column), atol=1e-9)
    move.begin()
    move.interpolate(1)
    np.testing.assert_allclose(after.points, there, atol=1e-9)


def _middle(tensor: Tensor, row: int, column: int) -> Array:
    """Return where the middle of a cell is seen."""
    (rows, columns), (corner, right, low) = tensor.shape, tensor.points
    middle: Array = corner + (column + 0.5) / columns * (right - corner) + (row + 0.5) / rows * (low - corner)
    return middle


@pytest.mark.parametrize("frame", FRAMES)
def test_queries_and_keys_come_from_the_clip_before(frame: FrameName) -> None:
    scene, mobjects = play(ScoreMatrix, opened=True, sentence=SENTENCE, frame=frame)
    (keys,) = (
        tensor for tensor in of(Tensor, mobjects) if tensor.field == "keys[0]" and tensor is not scene.meeting.key
    )
    np.testing.assert_array_equal(keys.rows, scene.all.k.columns)
    np.testing.assert_array_equal(keys.columns, scene.all.k.rows)
    np.testing.assert_array_equal(scene.all.q.rows, scene.all.places.slots)


def test_each_state_of_the_scores_has_a_cell_of_the_full_colour_and_says_which() -> None:
    scene, mobjects = play(ScoreMatrix, sentence=SENTENCE)
    for tensor in (scene.all.scores, scene.all.scaled):
        assert tensor.coloring.limit == np.abs(tensor.values).max()
    said = [label.facts()[0].value for label in of(Label, mobjects) if label.parts[0][0] == "strongest cell:"]
    assert said == pytest.approx([scene.all.scores.coloring.limit, scene.all.scaled.coloring.limit])


@pytest.mark.parametrize("frame", FRAMES)
def test_the_last_picture_names_its_axes_and_rings_the_followed_tokens_row(frame: FrameName) -> None:
    scene, _ = play(ScoreMatrix, sentence=SENTENCE, frame=frame)
    (matrix,) = of(Tensor, scene.on_stage)
    assert matrix.field == "weights[0]"
    (ring,) = of(Ring, scene.on_stage)
    np.testing.assert_allclose(ring.points, matrix.region(rows=scene.row).corners)
    assert matrix.rows[scene.row] == scene.followed
    names = {label.parts[0][0] for label in of(Label, scene.on_stage)}
    assert {"asks ↓", "asked →"} <= names
    largest = scene.trace.weights[0, scene.followed].argsort()[-3:]
    assert set(largest) <= set(scene.panel.slots)


def test_weights_are_printed_where_they_can_be_read() -> None:
    wide, _ = play(ScoreMatrix, sentence=SENTENCE)
    tall, _ = play(ScoreMatrix, sentence=SENTENCE, frame="9:16")
    printed = [scene.all.weights.number_size(*scene.all.weights.cell_size) for scene in (wide, tall)]
    assert printed[0] >= wide.frame.smallest_number
    assert printed[1] == 0


@pytest.mark.parametrize(
    "sentence",
    [
        SENTENCE,
        "The king loved his daughter because she was kind.",
        LONG,
        "Pneumonoultramicroscopicsilicovolcanoconiosis kills.",
        "<b> & $x$ #let",
        "Hi",
    ],
)
@pytest.mark.parametrize("frame", FRAMES)
def test_the_printed_shares_add_up_to_the_printed_sum(sentence: str, frame: FrameName) -> None:
    scene, _ = play(ScoreMatrix, sentence=sentence, frame=frame)
    (total,) = scene.panel.total.facts()
    bars = scene.panel.bars.facts()
    assert total.text == print_number(sum(fact.printed for fact in bars), total.decimals)
    assert total.printed == 1
    assert total.decimals in (0, bars[0].decimals)
    assert len(scene.panel.others) == (-1 in scene.panel.slots)


@pytest.mark.parametrize("sentence", HARD)
@pytest.mark.parametrize("frame", FRAMES)
def test_the_bars_are_of_keys_that_the_matrix_shows(sentence: str, frame: FrameName) -> None:
    scene, _ = play(ScoreMatrix, sentence=sentence, frame=frame)
    keys, bars = ((slots[slots >= 0]).tolist() for slots in (scene.all.places.keys, scene.panel.slots))
    assert set(bars) <= set(keys)
    assert bars == keys or len(keys) == len(scene.trace)


@pytest.mark.parametrize("frame", FRAMES)
def test_the_matrix_of_a_long_text_is_whole_and_names_what_has_room(frame: FrameName) -> None:
    scene, _ = play(ScoreMatrix, sentence=LONG, frame=frame)
    places = scene.all.places
    assert places.is_whole
    assert scene.followed in places.texts.tokens
    assert scene.meeting.written.key in places.key_texts.tokens
    pitch = places.product.cells.height / len(places.slots)
    assert pitch >= THINNEST
    assert pitch * places.texts.apart >= places.texts.letters() * places.chip_size


def test_one_score_is_written_term_by_term_and_flies_to_its_cell() -> None:
    scene, _ = play(ScoreMatrix, sentence=SENTENCE)
    meeting, cells = scene.meeting, scene.all.places.product.cells
    signs = [len(term) for term in meeting.terms]
    assert signs == [1, *[2] * (len(meeting.written.terms) - 1)]
    cell = scene.all.scores.region(scene.row, 1)
    assert meeting.result.facts() == [meeting.written.result]
    flight = meeting.fly(cell, cells)
    (left, top), (right, bottom) = flight.targets["points"][0, :2], flight.targets["points"][[1, 2], [0, 1]]
    assert cells.left <= left < right <= cells.right
    assert cells.bottom <= bottom <= cell.center[1] <= top <= cells.top


def test_what_is_left_out_between_bars_is_marked() -> None:
    scene, _ = play(ScoreMatrix, sentence=SENTENCE, frame="9:16")
    shown = scene.panel.slots[scene.panel.slots >= 0].tolist()
    skipped = [index for index, key in enumerate(shown) if key > [-1, *shown][index] + 1]
    assert list(scene.panel.bars.gaps) == skipped != []


def test_the_matrix_row_shows_the_powers_that_the_bars_show() -> None:
    scene, _ = play(ScoreMatrix, sentence=SENTENCE)
    bars, powers = scene.states.powers[0], scene.all.powers
    thousands = [fact.value for fact in bars if fact]
    np.testing.assert_allclose(powers.values[0] / 1000, thousands, rtol=1e-5)
    assert powers.coloring.limit == powers.values.max()


@pytest.mark.parametrize("sentence", HARD)
@pytest.mark.parametrize("frame", FRAMES)
def test_one_score_is_written_out_large_enough_and_adds_up(sentence: str, frame: FrameName) -> None:
    scene, _ = play(ScoreMatrix, sentence=sentence, frame=frame)
    meeting, written = scene.meeting, scene.meeting.written
    for strip in meeting.strips:
        assert strip.number_size(*strip.cell_size) >= scene.frame.smallest_number
    factors = [strip.values[0][~np.isnan(strip.values[0])] for strip in meeting.strips]
    np.testing.assert_allclose([term.value for term in written.terms], factors[0] * factors[1], rtol=1e-5)
    assert written.slips == 0
    assert round(sum(term.printed for term in written.terms), 2) == written.sum.printed
    assert round(written.sum.printed + written.rest.printed, 2) == written.result.printed
    assert written.result.value == scene.trace.scores[0][scene.followed, written.key]


def test_a_score_whose_printed_numbers_do_not_add_up_is_noticed() -> None:
    made = trace(SENTENCE)
    slips = [WrittenScore(made, 0, 1, 2, np.array([-1, *range(at, at + 5), -1]), 2).slips for at in range(1, 40)]
    assert max(slips) > 0
