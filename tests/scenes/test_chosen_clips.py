"""A film of some clips, in an order that is chosen."""

from pathlib import Path

import pytest

from attention import UserError
from attention.settings import Settings
from scenes.clips import clip_before, film_clips, find_clip
from scenes.output.film_folder import film_folder
from tests.scenes.audit import audit
from tests.scenes.audit.checks import between
from tests.scenes.audit.recording import ends

SENTENCE = "The king loved his daughter."


@pytest.mark.parametrize(
    ("chosen", "heads", "places"),
    [
        ("3-6,10", 1, ["03", "04", "05", "06", "10"]),
        (" 10 , 1 ", 1, ["10", "01"]),
        ("7-8", 1, ["07", "08"]),
        ("7-8", 2, ["07", "07b", "08"]),
        ("7b", 2, ["07b"]),
        ("score-matrix, DirectedGraph, 2–3", 1, ["06", "10", "02", "03"]),
    ],
)
def test_numbers_names_and_ranges_choose(chosen: str, heads: int, places: list[str]) -> None:
    assert [clip.place for clip in film_clips(heads, chosen)] == places


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ("", "there is no clip ''"),
        ("1,,2", "there is no clip ''"),
        ("11", "there is no clip '11'"),
        ("3-11", "there is no clip '11'"),
        ("6-3", "6-3: the first number is the larger one"),
        ("1-3,2", "1-3,2: Embeddings stands there twice"),
        ("7b", "MultiHead is no part of the film of a model with one head"),
        ("comparison", "Comparison is no part of the film of one sentence"),
    ],
)
def test_what_is_no_choice_is_said_in_a_line(chosen: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        film_clips(1, chosen)


def test_the_first_one_begins_as_in_the_whole_film() -> None:
    scene, middle = (find_clip(name).scene_class() for name in ("10", "4"))
    assert clip_before(scene, 1, "10,4") is find_clip("9")
    assert clip_before(middle, 1, "10,4") is find_clip("10")
    assert clip_before(middle, 1, "9") is find_clip("3")


def test_each_choice_has_a_folder_of_its_own() -> None:
    choices = ["3-6", "3,6", "36", "3-6,10", "10,3-6", None]
    names = {film_folder(Path("renders"), SENTENCE, Settings(clips=each)).name for each in choices}
    assert len(names) == len(choices)


@pytest.mark.parametrize(("one", "other"), [("3", "10"), ("10", "1"), ("2", "8"), ("1", "7")])
def test_a_clip_begins_as_the_one_before_it_ends_whichever_that_is(one: str, other: str) -> None:
    scenes = [find_clip(name).scene_class() for name in (one, other)]
    choices = {"sentence": SENTENCE, "clips": f"{one},{other}"}
    found = between([ends(scene, **choices) for scene in scenes])
    assert not found, "\n".join(map(str, found))


def test_and_no_frame_of_it_has_a_fault() -> None:
    found = audit(find_clip("10").scene_class(), sentence=SENTENCE, clips="3,10")
    assert not found, "\n".join(map(str, found))
