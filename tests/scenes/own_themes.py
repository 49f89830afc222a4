"""A company's theme, as a user may write one: a light one with all hues of its own, and a logo."""

from pathlib import Path
from typing import Any

from attention.own_theme import OwnTheme

COLORS = {
    "background": "#FBF7F0",
    "text": "#14213D",
    "embedding": "#56B4E9",
    "query": "#C99416",
    "key": "#0072B2",
    "value": "#994455",
    "score": "#D55E00",
    "weight": "#332288",
    "output": "#661100",
}
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 80">'
    '<path d="M0 80 L40 0 Q80 0 80 80 Z" fill="#D55E00"/>'
    '<circle cx="120" cy="40" r="36" fill="none" stroke="#0072B2" stroke-width="8"/></svg>'
)


def company(folder: Path, **more: Any) -> OwnTheme:
    """Return the theme, with its logo in ``folder``."""
    logo = folder / "logo.svg"
    logo.write_text(SVG)
    return OwnTheme(**COLORS, logo=logo, **more)
