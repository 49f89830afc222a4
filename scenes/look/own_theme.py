"""A theme of one's own: what is left out follows from what is there, and what cannot be told apart is noticed."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image

from attention import UserError
from attention.own_theme import OwnTheme, ThemeName
from scenes.look import fonts
from scenes.look.color_vision import SIGHTS, distance
from scenes.look.theme import HUES, THEMES, Rgb, Theme, contrast, mix, rgb

LEAST_TEXT, LEAST_SHAPE = 4.5, 1.4  # contrasts, WCAG 2.2
LEAST_DISTANCE = 5.0  # between two hues; see :func:`scenes.look.color_vision.distance`

_SURFACE = 0.1  # how far from the background toward the text chips are
_QUIET = 5.5  # contrast with the background of what is not talked about
_ZERO = 0.5  # how far from a dark background toward black an empty cell is
_BLACK, _WHITE = rgb("#000000"), rgb("#FFFFFF")
_NO_PICTURE = OSError, ValueError, SyntaxError, ElementTree.ParseError, Image.DecompressionBombError


def read_theme(chosen: ThemeName | OwnTheme) -> Theme:
    """Return the theme of that name, or one's own.

    Raises
    ------
    UserError
        If a family of fonts is not installed, or the logo is no picture.
    """
    if not isinstance(chosen, OwnTheme):
        return THEMES[chosen]
    own = {name: rgb(value) for name, value in chosen.model_dump().items() if str(value).startswith("#")}
    base = THEMES[chosen.base or _suiting(own.get("background", THEMES["dark"].background))]
    return Theme(
        **_grounds(own, base),
        hues={hue: own.get(hue.value, color) for hue, color in HUES.items()},
        transparent=base.transparent,
        font=_installed("font", chosen.font or fonts.TEXT),
        mono=_installed("mono", chosen.mono or fonts.MONO),
        logo=_picture(chosen.logo) if chosen.logo else None,
        corner=chosen.corner,
    )


def faults(theme: Theme) -> Iterator[str]:
    """Yield a line for each two colours of a theme that cannot be told apart; hues that are as by default pass."""
    texts = ("text", theme.text, "background"), ("quiet", theme.quiet, "background"), ("text", theme.text, "surface")
    shapes = [(hue.value, color, "background") for hue, color in theme.hues.items() if not theme.transparent]
    for least, pairs in ((LEAST_TEXT, texts), (LEAST_SHAPE, shapes)):
        for name, color, under in pairs:
            found = contrast(color, getattr(theme, under))
            if found < least:
                yield f"theme: {name} has a contrast of {found:.1f} with {under}, and needs {least}"
    for one, other in combinations(theme.hues, 2):
        colors = theme.color(one), theme.color(other)
        found, sight = min((distance(*colors, sight), sight) for sight in SIGHTS)
        if found < LEAST_DISTANCE and colors != (HUES[one], HUES[other]):
            yield (
                f"theme: {one.value} and {other.value} cannot be told apart with {sight}: they are {found:.1f} of "
                f"{LEAST_DISTANCE:g} from each other"
            )


def _suiting(background: Rgb) -> ThemeName:
    return "light" if contrast(background, _BLACK) > contrast(background, _WHITE) else "dark"


def _grounds(own: Mapping[str, Rgb], base: Theme) -> dict[str, Rgb]:
    """Return all colours but the hues: one's own, else the base's, or what suits another background or text."""
    background, text = own.get("background", base.background), own.get("text", base.text)
    if "text" not in own and contrast(text, background) < LEAST_TEXT:
        text = max(_BLACK, _WHITE, key=lambda color: contrast(color, background))
    made = {"background": background, "text": text, "surface": base.surface, "quiet": base.quiet, "zero": base.zero}
    if (background, text) != (base.background, base.text):
        shares = (share / 20 for share in range(10, 20))
        steps = (mix(background, text, share) for share in shares)
        made |= {
            "surface": mix(background, text, _SURFACE),
            "quiet": next((color for color in steps if contrast(color, background) >= _QUIET), text),
            "zero": background if _suiting(background) == "light" else mix(background, _BLACK, _ZERO),
        }
    return made | {name: own[name] for name in made.keys() & own.keys()}


def _installed(line: str, family: str) -> str:
    families = fonts.families()
    if family not in families:
        near = get_close_matches(family, families, n=1, cutoff=0.7)
        instead = f"choose another, such as {near[0]}" if near else "choose another"
        raise UserError(f"setting theme.{line}: no font {family!r} is installed: install it, or {instead}")
    return family


def _picture(file: Path) -> Path:
    try:
        if file.suffix.lower() == ".svg":
            if not ElementTree.parse(file).getroot().tag.endswith("svg"):
                raise ValueError
        else:
            with Image.open(file) as picture:
                picture.load()
    except _NO_PICTURE:
        raise UserError(f"setting theme.logo: {file} is no picture: give a PNG or an SVG") from None
    return file
