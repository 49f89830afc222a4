"""The deck as a PDF: the last picture of each slide, as vectors with text that can be selected."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cairo

from attention.files import write_atomically
from attention.settings import Settings
from scenes.clips import Clip
from scenes.output.film_folder import CACHE
from scenes.output.formats import Output
from scenes.output.processes import OnBeat
from scenes.output.render_clip import played
from scenes.output.stills import draw_page
from scenes.words import _


def write_pdf(
    settings: Settings, clips: Sequence[Clip], output: Output, file: Path, title: str, on_beat: OnBeat
) -> None:
    """Play ``clips``, and write a page for each of their steps into ``file``; bookmarks lead to the clips.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    places = {"media_dir": str(file.parent.with_name(CACHE))}
    content = io.BytesIO()
    with cairo.PDFSurface(content, 1, 1) as surface:
        surface.set_metadata(cairo.PDFMetadata.TITLE, title)
        pages = 0

        def draw_slide(scene: Any) -> None:
            nonlocal pages
            _, start = scene.chapters[-1]
            if scene.time > start:  # else the sentence or model does not need that step
                pages += 1
                surface.set_size(*reversed(scene.renderer.camera.pixel_array.shape[:2]))
                draw_page(scene, surface)

        for clip in clips:
            first = pages + 1
            with played(clip, settings, output, places, draw_slide, lambda *beats, clip=clip: on_beat(clip, *beats)):
                surface.add_outline(cairo.PDF_OUTLINE_ROOT, _(clip.title), f"page={first}", cairo.PDFOutlineFlags.OPEN)
    write_atomically(file, content.getvalue())
