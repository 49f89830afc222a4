import numpy as np
import pytest

from attention import trace
from attention.settings import Settings
from scenes.drawing.marks import noting
from scenes.look.theme import THEMES
from scenes.mobjects.graph_nodes import GraphNodes
from scenes.mobjects.label import Caption
from scenes.places.chip_texts import ChipTexts
from scenes.places.layout import Region
from scenes.relationships import Relationships
from scenes.relationships_parts.arcs import Arcs
from scenes.relationships_parts.open_arcs import OpenArcs
from scenes.relationships_parts.sentence_places import SentencePlaces, place_column, place_row
from scenes.relationships_parts.shorter_sentence import relations, without_one_word
from tests.recomputed import recompute
from tests.scenes.played import of, play
from tests.scenes.test_mobjects import drawn
from tests.scenes.truth import assert_printed_as_known, assert_true

DARK = THEMES["dark"]
STAGE = Region(-6.0, -3.0, 6.0, 3.0)
SENTENCE = "The cat sat on the mat because it was tired."


def placed(sentence: str, region: Region) -> SentencePlaces:
    traced = trace(sentence)
    place = place_row if region.width > region.height else place_column
    found = place(ChipTexts.of(traced, np.arange(len(traced))), region, 0.4, 0.15)
    assert found
    return found


def arcs(sentence: str = SENTENCE, region: Region = STAGE) -> Arcs:
    traced = trace(sentence)
    found = placed(sentence, region)
    nodes = GraphNodes(found.texts, region, found.without(), found.size, DARK, found.tall)
    return Arcs(nodes, traced.weights[0], DARK, found.standing, 2.0, 0.3, field="weights[0]")


@pytest.mark.parametrize("region", [STAGE, Region(-2.5, -3.0, 2.5, 3.0)], ids=["row", "column"])
def test_arcs_touch_no_chip(region: Region) -> None:
    drawn_arcs = arcs(region=region)
    nodes = drawn_arcs.nodes
    for first, second in np.argwhere(np.triu(drawn_arcs.alphas, 1) > 0).tolist():
        line = drawn_arcs.arc(first, second)
        assert not (np.abs(line[:, None] - nodes.places) < nodes.halves).all(axis=-1).any()


@pytest.mark.parametrize("region", [STAGE, Region(-2.5, -3.0, 2.5, 3.0)], ids=["row", "column"])
def test_open_arcs_lead_to_their_chips_and_stop_before_what_stands_there(region: Region) -> None:
    relating = arcs(region=region)
    room, places = 0.3, relating.nodes.places
    possible = OpenArcs(relating, 7, np.array([0, 6, 8]), DARK.text, room)
    with noting() as marks:
        drawn(possible)
    assert len(marks) == 3
    for end in possible.ends.tolist():
        away = np.abs(np.array(possible.at(end, room)) - possible.at(end, 0.0))
        assert away[relating.across] == pytest.approx(room)
        assert abs(possible.at(end, 0.0)[1 - relating.across] - places[end, 1 - relating.across]) < 0.01


def test_it_is_said_which_word_is_taken_out_and_whose_relation_changes() -> None:
    scene, mobjects = play(Relationships, sentence=SENTENCE)
    said = [caption.text for caption in of(Caption, mobjects)]
    (shorter,) = scene.other_traces.values()
    (gone,) = set(scene.trace.labels) - set(shorter.labels)
    assert f"Without “{gone}”, the model reads the rest anew" in said
    (told,) = (caption for caption in of(Caption, mobjects) if "relate more" in caption.text)
    before, after = told.facts()
    assert after.printed > before.printed
    assert f"“it” and “{scene.trace.labels[scene.changed[1]]}” relate more: {before.text} → {after.text}" in told.text


@pytest.mark.parametrize("sentence", [SENTENCE, "The king loved his daughter."])
def test_the_one_that_is_named_is_the_one_that_gets_most_attention(sentence: str) -> None:
    scene, mobjects = play(Relationships, sentence=sentence)
    own = recompute(sentence)["weights"][scene.followed].copy()
    own[scene.followed] = 0
    one, other = scene.trace.labels[scene.followed], scene.trace.labels[own.argmax()]
    assert f"“{one}” relates most to “{other}”: its thickest arc" in [each.text for each in of(Caption, mobjects)]


def test_widths_follow_the_larger_of_both_weights() -> None:
    drawn_arcs, weights = arcs(), recompute(SENTENCE)["weights"]
    larger = np.maximum(weights, weights.T)
    np.testing.assert_allclose(drawn_arcs.values, np.where(larger < 0.02, 0, larger), atol=1e-5)
    wide = drawn_arcs.widths > drawn_arcs.widths.min()
    ratio = drawn_arcs.widths[wide] / drawn_arcs.values[wide]
    np.testing.assert_allclose(ratio, ratio[0])
    assert (drawn(drawn_arcs) != drawn()).any()


def test_the_others_close_up_when_a_word_is_gone() -> None:
    traced = trace(SENTENCE)
    found = placed(SENTENCE, STAGE)
    gone = np.zeros(len(traced))
    gone[1] = 1
    gaps = np.diff(np.delete(found.without(gone), 1, axis=0)[:, 0])
    widths = np.delete(GraphNodes(found.texts, STAGE, found.without(), found.size, DARK).halves[:, 0], 1)
    spaces = gaps - widths[:-1] - widths[1:]
    np.testing.assert_allclose(spaces, spaces[0])


def test_the_word_that_is_taken_out_is_the_one_that_changes_most_of_those_tried() -> None:
    whole = trace(SENTENCE)
    found = without_one_word(whole, np.arange(len(whole)), Settings(), stays=7)
    assert found
    kept = found.kept
    assert found.trace.tokens == tuple(whole.tokens[index] for index in kept)
    change = relations(found.trace.weights[0]) - relations(whole.weights[0])[np.ix_(kept, kept)]
    assert 7 in kept
    assert found.change == pytest.approx(np.abs(np.triu(change, 1)).sum(), rel=1e-5)


@pytest.mark.parametrize("sentence", ["Hi", "Hi you", "猫坐在垫子上。", SENTENCE])
def test_both_sentences_numbers_are_true(sentence: str) -> None:
    scene, mobjects = play(Relationships, sentence=sentence)
    others = {name: recompute(other.sentence) for name, other in scene.other_traces.items()}
    assert assert_true(mobjects, recompute(sentence), others) > 0
    assert_printed_as_known(mobjects)
    assert bool(others) == (len(scene.trace) > 2)
    for part in of(Arcs, mobjects):
        np.testing.assert_allclose(part.strengths, part.values)
