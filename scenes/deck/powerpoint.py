"""The deck for PowerPoint and its like: each slide a video that plays by itself, its captions in the notes."""

from pathlib import Path

from manim_slides.config import PresentationConfig
from manim_slides.convert import PowerPoint
from pptx import Presentation
from pptx.dml.color import RGBColor


def write_powerpoint(presentation: PresentationConfig, file: Path, title: str) -> None:
    """Write ``file``, with a title, and what each video shows as its alternative text.

    Raises
    ------
    OSError
        If that cannot be written.
    """
    PowerPoint.model_validate({"presentation_configs": [presentation]}).convert_to(file)
    deck = Presentation(str(file))
    deck.core_properties.title = title
    deck.core_properties.author = deck.core_properties.last_modified_by = ""
    background = RGBColor(*presentation.background_color.as_rgb_tuple(alpha=False))  # type: ignore[no-untyped-call]
    for slide, shown in zip(deck.slides, presentation.slides, strict=True):
        name, *captions = shown.notes.split("\n")
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = background
        (video,) = slide.shapes
        video.name = name
        video._element._nvXxPr.cNvPr.set("descr", " ".join(captions))
    deck.save(str(file))
