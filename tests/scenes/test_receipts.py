"""A clip that would come out the same is not rendered again, and one that would not is."""

from pathlib import Path

import pytest

from attention.settings import Settings
from scenes.output.formats import Output
from scenes.output.receipts import choices, current_files, write_receipt
from scenes.output.sources import IMPORTED

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


OUTSIDE = '{"chosen": {}, "sources": {}, "made": {"../x": ""}}'


@pytest.mark.parametrize("content", ["", "[]", "{}", "null", "[" * 100_000, '{"chosen": 1}', OUTSIDE])
def test_a_damaged_receipt_is_none(made: Path, content: str) -> None:
    file = made.parent / "receipt.json"
    file.write_text(content)
    assert not current_files(file, CHOSEN, made.parent, IMPORTED)
