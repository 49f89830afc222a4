"""No clip shows what no viewer should see, in any frame of it, whatever the sentence, the shape and the theme."""

import subprocess
import sys
from functools import lru_cache
from itertools import pairwise, product
from pathlib import Path
from typing import Any, get_args

import pytest

from attention.settings import FRAMES, THEMES, FrameName, LanguageName, ThemeName
from scenes.clips import Clip, film_clips, find_clip
from scenes.drawing.fact import Fact
from tests.latin import pairs_meet
from tests.scenes.audit import audit, audit_rests
from tests.scenes.audit.checks import between
from tests.scenes.audit.recording import ends
from tests.system import require_letters_of

pytestmark = pytest.mark.apart

SENTENCES = {
    "1 token": "Hi",
    "2 tokens": "Hello.",
    "5 tokens": "Dogs chase cats happily.",
    "11 tokens": "The cat sat on the mat because it was tired.",
    "16 tokens": "She told him that the old key would open all the doors in the house.",
    "24 tokens": (
        "When the small boat came back to the harbour one evening, all of the children ran down to meet it out there."
    ),
    "40 tokens": "one two three four five six seven eight nine ten " * 4,
    "long word": "Pneumonoultramicroscopicsilicovolcanoconiosis kills.",
    "German": "Die Königin fährt über die große Straße.",
    "Russian": "Кошка сидит на окне.",
    "Arabic": "القط جلس على السجادة",
    "Chinese": "猫坐在垫子上。",
    "emoji": "I ❤️ cats 🙂 👨‍👩‍👧!",
    "markup": "<b> & $x$ #let",
}
Case = tuple[str, FrameName, ThemeName]
QUICK: set[Case] = {  # each frame, each theme, one token and many
    ("1 token", "9:16", "dark"),
    ("11 tokens", "16:9", "dark"),
    ("24 tokens", "9:16", "light"),
    ("markup", "1:1", "transparent"),
}
ROOT = Path(__file__).parents[2]
CASES = [(name, frame, theme) for name in SENTENCES for frame in FRAMES for theme in THEMES]

ends_once = lru_cache(maxsize=2)(ends)  # each clip is played for the one before it and for the one after


def cases(quick: set[Case]) -> Any:
    """Let a test run for all cases, outside of the full audit for those that are quick."""
    marked = [pytest.param(*case, marks=[] if case in quick else pytest.mark.full) for case in CASES]
    return pytest.mark.parametrize(("name", "frame", "theme"), marked)


@pytest.mark.parametrize("clip", film_clips(heads=1), ids=lambda clip: clip.scene)
@cases(QUICK)
def test_no_frame_of_a_clip_has_a_fault(clip: Clip, name: str, frame: FrameName, theme: ThemeName) -> None:
    found = audit(clip.scene_class(), sentence=SENTENCES[name], frame=frame, theme=theme)
    assert not found, "\n".join(map(str, found))


@pytest.mark.xdist_group("joins")
@pytest.mark.parametrize(("one", "other"), [*pairwise(film_clips(heads=1))], ids=lambda clip: clip.scene)
@cases({("11 tokens", "16:9", "dark"), ("24 tokens", "9:16", "light")})
def test_each_clip_begins_as_the_one_before_it_ends(
    one: Clip, other: Clip, name: str, frame: FrameName, theme: ThemeName
) -> None:
    choices = {"sentence": SENTENCES[name], "frame": frame, "theme": theme}
    found = between([ends_once(clip.scene_class(), **choices) for clip in (one, other)])
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize(
    ("clip", "name", "frame"),
    [
        *pairs_meet(film_clips(heads=1), ["11 tokens"], FRAMES),
        *(
            pytest.param(*case, marks=pytest.mark.full)
            for case in product(film_clips(heads=1), ("1 token", "2 tokens", "24 tokens"), FRAMES)
        ),
    ],
    ids=lambda each: getattr(each, "scene", each),
)
def test_nor_where_a_token_looks_back_only(clip: Clip, name: str, frame: FrameName) -> None:
    findings = audit(clip.scene_class(), sentence=SENTENCES[name], frame=frame, causal=True)
    assert not findings, "\n".join(map(str, findings))


@pytest.mark.parametrize(
    ("clip", "language", "frame"),
    pairs_meet(film_clips(heads=1), get_args(LanguageName)[1:], FRAMES),
    ids=lambda each: getattr(each, "scene", each),
)
def test_nor_do_pictures_at_rest_in_another_language(clip: Clip, frame: FrameName, language: LanguageName) -> None:
    require_letters_of(language)
    findings = audit_rests(clip.scene_class(), sentence=SENTENCES["11 tokens"], frame=frame, language=language)
    assert not findings, "\n".join(map(str, findings))


@pytest.mark.full
@pytest.mark.parametrize("clip", film_clips(heads=1), ids=lambda clip: clip.scene)
@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("language", get_args(LanguageName)[1:])
def test_nor_in_another_language(clip: Clip, frame: FrameName, language: LanguageName) -> None:
    require_letters_of(language)
    for sentence in ("11 tokens", "24 tokens"):
        findings = audit(clip.scene_class(), sentence=SENTENCES[sentence], frame=frame, language=language)
        assert not findings, "\n".join(map(str, findings))


def test_the_audit_notices_faults() -> None:
    class Faulty(find_clip("Tokenization").scene_class()):  # type: ignore[misc]
        def say(self, text: str, *facts: Fact) -> None:
            super().say(text, *facts)
            caption = next(part for part in self.mobjects if type(part).__name__ == "Caption")
            caption.move_to(self.strip).shift([5, 0, 0])

    Faulty.__name__ = "Faulty"
    assert {"texts overlap", "outside the safe area"} <= {found.check for found in audit(Faulty, sentence="Hi there.")}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.scenes.audit", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_command_prints_what_it_finds() -> None:
    heard = run("6", "--sentence", "Hi")
    assert heard.stdout.startswith("ScoreMatrix, 16:9, dark")
    assert heard.returncode == (0 if "nothing found" in heard.stdout else 1), heard.stderr


def test_an_unknown_clip_is_one_line() -> None:
    heard = run("nonsense")
    assert (heard.returncode, heard.stdout) == (2, "")
    assert heard.stderr.count("\n") == 1
    assert "nonsense" in heard.stderr
