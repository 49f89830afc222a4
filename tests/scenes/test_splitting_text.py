import numpy as np
import pytest

from attention import trace
from attention.settings import FRAMES, FrameName
from attention.text import right_to_left
from scenes.drawing.change import Change
from scenes.drawing.outlines import CAP_HEIGHT, outline
from scenes.look.theme import THEMES
from scenes.mobjects.graph_nodes import chip_halves
from scenes.places.chip_lines import place_chips
from scenes.places.chip_texts import PADDING, ChipTexts
from scenes.places.layout import Region
from scenes.tokenization import Tokenization
from scenes.tokenization_parts.reflowing_text import ReflowingText, break_into_column
from scenes.tokenization_parts.splitting_text import SplittingText
from scenes.tokenization_parts.text_lines import break_text
from scenes.tokenization_parts.vocabulary_list import VocabularyList, VocabularyRow
from tests.scenes.played import play
from tests.scenes.test_mobjects import drawn

SENTENCE = "The cat sat on the mat because it was tired."
BOX = Region(-6, -3, 6, 3)


def test_lines_hold_the_whole_text_and_fit() -> None:
    traced = trace(SENTENCE)
    lines = break_text(traced, 9)
    assert " ".join(line.text for line in lines) == SENTENCE
    assert [token for line in lines for token in line.tokens] == list(range(len(traced)))
    assert max(outline(line.text).width for line in lines) <= 9


def test_a_long_word_is_broken_between_its_tokens() -> None:
    traced = trace("Pneumonoultramicroscopicsilicovolcanoconiosis kills.")
    lines = break_text(traced, 9)
    assert "".join(line.text for line in lines).replace(" ", "") == traced.sentence.replace(" ", "")
    assert max(outline(line.text).width for line in lines) <= 9


@pytest.mark.parametrize("sentence", [SENTENCE, "القط جلس على السجادة", "He said مرحبا بك to me."])
def test_letters_stand_inside_of_their_line_in_reading_order(sentence: str) -> None:
    traced = trace(sentence)
    (line,) = break_text(traced, 1000)
    width = outline(line.text).width
    assert min(line.lefts) > -0.1
    assert max(left + outline(traced.labels[k]).width for k, left in enumerate(line.lefts)) < width + 0.3
    if sentence == SENTENCE:
        assert list(line.lefts) == sorted(line.lefts)


@pytest.mark.parametrize(
    "sentence", [SENTENCE, "القط جلس على السجادة", "Pneumonoultramicroscopicsilicovolcanoconiosis kills."]
)
def test_words_on_their_way_to_a_column_meet_no_other(sentence: str) -> None:
    traced, room = trace(sentence), Region(-6, -3, -3, 3)
    text = SplittingText(traced, traced.labels, BOX, 1.2, 0.2, (1.0, 1.0, 1.0), [])
    column = break_into_column(traced, text, room, 0.5, 0.2)
    words = ReflowingText(traced, text, column, room).words
    assert "".join(word.text for word in words) == traced.sentence.replace(" ", "")
    widths = np.array([outline(word.text).width for word in words])
    for share in np.linspace(0, 1, 30):
        x, y, size = np.array([word.state_at(float(share)) for word in words]).T
        lefts, rights, tops = x, x + widths * size, y - CAP_HEIGHT * size
        beside = (lefts[:, None] > rights - 0.1) | (lefts > rights[:, None] - 0.1)
        above = (tops[:, None] > y) | (tops > y[:, None])
        assert (beside | above | np.eye(len(words), dtype=bool)).all()


def test_direction_is_that_of_the_first_letter() -> None:
    assert right_to_left("... القط sat")
    assert not right_to_left("The القط")
    assert not right_to_left("!? 12")


def test_pieces_stand_where_the_whole_text_has_them() -> None:
    traced = trace(SENTENCE)
    text = SplittingText(traced, traced.labels, BOX, 0.5, 0.2, (1.0, 1.0, 1.0), [range(6), range(6, 11)])
    whole = drawn(text)[..., :3].astype(int)
    text.parted[:] = 1e-6
    assert np.abs(drawn(text)[..., :3] - whole).mean() < 0.05 * whole.mean()


def test_chips_of_one_word_stand_closer_and_none_overlap() -> None:
    traced = trace("Pneumonoultramicroscopicsilicovolcanoconiosis kills me.")
    texts = ChipTexts.of(traced, np.arange(len(traced)))
    ids = [str(own) for own in traced.token_ids]
    forward = place_chips(texts, ids, BOX, 0.5, 0.1, False)
    backward = place_chips(texts, ids, BOX, 0.5, 0.1, True)
    assert forward
    assert backward
    np.testing.assert_allclose(forward.centers[:, 0], -backward.centers[:, 0], atol=1e-9)
    half = np.array([outline(label).width / 2 + PADDING for label in texts.labels]) * forward.size
    gaps = np.diff(forward.centers[:, 0]) - half[1:] - half[:-1]
    same_line = np.diff(forward.centers[:, 1]) == 0
    within = gaps[same_line & traced.continues[1:]]
    between = gaps[same_line & ~traced.continues[1:]]
    np.testing.assert_allclose(within, within[0])
    assert 0 < within[0] < between.min() / 1.5


def test_chips_that_do_not_fit_have_no_place() -> None:
    texts = ChipTexts.of(trace(SENTENCE), np.arange(11))
    assert place_chips(texts, [""] * 11, Region(0, 0, 1, 1), 0.5, 0.3, False) is None


@pytest.mark.parametrize("frame_name", FRAMES)
@pytest.mark.parametrize("sentence", [SENTENCE, "القط جلس على السجادة", "one two three four five six " * 4])
def test_ids_meet_neither_each_other_nor_a_chip(sentence: str, frame_name: FrameName) -> None:
    scene, _ = play(Tokenization, sentence=sentence, frame=frame_name)
    ids, lines = scene.ids, scene.places.beside  # type: ignore[attr-defined]
    chips = chip_halves(scene.places.texts, lines.size)  # type: ignore[attr-defined]
    halves = np.array([[0.3 * len(fact.text), CAP_HEIGHT / 2] for fact in ids.numbers]) * ids.size
    ids.gone = (np.arange(len(ids.gone)) == 0).astype(float)
    flight = Change(ids, gone=1, order=ids.turns, overlap=ids.overlap)
    flight.begin()
    for share in np.linspace(0, 1, 400):
        flight.interpolate_mobject(float(share))
        flying = np.flatnonzero(ids.gone > 0)
        places = np.array([ids.place_of(index) for index in flying]).reshape(-1, 2)
        apart = np.abs(places[:, None] - places) >= (halves[flying][:, None] + halves[flying]) - 1e-6
        assert (apart.any(axis=-1) | np.eye(len(flying), dtype=bool)).all()
        from_chips = np.abs(places[:, None] - lines.centers) >= halves[flying][:, None] + chips - 1e-6
        assert from_chips.any(axis=-1).all()
    np.testing.assert_allclose(ids.gone, 1)


def test_the_vocabulary_is_in_its_own_order_and_each_entry_once() -> None:
    traced = trace(SENTENCE)
    vocabulary = VocabularyList(traced, [0], BOX, 0.3, 0.2, 0.1, THEMES["dark"])
    row = VocabularyRow(traced, [0], BOX, 0.3, THEMES["dark"])
    assert vocabulary.entries == sorted(set(traced.token_ids.tolist()))
    assert set(row.entries) < set(vocabulary.entries)
    assert traced.token_ids[0] in row.entries
    assert vocabulary.at([0]).tolist() == vocabulary.at([4]).tolist()  # "The" and "the"
    assert vocabulary.exit_of(0, 4.0, 0.1) == vocabulary.exit_of(4, 4.0, 0.1)
    assert row.exit_of(0, 4.0, 0.1) == row.exit_of(4, 4.0, 0.1)
    assert sorted(fact.value for fact in vocabulary.facts()) == vocabulary.entries
