"""A clip that would come out the same is not rendered again, and one that would not is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from attention.settings import Settings
from scenes.drawing.sources import IMPORTED
from scenes.output.formats import Output
from scenes.output.receipts import choices, current_files, write_receipt

CHOSEN = choices(Settings(sentence="Hi"), Output(quality="l"), [])


@pytest.fixture
def made(tmp_path: Path) -> Path:
    clip = tmp_path / "01-tokenization.mp4"
    clip.write_bytes(b"a clip")
    write_receipt(tmp_path / "receipt.json", CHOSEN, [clip], tmp_path, IMPORTED)
    return clip


def test_what_has_not_changed_is_current(made: Path) -> None:
    assert current_files(made.parent / "receipt.json", CHOSEN, made.parent, IMPORTED) == [made]


@pytest.mark.parametrize(
    ("settings", "output", "missing"),
    [
        (Settings(sentence="Ho"), Output(quality="l"), []),
        (Settings(sentence="Hi", theme="light"), Output(quality="l"), []),
        (Settings(sentence="Hi", frame="1:1"), Output(quality="l"), []),
        (Settings(sentence="Hi", language="de"), Output(quality="l"), []),
        (Settings(sentence="Hi", other="Hi there"), Output(quality="l"), []),
        (Settings(sentence="Hi", token="hi"), Output(quality="l"), []),
        (Settings(sentence="Hi"), Output(quality="h"), []),
        (Settings(sentence="Hi"), Output(quality="l", fps=10), []),
        (Settings(sentence="Hi"), Output(quality="l"), ["no installed font has these letters"]),
    ],
)
def test_other_choices_are_not(made: Path, settings: Settings, output: Output, missing: list[str]) -> None:
    assert not current_files(made.parent / "receipt.json", choices(settings, output, missing), made.parent, IMPORTED)


def test_space_around_either_sentence_makes_no_difference() -> None:
    tidied, spaced = (Settings(sentence=one, other=two) for one, two in (("Hi", "Hi there"), (" Hi ", "Hi\n there ")))
    assert choices(tidied, Output(), []) == choices(spaced, Output(), [])


def test_a_changed_or_missing_clip_is_not(made: Path) -> None:
    made.write_bytes(b"another")
    assert not current_files(made.parent / "receipt.json", CHOSEN, made.parent, IMPORTED)
    made.unlink()
    assert not current_files(made.parent / "receipt.json", CHOSEN, made.parent, IMPORTED)


@pytest.mark.parametrize("source", ["scenes/output/receipts.py", "attention/model.py"])
def test_changed_code_is_not(made: Path, source: str) -> None:
    edited = IMPORTED | {source: "0" * 64}
    assert not current_files(made.parent / "receipt.json", CHOSEN, made.parent, edited)


def test_code_edited_while_a_clip_is_rendered_is_not_what_drew_it(made: Path) -> None:
    before, after = IMPORTED, IMPORTED | {"attention/model.py": "0" * 64}
    write_receipt(made.parent / "receipt.json", CHOSEN, [made], made.parent, before)
    assert current_files(made.parent / "receipt.json", CHOSEN, made.parent, before)
    assert not current_files(made.parent / "receipt.json", CHOSEN, made.parent, after)


REPOSITORY = Path(__file__).parents[2]
RENDERING = """
import sys
from pathlib import Path
from attention.settings import Settings
from scenes.clips import find_clip
from scenes.output.formats import Output
from scenes.output.rendering import render_clips

def render(place):
    settings = Settings(sentence="Hi")
    (clip,) = render_clips(settings, Path(place), Output(quality="l", fps=3), 1, [find_clip("Communication")])
    return clip
"""
EDITING = """
render("before")
file, *words = sys.argv[1:]
file = Path(file)
written = file.read_text()
file.write_text(written.replace(*words))
render("edited")  # by what had been imported, and by what was imported now
"""
EARLY = "stage_strip.py", "context.arc(x, y, 0.07,", "context.arc(x, y, 0.3,"
LATE = "token_chips.py", "set_line_width(0.06)", "set_line_width(0.6)"


@pytest.mark.slow
@pytest.mark.parametrize("edit", [EARLY, LATE], ids=["imported before", "imported after"])
def test_what_older_or_later_code_drew_is_drawn_anew(edit: tuple[str, str, str], tmp_path: Path) -> None:
    """A notebook, in which code is edited between two renders, and what comes after it was restarted."""
    source = tmp_path / "source"
    for package in ("attention", "scenes"):
        shutil.copytree(REPOSITORY / package, source / package)
    name, *words = edit
    file = source / "scenes/mobjects" / name
    written = file.read_text()

    def run(code: str) -> None:
        call = [sys.executable, "-c", RENDERING + code, file, *words]
        environment = os.environ | {"PYTHONPATH": str(source)}
        done = subprocess.run(call, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr

    def last(place: str) -> NDArray[np.uint8]:
        with av.open(f"{place}/hi_480p3/04-communication.mp4") as container:
            *_, frame = container.decode(video=0)
            return frame.to_ndarray(format="gray")

    run(EDITING)
    assert file.read_text() != written
    shutil.copytree("edited", "restored")
    run('render("edited"), render("fresh")')
    assert not np.array_equal(last("fresh"), last("before"))
    assert np.array_equal(last("edited"), last("fresh"))
    file.write_text(written)
    run('render("restored")')
    assert np.array_equal(last("restored"), last("before"))


OUTSIDE = '{"chosen": {}, "sources": {}, "made": {"../x": ""}}'


@pytest.mark.parametrize("content", ["", "[]", "{}", "null", "[" * 100_000, '{"chosen": 1}', OUTSIDE])
def test_a_damaged_receipt_is_none(made: Path, content: str) -> None:
    file = made.parent / "receipt.json"
    file.write_text(content)
    assert not current_files(file, CHOSEN, made.parent, IMPORTED)
