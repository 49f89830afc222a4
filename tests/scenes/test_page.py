"""The page of a sentence's clips, opened from disk in a real browser without a network."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import srt

from scenes.output.page import write_page
from tests.scenes.browser import Visit
from tests.scenes.conftest import TALK, TALK_CLIPS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("talk")]

Open = Callable[..., Visit]


@pytest.fixture
def page(rendered: list[Path]) -> Path:
    return rendered[0].parent / "index.html"


def test_every_clip_plays_with_its_captions(page: Path, rendered: list[Path], visit: Open) -> None:
    visited = visit(page)
    videos = visited.page.locator("video")
    assert videos.count() == len(rendered)
    for index, file in enumerate(rendered):
        video = videos.nth(index)
        video.evaluate("video => video.play()")
        visited.page.wait_for_function("video => video.currentTime > 0.3", arg=video.element_handle())
        assert video.evaluate("video => video.error") is None
        cues = video.evaluate("video => [...video.textTracks[0].cues].map((cue) => cue.text)")
        assert cues == [line.content for line in srt.parse(file.with_suffix(".srt").read_text())]
    playing = videos.evaluate_all("videos => videos.filter((video) => !video.paused).length")
    assert playing == 1  # the others stopped
    visited.assert_clean()


@pytest.mark.parametrize("width", [390, 1280])
def test_it_holds_at_any_width_and_is_accessible_in_both_themes(page: Path, width: int, visit: Open) -> None:
    visited = visit(page, width=width)
    colors = []
    for _ in range(2):
        assert visited.fits_the_width()
        assert visited.serious_faults() == []
        colors.append(visited.page.evaluate("getComputedStyle(document.body).backgroundColor"))
        visited.page.click("#theme")
    assert colors[0] != colors[1]
    visited.assert_clean()


def test_the_keyboard_goes_from_clip_to_clip_and_plays(page: Path, visit: Open) -> None:
    visited = visit(page)

    def focused() -> Any:
        return visited.page.evaluate("document.activeElement.closest('section')?.id")

    visited.page.keyboard.press("n")
    assert focused() == TALK_CLIPS[0].name
    visited.page.keyboard.press("n")
    assert focused() == TALK_CLIPS[1].name
    visited.page.keyboard.press("n")
    assert focused() == TALK_CLIPS[1].name  # the last
    visited.page.keyboard.press("Space")
    visited.page.wait_for_function("document.activeElement.currentTime > 0.2")
    visited.page.keyboard.press("Space")
    assert visited.page.evaluate("document.activeElement.paused")
    visited.page.keyboard.press("p")
    assert focused() == TALK_CLIPS[0].name


def test_what_is_copied_embeds_the_clip(page: Path, rendered: list[Path], visit: Open) -> None:
    visited = visit(page)
    visited.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visited.page.locator("#files summary").click()
    visited.page.locator(".copy").first.click()
    copied = visited.page.evaluate("navigator.clipboard.readText()")
    embedding = page.with_name("embedding.html")
    embedding.write_text(f'<!doctype html><html lang="en"><title>x</title>{copied}</html>')
    elsewhere = visit(embedding)
    video = elsewhere.page.locator("video")
    assert video.get_attribute("src") == rendered[0].name
    video.evaluate("video => video.play()")
    elsewhere.page.wait_for_function("document.querySelector('video').currentTime > 0.1")
    elsewhere.assert_clean()


def test_a_text_is_shown_as_it_is(page: Path, visit: Open) -> None:
    assert visit(page).page.locator("h1").inner_text() == TALK.sentence


def noted(folder: Path, *names: str, model: str = "m") -> list[dict[str, Any]]:
    """Return notes of files of clips, or of the film, and make the files."""
    notes = []
    for name in names:
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.touch()
        clip = "" if file.stem == "film" else file.stem
        kind = "poster" if file.parent != folder else "clip" if clip else "film"
        note = {"name": name, "kind": kind, "clip": clip, "title": clip or "film", "format": file.suffix[1:]}
        made_by = {"model": {"name": model, "digest": ""}, "settings": {"layer": 3, "head": 7}, "versions": {}}
        notes.append(note | made_by | {"bytes": 1, "sha256": ""})
    return notes


def written(folder: Path, *notes: dict[str, Any]) -> Path:
    (folder / "manifest.json").write_text(json.dumps({"sentence": "x", "files": notes}))
    return write_page(folder)


def test_an_audience_is_told_what_it_sees(tmp_path: Path, visit: Open) -> None:
    names = ["01-tokenization", "03-relationships", "10-directed-graph"]
    files = ["film.mp4", *(f"{name}.mp4" for name in names), *(f"posters/{name}.png" for name in names)]
    page = visit(written(tmp_path, *noted(tmp_path, *files))).page
    assert page.locator("#film video").get_attribute("poster") == "posters/03-relationships.png"
    assert "self-attention" in page.locator("header p").inner_text()
    for name in names:
        section = page.locator(f"section[id='{name}']")
        assert len(section.locator(".about").inner_text()) > 60
        assert section.locator("a, button").count() == 0
    assert len({page.locator(f"section[id='{name}'] .about").inner_text() for name in names}) == len(names)
    assert not page.locator("#files a").first.is_visible()


def test_it_says_of_each_file_what_made_it(tmp_path: Path, visit: Open) -> None:
    notes = noted(tmp_path, "01-tokenization.mp4") + noted(tmp_path, "10-directed-graph.mp4", model="other")
    page = visit(written(tmp_path, *notes)).page
    assert "by the model m or other" in page.locator("header p").inner_text()
    page.locator("#files summary").click()
    for line, name, model in zip(
        page.locator("#files li").all_inner_texts(),
        ("01-tokenization.mp4", "10-directed-graph.mp4"),
        ("model m", "model other"),
        strict=True,
    ):
        assert line.startswith(name)
        assert f"{model}, layer 3, head 7" in line


def test_notes_that_somebody_took_out_stop_nothing(tmp_path: Path) -> None:
    film, clip = noted(tmp_path, "film.mp4", "01-tokenization.mp4")
    assert "film.mp4" in written(tmp_path, film, clip | {"model": {}}).read_text()


def test_pictures_are_shown_where_there_is_no_video(tmp_path: Path, visit: Open) -> None:
    visited = visit(written(tmp_path, *noted(tmp_path, "01-x.mov", "posters/01-x.png")))
    assert visited.page.locator("img").get_attribute("src") == "posters/01-x.png"
    assert visited.page.locator("video").count() == 0
