"""Hostile texts, from a seeded generator: each is refused in a line, or shown as what it is and never run."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image
from pypdfium2 import PdfDocument

from attention import UserError, trace
from attention.settings import Settings
from attention.slug import slug
from attention.text import tidy
from scenes.clips import CLIPS, Clip, find_clip
from scenes.deck.decks import write_deck
from scenes.output.formats import Output
from scenes.output.page import write_page
from scenes.output.plain_text import plain_text
from scenes.output.rendering import render_film
from scenes.output.stills import write_still
from tests.hostile_texts import hostile_texts
from tests.scenes.browser import Visit
from tests.scenes.played import play

pytestmark = pytest.mark.apart

ATTENTION = str(Path(sys.executable).parent / "attention")


def shown(count: int, seed: int) -> list[str]:
    """Return so many hostile texts that the tiny model takes."""
    return list(islice(filter(_is_taken, hostile_texts(50 * count, refused=False, seed=seed)), count))


def _is_taken(text: str) -> bool:
    try:
        return len(trace(text)) > 0
    except UserError:
        return False


@pytest.mark.slow
def test_each_is_traced_or_refused_in_a_line() -> None:
    ends = {"traced": 0, "refused": 0}
    for text in hostile_texts(500):
        try:
            traced = trace(text)
        except UserError as error:
            refusal = str(error)
        else:
            refusal = ""
        if refusal:
            assert refusal.isprintable(), ascii(text)
            ends["refused"] += 1
            continue
        assert traced.sentence == tidy(text)
        assert all(label.strip() for label in traced.labels), ascii(text)
        assert len(re.findall(r"[^a-z0-9-]", slug(text))) == 0
        ends["traced"] += 1
    assert min(ends.values()) > 50, ends


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "clip", [clip for clip in CLIPS if clip.place and clip.least_heads == 1], ids=lambda c: c.scene
)
def test_stills_of_them_are_what_programs_read(clip: Clip) -> None:
    drawn = 0
    for number, text in enumerate(shown(3, seed=int(clip.place))):
        try:
            scene, _ = play(clip.scene_class(), sentence=text)
        except UserError:  # such as for a letter with 40 accents, which no frame has room for
            continue
        drawn += 1
        root = ElementTree.parse(write_still(scene, Path(f"{number}.svg"), clip.title)).getroot()
        assert root.findtext("{*}desc") == plain_text(tidy(text))
        assert not list(root.iter("{*}script"))
        with PdfDocument(write_still(scene, Path(f"{number}.pdf"), clip.title)) as opened:
            assert len(opened) == 1
        with Image.open(write_still(scene, Path(f"{number}.png"), clip.title)) as picture:
            assert picture.text["Description"] == tidy(text)  # type: ignore[attr-defined]
    assert drawn > 1


@pytest.mark.browser
def test_pages_show_them_as_text(tmp_path: Path, visit: Callable[..., Visit]) -> None:
    for number, text in enumerate(shown(12, seed=20)):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        (folder / "01-x.mp4").touch()
        note: dict[str, Any] = {"name": "01-x.mp4", "kind": "clip", "clip": "01-x", "format": "mp4", "bytes": 1}
        note |= {"title": text, "sha256": "", "settings": {"layer": text}, "versions": {}}
        note |= {"model": {"name": text, "digest": ""}}
        (folder / "manifest.json").write_text(json.dumps({"sentence": text, "files": [note]}))
        visited = visit(write_page(folder))
        assert visited.page.evaluate("window.broken") is None
        assert visited.page.locator("h1").text_content() == re.sub(r"\r\n?", "\n", text)
        assert visited.page.locator("script").count() == 1
        visited.page.context.close()


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_films_and_decks_of_them_play(seed: int, visit: Callable[..., Visit]) -> None:
    (text,) = shown(1, seed=100 + seed)
    clips = [find_clip("Communication"), find_clip("DirectedGraph")]
    settings = Settings(sentence=text)
    film = render_film(settings, Path("renders"), Output("mp4", "l", fps=5), 1, clips)[-1]
    pages = [film.with_name("index.html"), write_deck(settings, Path("renders"), "l", 1, clips)]
    for page in pages:
        visited = visit(page)
        video = visited.page.locator("video").first
        video.evaluate("video => { video.muted = true; return video.play() }")
        visited.page.wait_for_function("document.querySelector('video').currentTime > 0.1")
        assert visited.page.evaluate("window.broken") is None
        visited.assert_clean()


@pytest.mark.slow
def test_the_command_takes_them_or_refuses_them_in_a_line(tmp_path: Path) -> None:
    for text in hostile_texts(8, seed=5):
        if "\0" in text or "\ud800" in text:
            continue  # no system hands it over
        call = [ATTENTION, "clip", "Communication", "--format", "png", "-q", "l", "--", text]
        done = subprocess.run(call, capture_output=True, text=True, errors="replace", timeout=400)
        assert done.returncode in (0, 2), done
        assert "Traceback" not in done.stderr
        assert done.returncode == 0 or len(done.stderr.splitlines()) == 1, done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"renders"}
