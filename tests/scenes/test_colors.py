"""Colours of videos as programs show them: FFmpeg's decoder and a browser, against the clip's own still."""

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from attention.settings import Settings
from scenes.clips import find_clip
from scenes.output.formats import FormatName, Output, suited
from scenes.output.joining import join
from scenes.output.rendering import render_clips
from scenes.output.samples import write_samples
from tests.scenes.browser import Visit

pytestmark = [pytest.mark.slow]

LEVELS = 3  # of 255, in flat areas
SIDE = 16  # pixels, of a square that is flat; in smaller ones coding shows
BELOW, ABOVE = (854, 480), (1280, 720)  # where browsers guess BT.601, and where they guess BT.709
TALL, FULL = (720, 1280), (1920, 1080)
MATRIX = (5, 6)  # of BT.601, which has two names
REST = (1, 1, 1)  # 16 to 235, primaries and transfer of BT.709
Picture = NDArray[np.uint8]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Callable[[FormatName, tuple[int, int]], Path]:
    """Return a clip, opaque, that went through joining as films do."""
    root = tmp_path_factory.mktemp("colors")
    made: dict[tuple[FormatName, tuple[int, int]], Path] = {}

    def render(form: FormatName, size: tuple[int, int]) -> Path:
        if (form, size) not in made:
            settings = suited(Settings(sentence="Hi there", theme="dark"), form, size)
            output = Output.of(settings, form, size=size, fps=3)
            place = root / f"{form}{size[0]}x{size[1]}"
            clip, *_ = render_clips(settings, place, output, 1, [find_clip("ScoreMatrix")])
            if output.is_video:
                join([clip], ["One"], clip.with_name(f"film.{form}"), "Hi there")
            made[form, size] = clip.with_name(f"film.{form}") if output.is_video else clip
        return made[form, size]

    return render


def still(film: Path) -> Picture:
    with Image.open(film.parent / "posters/06-score-matrix.png") as picture:
        return np.asarray(picture.convert("RGB"))


def flat_areas(picture: Picture) -> Iterator[tuple[slice, slice]]:
    """Yield the middles of squares that have one colour, one for each colour."""
    seen, middle = set(), SIDE // 2
    for top in range(0, picture.shape[0] - SIDE, middle):
        for left in range(0, picture.shape[1] - SIDE, middle):
            area = picture[top : top + SIDE, left : left + SIDE]
            color = tuple(area[0, 0].tolist())
            if color not in seen and (area == area[0, 0]).all():
                seen.add(color)
                yield slice(top + middle - 1, top + middle + 1), slice(left + middle - 1, left + middle + 1)


def assert_same_colors(shown: Picture, film: Path) -> None:
    expected = still(film)
    assert shown.shape == expected.shape
    areas = list(flat_areas(expected))
    assert len(areas) >= 3
    for area in areas:
        colors = expected[area][0, 0], shown[area][0, 0]
        assert np.abs(shown[area].astype(int) - expected[area]).max() <= LEVELS, colors


def last_frame(film: Path) -> av.VideoFrame:
    with av.open(str(film)) as container:
        *_, last = container.decode(video=0)
    return last


@pytest.mark.parametrize(
    ("form", "size"), [*product(("mp4", "webm", "mov"), (BELOW, ABOVE)), ("mp4", TALL), ("mp4", FULL)]
)
def test_colors_are_right_and_tagged(form: FormatName, size: tuple[int, int], rendered: Callable[..., Path]) -> None:
    film = rendered(form, size)
    frame = last_frame(film)
    with av.open(str(film)) as container:
        for tags in (frame, container.streams.video[0].codec_context):
            assert tags.colorspace in MATRIX
            assert (tags.color_range, tags.color_primaries, tags.color_trc) == REST
    assert_same_colors(frame.to_ndarray(format="rgb24"), film)


def test_a_mov_says_that_it_may_have_alpha(rendered: Callable[..., Path]) -> None:
    with av.open(str(rendered("mov", BELOW))) as container:
        assert container.streams.video[0].codec_context.codec_tag == "ap4h"


def test_a_gif_has_the_stills_colors(rendered: Callable[..., Path]) -> None:
    gif, film = rendered("gif", BELOW), rendered("mp4", BELOW)
    assert_same_colors(last_frame(gif).to_ndarray(format="rgb24"), film)


def test_samples_have_the_stills_colors(rendered: Callable[..., Path]) -> None:
    """As near as a palette of few colours comes, which keeps a whole clip within 600 kB."""
    film = rendered("mp4", BELOW)
    expected = still(film)
    for sample in write_samples([film], [], film.parent):
        with Image.open(sample) as picture:
            picture.seek(getattr(picture, "n_frames", 1) - 1)
            shown = np.asarray(picture.convert("RGB"))
        for rows, columns in flat_areas(expected):
            row, column = (middle.stop * shown.shape[1] // BELOW[0] for middle in (rows, columns))
            assert np.abs(shown[row, column].astype(int) - expected[rows, columns][0, 0]).max() <= 2 * LEVELS, sample


@pytest.mark.browser
@pytest.mark.parametrize(("form", "size"), [*product(("mp4", "webm"), (BELOW, ABOVE)), ("mp4", TALL), ("mp4", FULL)])
def test_a_browser_shows_the_stills_colors(
    form: FormatName, size: tuple[int, int], rendered: Callable[..., Path], visit: Callable[..., Visit]
) -> None:
    film = rendered(form, size)
    page = film.with_name("page.html")
    page.write_text(
        f'<body style="margin: 0"><video src="{film.name}" width="{size[0]}" height="{size[1]}" muted></video>'
    )
    visited = visit(page, width=size[0], height=size[1])
    visited.page.evaluate(
        """async () => {
            const video = document.querySelector("video");
            if (!video.readyState) await new Promise(done => video.onloadedmetadata = done);
            const seeked = new Promise(done => video.onseeked = done);
            video.currentTime = video.duration - 0.1;
            await seeked;
            await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
        }"""
    )
    visited.page.screenshot(path="shown.png")
    with Image.open("shown.png") as picture:
        assert_same_colors(np.asarray(picture.convert("RGB")), film)
