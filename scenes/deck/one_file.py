"""Decks that are one file each: a page that holds all, PowerPoint's, a PDF."""

from collections.abc import Callable
from pathlib import Path

from manim_slides.config import PresentationConfig
from manim_slides.convert import PDF

from scenes.deck.page import write_whole_page
from scenes.deck.powerpoint import write_powerpoint


def _write_pdf(presentation: PresentationConfig, file: Path, _: str) -> None:
    PDF.model_validate({"presentation_configs": [presentation]}).convert_to(file)


WRITERS: dict[str, Callable[[PresentationConfig, Path, str], None]] = {
    ".html": write_whole_page,
    ".pptx": write_powerpoint,
    ".pdf": _write_pdf,
}
