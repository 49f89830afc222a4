"""Every colour, in one place: three themes, and the scales that turn a number into a colour."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attention.own_theme import Corner, ThemeName
from scenes.look.fonts import MONO, TEXT

Rgb = tuple[float, float, float]
Colors = NDArray[np.float64]  # (…, 3), red, green, blue from 0 to 1


def rgb(hexadecimal: str) -> Rgb:
    """Return ``"#FFB000"`` as three numbers from 0 to 1."""
    red, green, blue = (int(hexadecimal[k : k + 2], 16) / 255 for k in (1, 3, 5))
    return red, green, blue


class Hue(Enum):
    """What a tensor is known by in all clips; which colour that is, the theme says."""

    EMBEDDING = "embedding"
    QUERY = "query"
    KEY = "key"
    VALUE = "value"
    SCORE = "score"
    WEIGHT = "weight"
    OUTPUT = "output"


EMBEDDING, QUERY, KEY, VALUE, SCORE, WEIGHT, OUTPUT = Hue

# IBM's colour-blind safe palette, and two more of the same strength
HUES: Mapping[Hue, Rgb] = {
    EMBEDDING: rgb("#00B3A1"),
    QUERY: rgb("#FFB000"),
    KEY: rgb("#648FFF"),
    VALUE: rgb("#DC267F"),
    SCORE: rgb("#FE6100"),
    WEIGHT: rgb("#785EF0"),
    OUTPUT: rgb("#8FBF26"),
}


@dataclass(frozen=True)
class Theme:
    """The colours, typefaces and logo of a film."""

    background: Rgb
    surface: Rgb  # chips and the ground under cells
    text: Rgb
    quiet: Rgb  # text and lines that are not talked about; still 4.5 : 1 against the background
    zero: Rgb  # of the value scales: a cell that holds nothing
    hues: Mapping[Hue, Rgb]
    transparent: bool = False
    font: str = TEXT
    mono: str = MONO
    logo: Path | None = None
    corner: Corner = "top right"  # where the logo stands

    @property
    def plate(self) -> Rgb:
        """The ground under texts that lie on lines."""
        return self.surface if self.transparent else self.background

    def color(self, hue: Hue) -> Rgb:
        """Return the colour of a tensor's shapes."""
        return self.hues[hue]

    def ink(self, color: Hue | Rgb) -> Rgb:
        """Return ``color`` for text on the background, moved toward the text colour until it has 4.5 : 1."""
        return _readable(self.color(color) if isinstance(color, Hue) else color, self.text, self.background)


_DARK = Theme(
    background=rgb("#0E1116"),
    surface=rgb("#232933"),
    text=rgb("#F2F4F8"),
    quiet=rgb("#97A0AF"),
    zero=rgb("#000000"),
    hues=HUES,
)
THEMES: dict[ThemeName, Theme] = {
    "dark": _DARK,
    "light": Theme(
        background=rgb("#FFFFFF"),
        surface=rgb("#E4E8EF"),
        text=rgb("#14181F"),
        quiet=rgb("#5A6473"),
        zero=rgb("#FFFFFF"),
        hues=HUES,
    ),
    "transparent": replace(_DARK, transparent=True),
}


_PALEST = 0.55  # how far toward the text's colour the largest magnitudes go
_LARGE_SHARE = 0.3  # of attention, that has the full colour; few are larger


@dataclass(frozen=True)
class Scale:
    """Magnitudes to colours: from the theme's zero to its ``hue`` at ``limit``, the same for both signs, and beyond.

    Parameters
    ----------
    hue
        The tensor's.
    limit
        The magnitude that has the full colour; what lies beyond is drawn like it, unless there is a ``top``.
    theme
        Gives the colours.
    power
        Below 1, small magnitudes get more of the colour than their share.
    faintest
        The share of the colour that anything beyond a fiftieth of the largest has at least, so that it is told from 0.
    top
        The magnitude, beyond ``limit``, up to which the colour goes on, toward that of the theme's text.
    """

    hue: Hue
    limit: float
    theme: Theme
    power: float = 1.0
    faintest: float = 0.0
    top: float | None = None

    def __call__(self, values: NDArray[np.floating]) -> Colors:
        """Return the colours (…, 3) of ``values`` (…)."""
        magnitudes = np.abs(np.asarray(values, dtype=float))[..., None]
        size = np.clip(magnitudes / self.limit, 0, 1)
        base = self.faintest * np.sqrt(np.minimum(50 * magnitudes / (self.top or self.limit), 1))
        share = base + (1 - self.faintest) * size**self.power
        zero = np.asarray(self.theme.zero)
        colors = zero + share * (np.asarray(self.theme.color(self.hue)) - zero)
        if self.top is not None:
            beyond = np.clip((magnitudes - self.limit) / (self.top - self.limit), 0, 1) ** 0.8
            colors = colors + _PALEST * beyond * (np.asarray(self.theme.text) - colors)
        return np.asarray(colors)


def signed_scale(hue: Hue, values: NDArray[np.floating], theme: Theme) -> Scale:
    """Return a scale that reaches its colour at the largest magnitude of ``values``.

    Where a few are far beyond all others, as in the outputs of many models (Dettmers et al. 2022, "LLM.int8()"), it
    reaches it at twice the magnitude that 99 of 100 stay below, so that the others do not all look like zero.
    """
    magnitudes = np.abs(values)
    limit = min(float(np.nanmax(magnitudes)), 2 * float(np.nanquantile(magnitudes, 0.99)))
    limit = limit or float(np.nanmax(magnitudes)) or 1.0
    return Scale(hue, limit, theme, power=0.7, faintest=0.32)


def probability_scale(hue: Hue, theme: Theme) -> Scale:
    """Return a sequential scale for 0 to 1 that tells small shares from none, and large ones from those in between."""
    return Scale(hue, _LARGE_SHARE, theme, power=0.6, faintest=0.45, top=1.0)


def mix(first: Rgb, second: Rgb, share: float) -> Rgb:
    """Return the colour between two, ``share`` of the way from the first to the second."""
    red, green, blue = (a + share * (b - a) for a, b in zip(first, second, strict=True))
    return red, green, blue


@lru_cache
def _readable(color: Rgb, text: Rgb, background: Rgb) -> Rgb:
    """Return ``color``, moved toward ``text`` until it has 4.5 : 1 against ``background``."""
    for step in np.linspace(0, 1, 21):
        mixed = mix(color, text, float(step))
        if contrast(mixed, background) >= 4.5:
            return mixed
    return text


def luminance(colors: Colors | Rgb) -> NDArray[np.float64]:
    """Return the relative luminance of ``colors`` (…, 3), WCAG 2.2."""
    result: NDArray[np.float64] = linear(colors) @ np.array([0.2126, 0.7152, 0.0722])
    return result


def linear(colors: Colors | Rgb) -> Colors:
    """Return ``colors`` (…, 3) as amounts of light."""
    channels = np.asarray(colors, dtype=float)
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(first: Rgb, second: Rgb) -> float:
    """Return the contrast ratio of two colours, 1 to 21, WCAG 2.2."""
    darker, lighter = sorted((float(luminance(first)), float(luminance(second))))
    return (lighter + 0.05) / (darker + 0.05)
