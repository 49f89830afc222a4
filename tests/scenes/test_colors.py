"""The colours of a clip are those of its picture, for FFmpeg and for a browser, at every size."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.reformatter import ColorPrimaries, ColorRange, ColorTrc
from manim import config, tempconfig
from numpy.typing import NDArray
from PIL import Image

from attention.settings import Settings
from scenes.drawing.cairo_context import Context, set_color
from scenes.drawing.drawing_scene import DrawingScene
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.look.theme import QUERY, THEMES, WEIGHT
from scenes.output.formats import Output
from scenes.output.gif import write_gif
from scenes.output.joining import join, label
from scenes.output.samples import write_samples
from tests.scenes.browser import Visit
from tests.scenes.played import QUIET

COLORS = [
    (120 / 255, 94 / 255, 240 / 255),
    (0, 0.8, 0.2),
    (1, 0.2, 0),
    QUERY,
    WEIGHT,
    (1, 1, 1),
    THEMES["dark"].background,
]
SIZES = {480: (854, 480), 720: (1280, 720)}


class Flags(DrawnMobject):
    """Each colour as a wide band."""

    def paint(self, context: Context, width: float, height: float) -> None:
        for index, color in enumerate(COLORS):
            set_color(context, color, 1)
            context.rectangle(width * index / len(COLORS), 0, width / len(COLORS), height)
            context.fill()


class Waving(DrawingScene):
    def construct(self) -> None:
        self.add(flags := Flags(16, 10))
        self.wait(0.2)
        flags.shift([0.2, 0, 0])
        self.wait(0.2)
        self.picture = self.renderer.get_frame()


def film(form: Any, lines: int) -> tuple[Path, NDArray[np.uint8]]:
    """Return a film of one clip as it is handed out, and the picture that it shows, (height, width, 3)."""
    options = Output(form, "l", SIZES[lines], 10).options(Settings(theme="dark"))
    with tempconfig({**QUIET, "media_dir": "media", "output_file": "waving", "video_dir": "."}):
        for name, value in options.items():
            setattr(config, name, value)
        scene = Waving()
        scene.render()
        movie = Path(scene.renderer.file_writer.movie_file_path)
    label(movie, "Waving", "Hi", [("start", 0.0)])
    whole = movie.with_stem("film")
    join([movie], ["Waving"], whole, "Hi")
    return whole, scene.picture[..., :3]


def last_frame(file: Path) -> av.VideoFrame:
    with av.open(str(file)) as container:
        *_, frame = container.decode(video=0)
    return frame


def bands(picture: NDArray[Any]) -> NDArray[np.float64]:
    """Return the colour in the middle of each band, (bands, 3)."""
    height, width = picture.shape[:2]
    middles = [round(width * (0.5 + ((index + 0.5) / len(COLORS) - 0.5) * 16 / 14.2)) for index in range(len(COLORS))]
    return np.array([picture[height // 2, min(max(x, 3), width - 3), :3] for x in middles], float)


@pytest.mark.parametrize("lines", SIZES)
@pytest.mark.parametrize(
    ("form", "matrix", "transfer"),
    [("mp4", 6, ColorTrc.IEC61966_2_1), ("webm", 6, ColorTrc.IEC61966_2_1), ("mov", 1, ColorTrc.BT709)],
)
def test_a_film_has_the_colors_of_its_picture_and_says_which_they_are(
    form: str, matrix: int, transfer: ColorTrc, lines: int
) -> None:
    file, picture = film(form, lines)
    frame = last_frame(file)
    with av.open(str(file)) as container:
        for says in (frame, container.streams.video[0].codec_context):
            assert (says.colorspace, says.color_trc) == (matrix, transfer)
            assert (says.color_range, says.color_primaries) == (ColorRange.MPEG, ColorPrimaries.BT709)
    np.testing.assert_allclose(bands(frame.to_ndarray(format="rgb24")), bands(picture), atol=3)


@pytest.mark.browser
@pytest.mark.parametrize("lines", SIZES)
@pytest.mark.parametrize("form", ["mp4", "webm"])
def test_a_browser_shows_these_colors(form: str, lines: int, visit: Callable[..., Visit]) -> None:
    file, picture = film(form, lines)
    page = Path("page.html")
    page.write_text(f'<!doctype html><title>x</title><body style="margin:0"><video muted src="{file.name}"></video>')
    file.rename(page.with_name(file.name))
    visited = visit(page, width=picture.shape[1], height=picture.shape[0])
    visited.page.evaluate(
        """() => new Promise((done, failed) => {
            const video = document.querySelector("video");
            video.onerror = () => failed(video.error.message);
            video.onseeked = () => requestAnimationFrame(() => requestAnimationFrame(done));
            const seek = () => { video.currentTime = video.duration - 0.05; };
            video.readyState ? seek() : video.onloadedmetadata = seek;
        })"""
    )
    shot = Path("shown.png")
    visited.page.screenshot(path=shot)
    np.testing.assert_allclose(bands(np.asarray(Image.open(shot).convert("RGB"))), bands(picture), atol=3)


def test_a_gif_has_the_colors_of_the_picture() -> None:
    file, picture = film("gif", 480)
    gif = write_gif(file, Path("waving.gif"), None)
    np.testing.assert_allclose(bands(last_frame(gif).to_ndarray(format="rgb24")), bands(picture), atol=3)


def test_samples_have_the_colors_of_the_picture() -> None:
    file, picture = film("mp4", 480)
    sheet, gif = write_samples([file], Path())
    for each in (sheet, gif):
        with Image.open(each) as sample:
            np.testing.assert_allclose(bands(np.asarray(sample.convert("RGB"))), bands(picture), atol=3)
