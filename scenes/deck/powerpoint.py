"""The deck for PowerPoint and its like: each slide a video that plays by itself, its captions in the notes.

A slide's title stands above it, where nobody sees it but outlines and screen readers find it.
"""

from pathlib import Path
from typing import Any

from manim_slides.config import PresentationConfig
from manim_slides.convert import PowerPoint
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.util import Inches

_TITLE_WIDTH, _TITLE_HEIGHT = Inches(8), Inches(1)


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
        _give_title(slide, name, deck.slide_layouts.get_by_name("Title Only"))
        video.name = name
        video._element._nvXxPr.cNvPr.set("descr", " ".join(captions))
    deck.save(str(file))


def _give_title(slide: Any, text: str, layout: Any) -> None:
    (relation,) = (each for each in slide.part.rels.values() if each.reltype == RELATIONSHIP_TYPE.SLIDE_LAYOUT)
    relation._target = layout.part  # manim-slides takes the blank layout, which has no place for a title
    slide.shapes.clone_layout_placeholders(layout)
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = 0, -_TITLE_HEIGHT, _TITLE_WIDTH, _TITLE_HEIGHT
    title.text = text
    slide.shapes._spTree.insert(2, title._element)  # read first
