from collections.abc import Callable
from dataclasses import replace

import pytest

from scenes.drawing.outlines import outline
from scenes.look import missing_fonts as module
from scenes.look.missing_fonts import missing_fonts


def without(letters: str) -> Callable[[str], object]:
    """Return the outlines of a machine whose fonts lack some letters."""
    return lambda text: replace(outline("x"), missing=any(letter in letters for letter in text))


@pytest.mark.parametrize(
    ("labels", "lacks", "script", "package"),
    [
        (["The", "猫"], "猫", "CJK", "fonts-noto-cjk"),
        (["한국"], "한국", "HANGUL", "fonts-noto-cjk"),
        (["🙂"], "🙂", "EMOJI", "fonts-noto-color-emoji"),
        (["नम"], "नम", "DEVANAGARI", "[fonts]"),
        (["\U0001e900"], "\U0001e900", "ADLAM", "fonts-noto-core"),
    ],
)
def test_one_line_names_script_letters_and_package(
    monkeypatch: pytest.MonkeyPatch, labels: list[str], lacks: str, script: str, package: str
) -> None:
    monkeypatch.setattr(module, "outline", without(lacks))
    (line,) = missing_fonts([*labels, *labels])
    assert all(part in line for part in (script, labels[-1], package))


def test_latin_lacks_nothing() -> None:
    assert missing_fonts(["The", "Straße", "œuf", "<b>", "&"]) == []
