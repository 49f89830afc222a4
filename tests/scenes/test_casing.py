"""What is drawn free in the transparent theme is seen on slides of any colour."""

from collections.abc import Iterator

import numpy as np
import pytest
from manim import tempconfig

from attention.settings import Settings
from scenes.drawing.camera import DrawingCamera
from scenes.drawing.casing import case_in, under_alpha
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.look.theme import EMBEDDING, QUERY, THEMES, WEIGHT, Rgb, luminance
from scenes.mobjects.formula import Formula
from scenes.mobjects.label import Label
from scenes.mobjects.ring import Ring
from scenes.places.layout import Region
from scenes.tokenization import Tokenization
from tests.scenes.played import QUIET

THEME = THEMES["transparent"]
GROUNDS: tuple[Rgb, ...] = ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (0.9, 0.85, 0.1))
FREE: list[DrawnMobject] = [
    Label("HI", THEME.text, 3),
    Label("HI", THEME.quiet, 3),
    Label("HI", THEME.ink(QUERY), 3),
    Label("HI", THEME.ink(WEIGHT), 3),
    Formula("H", THEME.ink(EMBEDDING), 4),
    Ring(Region(-3, -2, 3, 2), THEME.text, 0.3),
]


@pytest.fixture(autouse=True)
def _plain_afterwards() -> Iterator[None]:
    yield
    case_in(None)


def laid_over(mobject: DrawnMobject, ground: Rgb) -> np.ndarray:
    """Return the picture of a mobject over a slide, (height, width, 3), 0 to 1."""
    with tempconfig({**QUIET, "pixel_width": 640, "pixel_height": 360}):
        camera = DrawingCamera(background_color="#000000", background_opacity=0)
        camera.capture_mobjects([mobject])
        pixels = camera.pixel_array / 255
    over = pixels[..., :3] + (1 - pixels[..., 3:]) * np.array(ground)
    return np.clip(over, 0, 1)


def _tells(mobject: DrawnMobject, color: Rgb, ground: Rgb) -> float:
    """Return the least contrast of a colour with what is around it over a slide, beyond its soft edge."""
    own = np.abs(laid_over(mobject, GROUNDS[0]) - np.array(color)).max(axis=-1) < 0.02
    assert own.sum() > 50
    around = laid_over(mobject, ground)[_widened(own, 4) & ~_widened(own, 3)]
    light, dark = luminance(around) + 0.05, float(luminance(color)) + 0.05
    return float(np.maximum(light / dark, dark / light).min())


def _widened(places: np.ndarray, steps: int) -> np.ndarray:
    for _ in range(steps):
        shifted = [np.roll(places, (down, right), (0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
        places = np.logical_or.reduce(shifted)
    return places


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("mobject", FREE, ids=lambda one: type(one).__name__)
def test_texts_and_lines_stand_out_from_any_slide(mobject: DrawnMobject, ground: Rgb) -> None:
    case_in(THEME.background)
    color = mobject.parts[0][1] if isinstance(mobject, Label) else mobject.ink  # type: ignore[attr-defined]
    assert _tells(mobject, color, ground) >= 4.4


def test_without_casings_white_text_is_lost_on_white() -> None:
    assert _tells(FREE[0], THEME.text, GROUNDS[1]) < 1.3


def test_dimmed_texts_stand_on_solid_plates() -> None:
    assert under_alpha(0.4) == 0.4
    case_in(THEME.background)
    assert under_alpha(0.4) == 1
    assert under_alpha(0.1) == pytest.approx(0.25)


def test_a_clip_has_casings_only_where_it_is_transparent() -> None:
    for theme, expected in (("transparent", 1.0), ("dark", 0.4), ("light", 0.4)):
        with tempconfig({**QUIET, "dry_run": True}):
            Tokenization(settings=Settings(sentence="Hi", theme=theme))
        assert under_alpha(0.4) == expected
