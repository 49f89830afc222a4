import json
from pathlib import Path

import pytest

from attention import UserError
from attention.slug import tag
from scenes.output.film_folder import film_folder, read_manifest

ROOT = Path("renders")


def test_a_sentence_keeps_its_folder() -> None:
    assert film_folder(ROOT, "The cat sat.") == film_folder(ROOT, "The cat sat.") == ROOT / "the-cat-sat"
    assert read_manifest(ROOT / "the-cat-sat") == {"sentence": "The cat sat."}


def test_another_sentence_of_the_same_name_gets_its_own() -> None:
    film_folder(ROOT, "The cat sat.")
    assert film_folder(ROOT, "The cat sat!") == ROOT / f"the-cat-sat-{tag('The cat sat!')}"
    assert read_manifest(ROOT / "the-cat-sat")["sentence"] == "The cat sat."


@pytest.mark.parametrize("name", ["videos", "samples", "notes"])
def test_other_peoples_folders_are_left_alone(name: str) -> None:
    (ROOT / name).mkdir(parents=True)
    (ROOT / name / "mine.txt").write_text("mine")
    assert film_folder(ROOT, name) == ROOT / f"{name}-{tag(name)}"
    assert [file.name for file in (ROOT / name).iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("sentence", ["../../etc/passwd", "/", "a" * 300, "🙂", "CON", "..", "x\u202ey"])
def test_any_sentence_stays_under_the_root(sentence: str) -> None:
    folder = film_folder(ROOT, sentence)
    assert folder.parent == ROOT
    assert len(folder.name) < 100
    assert json.loads((folder / "manifest.json").read_text())["sentence"] == sentence


def test_a_place_that_cannot_be_written_to_is_named() -> None:
    ROOT.write_text("a file")
    with pytest.raises(UserError, match="renders"):
        film_folder(ROOT, "The cat sat.")
