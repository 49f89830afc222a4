"""The deck as a speaker's browser shows it, opened from disk without a network."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scenes.browser import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("talk")]

PLAYING = """() => {
    const video = document.querySelector("section.present video:not([hidden])");
    const plays = !video.paused || video.ended;  // a short one may have ended before anyone looked
    return video.error === null && plays && video.currentTime > 0.1 && video.videoWidth > 0;
}"""

BEGUN = """video => video.addEventListener("seeking", () => video.dataset.begun = video.currentTime, {once: true})"""


def number(visited: Visit) -> int:
    return int(visited.page.evaluate("Reveal.getIndices().h"))


def assert_plays(visited: Visit) -> None:
    visited.page.wait_for_function(PLAYING, timeout=30_000)


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_every_slide_plays_and_is_left_by_keyboard_both_ways(
    visit: Callable[..., Visit], deck: Path, slides: int, size: tuple[int, int]
) -> None:
    visited = visit(deck, *size)
    assert visited.page.evaluate("Reveal.getTotalSlides()") == slides
    for expected in range(slides):
        assert number(visited) == expected
        assert_plays(visited)
        visited.page.keyboard.press("ArrowRight")
    assert number(visited) == slides - 1
    for expected in reversed(range(slides)):
        assert number(visited) == expected
        assert_plays(visited)
        visited.page.keyboard.press("ArrowLeft")
    assert number(visited) == 0
    assert visited.fits_the_width()
    assert visited.serious_faults() == []
    visited.assert_clean()


def test_a_clip_pauses_goes_backwards_and_begins_again(visit: Callable[..., Visit], deck: Path) -> None:
    visited = visit(deck)
    page = visited.page
    first, second = (page.locator("section.present video").nth(k) for k in (0, 1))
    assert_plays(visited)
    page.keyboard.press("Space")
    stood = first.evaluate("video => video.paused && video.currentTime")
    assert stood > 0
    page.keyboard.press("v")
    assert_plays(visited)
    assert first.is_hidden()
    assert second.evaluate("(video, stood) => video.currentTime >= video.duration - stood", stood)
    first.evaluate(BEGUN)
    page.keyboard.press("r")
    page.wait_for_function("() => !document.querySelector('section.present video').hidden")
    assert second.is_hidden()
    page.wait_for_function("() => 'begun' in document.querySelector('section.present video').dataset")
    assert first.evaluate("video => Number(video.dataset.begun)") < 0.05 < stood
    visited.assert_clean()


def test_the_speaker_sees_the_captions(visit: Callable[..., Visit], deck: Path) -> None:
    visited = visit(deck)
    assert_plays(visited)
    with visited.page.context.expect_page() as opened:
        visited.page.keyboard.press("s")
    notes = opened.value.locator(".speaker-controls-notes .value")
    notes.filter(has_text="Everything begins as raw text").wait_for()
    visited.assert_clean()


def test_one_file_needs_no_folder(visit: Callable[..., Visit], one_file: Path, slides: int) -> None:
    visited = visit(one_file)
    for _ in range(slides):
        assert_plays(visited)
        visited.page.keyboard.press("ArrowRight")
    assert number(visited) == slides - 1
    assert visited.serious_faults() == []
    visited.assert_clean()
