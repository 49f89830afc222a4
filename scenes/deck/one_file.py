"""Decks that are one file each: a page that holds all, and PowerPoint's."""

from collections.abc import Callable
from pathlib import Path

from manim_slides.config import PresentationConfig

from scenes.deck.page import write_whole_page
from scenes.deck.powerpoint import write_powerpoint

WRITERS: dict[str, Callable[[PresentationConfig, Path, str], None]] = {
    ".html": write_whole_page,
    ".pptx": write_powerpoint,
}
