"""The deck as a web page, played by reveal.js, which lies beside it or in it: nothing is loaded from elsewhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from manim_slides.config import PresentationConfig
from manim_slides.convert import RevealJS

from attention.files import write_atomically, written_whole
from scenes.deck.slides import VIDEOS
from scenes.words import _, language

_TEMPLATE = Path(__file__).with_name("page.html")
_REVEAL = Path(__file__).with_name("reveal")  # version 6.0.2


class Page(RevealJS):
    """manim-slides' page, with a template that knows our slides and our words, and holds up without a network."""

    language: str
    gettext: Callable[[str], str]

    def load_template(self) -> str:
        """Return the template, with reveal.js in it or beside it."""
        template = _TEMPLATE.read_text(encoding="utf-8")
        for file in _REVEAL.iterdir():
            template = template.replace(f"<!-- {file.name} -->", self._included(file))
        return template

    def _included(self, file: Path) -> str:
        script = file.suffix == ".js"
        if self.one_file:
            content = "{% raw %}" + file.read_text(encoding="utf-8") + "{% endraw %}"
            return f"<script>{content}</script>" if script else f"<style>{content}</style>"
        link = f"{Path(self.assets_dir).parent}/{_REVEAL.name}/{file.name}"
        return f'<script src="{link}"></script>' if script else f'<link rel="stylesheet" href="{link}">'


def write_deck_page(presentation: PresentationConfig, page: Path, title: str) -> None:
    """Write ``page``, whose videos are in the folder of its name, and reveal.js into that folder.

    Raises
    ------
    OSError
        If that cannot be written.
    """
    for file in _REVEAL.iterdir():
        write_atomically(page.with_suffix("") / _REVEAL.name / file.name, file.read_bytes())
    with written_whole(page) as unfinished:
        _convert(presentation, unfinished, title, assets_dir=f"{page.stem}/{VIDEOS}")


def write_whole_page(presentation: PresentationConfig, page: Path, title: str) -> None:
    """Write ``page`` with all that it needs in it.

    Raises
    ------
    OSError
        If that cannot be written.
    """
    _convert(presentation, page, title, one_file=True)


def _convert(presentation: PresentationConfig, page: Path, title: str, **options: Any) -> None:
    width, height = presentation.resolution
    named = {"presentation_configs": [presentation], "title": title, "width": width, "height": height}
    spoken = {"language": language(), "gettext": _}
    Page.model_validate(named | spoken | options).convert_to(page)
