"""The deck as a web page, played by reveal.js, which lies beside it or in it: nothing is loaded from elsewhere."""

from pathlib import Path

from manim_slides.config import PresentationConfig
from manim_slides.convert import RevealJS

from attention.attention_trace import write_atomically
from scenes.deck.slides import FOLDER, VIDEOS
from scenes.drawing.unfinished import beside

_TEMPLATE = Path(__file__).with_name("page.html")
_REVEAL = Path(__file__).with_name("reveal")  # version 6.0.2


class Page(RevealJS):
    """manim-slides' page, with a template that knows our slides and holds up without a network."""

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
        link = f"{FOLDER}/{_REVEAL.name}/{file.name}"
        return f'<script src="{link}"></script>' if script else f'<link rel="stylesheet" href="{link}">'


def write_page(presentation: PresentationConfig, page: Path, title: str, one_file: bool) -> None:
    """Write ``page``, and reveal.js beside it unless all shall be in ``one_file``.

    Raises
    ------
    OSError
        If that cannot be written.
    """
    if not one_file:
        for file in _REVEAL.iterdir():
            write_atomically(page.parent / FOLDER / _REVEAL.name / file.name, file.read_bytes())
    width, height = presentation.resolution
    options = {
        "presentation_configs": [presentation],
        "assets_dir": f"{FOLDER}/{VIDEOS}",
        "width": width,
        "height": height,
        "title": title,
        "one_file": one_file,
    }
    unfinished = beside(page)
    try:
        Page.model_validate(options).convert_to(unfinished)
        unfinished.replace(page)
    finally:
        unfinished.unlink(missing_ok=True)
