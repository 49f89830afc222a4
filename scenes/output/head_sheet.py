"""The contact sheet of all heads of a model: `heads.png`."""

import io
import math
from collections.abc import Sequence
from functools import reduce
from pathlib import Path

import cairo
import numpy as np
from av.error import FFmpegError
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from attention import UserError
from attention.files import write_atomically
from attention.settings import FrameName, Settings
from attention.surveying import HeadSurvey
from scenes.clips import find_clip
from scenes.content.habits import PLAIN, captions, counted, habit_names, name_of
from scenes.drawing.alpha import straight_alpha
from scenes.drawing.cairo_context import Context, set_color
from scenes.drawing.canvas import Pixels
from scenes.drawing.casing import case_in
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.text_fitting import break_lines, shorten
from scenes.look import fonts
from scenes.look.own_theme import read_theme
from scenes.look.theme import Theme
from scenes.mobjects.head_maps import HeadMaps
from scenes.mobjects.label import Label
from scenes.mobjects.logo import Logo
from scenes.output.film_folder import alone_in, film_folder
from scenes.output.manifest import SHEET, note_files
from scenes.output.page import write_page
from scenes.output.reasons import reason
from scenes.places.head_places import HeadGrid, grid_of_all
from scenes.places.layout import ASPECTS, Region, visible_slots
from scenes.words import NN_, _, ngettext, speak

EM = 20  # pixels; all lengths here are in em

_SHORT_SIDE = 48.0  # of the picture, at least
_MARGIN = 2.0
_TITLE, _LINE = 1.7, 1.0  # sizes of text
_HEADER, _FOOTER = 6.0, 2.6
_SMALLEST, _LARGEST = 4.6, 30.0  # side of a matrix
_LOGO, _WIDEST_LOGO = 2.6, 10.0  # height, and width at most
_CELL = 3 / EM  # side of a cell, at least
_MOST_TOKENS = 64  # of longer sentences the first and last ones are shown


def render_sheet(survey: HeadSurvey, settings: Settings, root: Path) -> Path:
    """Draw the sheet into the sentence's folder under ``root``, list it there, and return it.

    Raises
    ------
    UserError
        If a file cannot be written; an older sheet stays.
    """
    folder = film_folder(root, survey.weights.sentence, settings)
    with alone_in(folder):
        try:
            sheet = write_sheet(survey, settings, folder / SHEET)
            note_files(folder, {find_clip("HeadGallery"): [sheet]}, survey.weights, settings)
            write_page(folder)
        except (OSError, FFmpegError) as error:
            raise UserError(f"{folder / SHEET} was not drawn: {reason(error)}") from None
    return sheet


def write_sheet(survey: HeadSurvey, settings: Settings, file: Path) -> Path:
    """Draw the sheet into ``file``, in theme and language of ``settings``.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    speak(settings)
    theme = read_theme(settings.theme)
    parts, size = lay_out(survey, settings)
    picture = Image.fromarray(straight_alpha(_draw(parts, size, theme)), "RGBA")
    content = io.BytesIO()
    (picture if theme.transparent else picture.convert("RGB")).save(content, format="PNG", pnginfo=_texts(survey))
    write_atomically(file, content.getvalue())
    return file


def lay_out(survey: HeadSurvey, settings: Settings) -> tuple[list[DrawnMobject], tuple[float, float]]:
    """Return what the sheet shows, and its width and height; the origin is its upper left corner, y upward.

    It has the shape of the frame of ``settings`` and is as large as the matrices need to be read.
    """
    theme = read_theme(settings.theme)
    fonts.choose(theme.font, theme.mono)
    slots = visible_slots(len(survey.weights.special), _MOST_TOKENS)
    (width, height), grid = _arrange(survey, settings.frame, max(_SMALLEST, _CELL * len(slots)))
    page = Region(_MARGIN, _MARGIN - height, width - _MARGIN, -_MARGIN)
    header, rest = page.cut_top(_HEADER)
    footer, middle = rest.cut_bottom(_FOOTER)
    maps = HeadMaps(survey.weights, grid, 1.0, theme, slots=slots, plain={*map(name_of, PLAIN)})
    maps.move_to((*middle.center, 0))
    logo, header, footer = _logo(theme, header, footer)
    return [maps, *logo, *_header(survey, header, theme), *_legend(survey, footer, theme)], (width, height)


def _arrange(survey: HeadSurvey, frame: FrameName, smallest: float) -> tuple[tuple[float, float], HeadGrid]:
    """Return the picture's size and the grid in it, layers in rows or columns, whichever has larger matrices."""
    across, down = (_SHORT_SIDE * side / min(ASPECTS[frame]) for side in ASPECTS[frame])
    around = 2 * _MARGIN, 2 * _MARGIN + _HEADER + _FOOTER
    layers, heads = survey.names.shape
    grids = [grid_of_all(layers, heads, captions(survey), turned=turned) for turned in (False, True)]
    grown = 1.0
    while True:
        size = across * grown, down * grown
        fitted = [grid.fitted(size[0] - around[0], size[1] - around[1]) for grid in grids]
        best = max(fitted, key=lambda grid: grid.side)
        if best.side >= smallest:
            return size, best.limited(_LARGEST)
        grown *= 1.05


def _logo(theme: Theme, header: Region, footer: Region) -> tuple[list[Logo], Region, Region]:
    """Return the logo in its corner, and what it leaves of header and footer."""
    if theme.logo is None:
        return [], header, footer
    logo = Logo(theme.logo)
    edge, side = theme.corner.split()
    row = header if edge == "top" else footer
    height = min(_LOGO, _WIDEST_LOGO / logo.ratio)
    place, rest = row.cut_left(height * logo.ratio, _MARGIN)
    place = place.cut_top(height)[0] if edge == "top" else place.cut_bottom(height)[0]
    if side == "right":
        place, rest = row.mirrored(place), row.mirrored(rest)
    logo.points = place.corners
    return [logo], *((rest, footer) if edge == "top" else (header, rest))


def _header(survey: HeadSurvey, region: Region, theme: Theme) -> list[DrawnMobject]:
    layers, heads = survey.names.shape
    what = " ".join(
        [
            _without(_size(survey.weights.model, layers, heads), survey.weights.left_out),
            _("A row is an attending token; more colour is more attention."),
            _("What a head does is measured on {number} sentences.", number=survey.on_set.sentences),
        ]
    )
    lines = [Label(shorten(survey.weights.sentence, region.width / _TITLE), theme.text, _TITLE)]
    lines += [Label(line, theme.quiet, _LINE) for line in break_lines(what, region.width / _LINE)]
    top = region.top
    for line in lines:
        line.move_to((region.left + line.width / 2, top - line.height / 2, 0))
        top -= line.height
    return list(lines)


def _legend(survey: HeadSurvey, region: Region, theme: Theme) -> list[DrawnMobject]:
    called, labels = habit_names(survey), []
    left = region.left
    for name, fact in counted(survey).items():
        color = theme.quiet if called[name] in PLAIN else theme.text
        label = Label([(name_of(called[name]), color), (fact, theme.quiet)], theme.text, _LINE)
        label.move_to((left + label.width / 2, region.bottom + label.height / 2, 0))
        left += label.width + 1.5
        labels.append(label)
    return list(labels)


def _size(model: str, layers: int, heads: int) -> str:
    """Return how many layers and heads a model has."""
    if layers == 1:
        said = ngettext("{model}: 1 layer with {heads} head", "{model}: 1 layer with {heads} heads", heads)
    else:
        one, many = NN_(
            "{model}: {layers} layers with {heads} head each", "{model}: {layers} layers with {heads} heads each"
        )
        said = ngettext(one, many, heads)
    return said.format(model=model, layers=layers, heads=heads)


def _without(size: str, left_out: Sequence[str]) -> str:
    """Return the size of a model as a sentence, with the special tokens that are left out."""
    if not left_out:
        # Translators: such as "tiny: 1 layer with 1 head"
        return _("{model_and_size}.", model_and_size=size)
    tokens = reduce(lambda first, last: _("{first} and {last}", first=first, last=last), left_out)
    # Translators: such as "tiny: 1 layer with 1 head, without [CLS] and [SEP]"
    return _("{model_and_size}, without {tokens}.", model_and_size=size, tokens=tokens)


def _draw(parts: Sequence[DrawnMobject], size: tuple[float, float], theme: Theme) -> Pixels:
    width, height = (math.ceil(side * EM) for side in size)
    pixels = np.zeros((height, width, 4), dtype=np.uint8)
    context: Context = cairo.Context(
        cairo.ImageSurface.create_for_data(pixels.data, cairo.FORMAT_ARGB32, width, height)
    )
    if not theme.transparent:
        set_color(context, theme.background)
        context.paint()
    context.scale(EM, -EM)
    case_in(theme.background if theme.transparent else None)
    for part in parts:
        part.draw(context)
    return pixels


def _texts(survey: HeadSurvey) -> PngInfo:
    texts = PngInfo()
    texts.add_itxt("Title", _(find_clip("HeadGallery").title))
    texts.add_itxt("Description", survey.weights.sentence)
    return texts
