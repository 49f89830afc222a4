"""The still a clip rests on at its end, as a picture or as vectors with text that can be selected."""

import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import cairo
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from attention.files import write_atomically
from scenes.drawing.alpha import straight_alpha
from scenes.drawing.cairo_context import Context, set_color, true_order
from scenes.drawing.marks import Mark, noting
from scenes.look import fonts
from scenes.output.plain_text import plain_text

_BARELY = 0.004  # the least alpha that cairo does not leave out of a PDF; not to be seen


def write_still(scene: Any, file: Path, title: str) -> Path:
    """Write what ``scene``, which has been played, shows now into ``file``, whose ending says how.

    Title and sentence go with it.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    draw = {".png": _png, ".svg": _svg, ".pdf": _pdf}[file.suffix]
    write_atomically(file, draw(scene, title))
    return file


def _png(scene: Any, title: str) -> bytes:
    scene.renderer.update_frame(scene)
    picture = Image.fromarray(straight_alpha(scene.renderer.get_frame()), "RGBA")
    texts = PngInfo()
    texts.add_itxt("Title", title)
    texts.add_itxt("Description", scene.subject)
    buffer = io.BytesIO()
    (picture if scene.theme.transparent else picture.convert("RGB")).save(buffer, format="PNG", pnginfo=texts)
    return buffer.getvalue()


def _svg(scene: Any, title: str) -> bytes:
    buffer = io.BytesIO()
    with cairo.SVGSurface(buffer, *_size(scene)) as surface:
        surface.set_document_unit(cairo.SVGUnit.PX)
        texts = _draw(scene, cairo.Context(surface))
    drawn, end, rest = buffer.getvalue().decode().rpartition("</svg>")
    about = f"<title>{escape(title)}</title>\n<desc>{escape(plain_text(scene.subject))}</desc>\n"
    opened = drawn.index(">", drawn.index("<svg")) + 1  # a title counts only as the first thing inside
    return "".join([drawn[:opened], "\n", about, drawn[opened:], *map(_svg_text, texts), end, rest]).encode()


def _svg_text(mark: Mark) -> str:
    left, bottom, width, angle = _line(mark)
    return (
        f'<text opacity="0" font-family="{fonts.family(fonts.TEXT)}" font-size="{mark.size:.2f}" '
        f'textLength="{width:.2f}" lengthAdjust="spacingAndGlyphs" transform="translate({left:.2f} {bottom:.2f}) '
        f'rotate({math.degrees(angle):.2f})">{escape(plain_text(mark.text))}</text>\n'
    )


def _pdf(scene: Any, title: str) -> bytes:
    buffer = io.BytesIO()
    with cairo.PDFSurface(buffer, *_size(scene)) as surface:
        surface.set_metadata(cairo.PDFMetadata.TITLE, title)
        surface.set_metadata(cairo.PDFMetadata.SUBJECT, plain_text(scene.subject))
        draw_page(scene, surface)
    return buffer.getvalue()


def draw_page(scene: Any, surface: cairo.PDFSurface) -> None:
    """Draw what ``scene`` shows as the next page of a PDF, with text that can be selected."""
    context: Context = cairo.Context(surface)
    texts = _draw(scene, context)
    context.identity_matrix()
    context.select_font_face(fonts.family(fonts.TEXT))
    context.set_source_rgba(0.5, 0.5, 0.5, _BARELY)
    for mark in texts:
        left, bottom, width, angle = _line(mark)
        text = plain_text(mark.text)
        context.set_font_size(mark.size)
        own_width = context.text_extents(text).x_advance
        if not own_width or not width:
            continue  # without ink there is nothing to select
        context.save()
        context.translate(left, bottom)
        context.rotate(angle)
        context.scale(width / own_width, 1)
        context.move_to(0, 0)  # the end of the text before is the current point
        context.show_text(text)
        context.restore()
    context.show_page()


def _size(scene: Any) -> tuple[int, int]:
    height, width = scene.renderer.camera.pixel_array.shape[:2]
    return width, height


def _draw(scene: Any, context: Context) -> Sequence[Mark]:
    """Draw all of ``scene`` into ``context``, and return the texts in it."""
    camera = scene.renderer.camera
    with true_order(), noting() as marks:
        if not scene.theme.transparent:
            set_color(context, scene.theme.background)
            context.paint()
        context.set_matrix(camera.get_cairo_context(camera.pixel_array).get_matrix())
        for mobject in camera.get_mobjects_to_display(scene.mobjects):
            mobject.draw(context)
    return [mark for mark in marks if mark.kind == "text"]


def _line(mark: Mark) -> tuple[float, float, float, float]:
    """Return where a text begins at its lower edge, its width, and the angle it is turned by."""
    (left, top), (right, end), _, (x, y) = mark.points.tolist()
    return x, y, math.hypot(right - left, end - top), math.atan2(end - top, right - left)
