"""`index.html`: a sentence's film and clips on a page for an audience; it opens from disk, without a network."""

from functools import reduce
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import ByteSize

from attention.files import write_atomically
from scenes.clips import CLIPS, find_clip
from scenes.drawing.subtitles import read_subtitles
from scenes.output.manifest import Manifest, Note
from scenes.words import _, language, language_name, localized, pgettext

PAGE = "index.html"
_PLAYED = "mp4", "webm"  # what browsers play, best first
_SHOWN = "gif", "png", "svg"  # what they show as a picture
_FILMS_POSTER = find_clip("Relationships").name  # the sentence, and what attention is: it tells most of the film
_ABOUT = {clip.name: clip.about for clip in CLIPS}


def write_page(folder: Path) -> Path:
    """Write ``index.html`` into ``folder``, with what its manifest lists, in the language that is spoken; return it.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    manifest = Manifest.read(folder)
    files = manifest.files
    names = dict.fromkeys(file.clip for file in files if file.clip)
    clips = [_exhibit(folder, [file for file in files if file.clip == name]) for name in names]
    whole = [file for file in files if not file.clip]
    film = _exhibit(folder, [file for file in whole if file.kind != "deck"])
    if film:
        posters = {clip["id"]: clip["poster"] for clip in clips if clip["poster"]}
        film["poster"] = posters.get(_FILMS_POSTER) or next(iter(posters.values()), None)
    environment = Environment(
        loader=PackageLoader("scenes.output", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"_": _, "pgettext": pgettext, "language": language(), "language_name": language_name()}
    html = environment.get_template("index.html.j2").render(
        sentence=manifest.sentence,
        models=_either(list(dict.fromkeys(file.model.name for file in files))),
        film=film,
        clips=clips,
        decks=[file for file in whole if file.kind == "deck"],
        files=[_listed(file) for file in files if file.kind != "poster"],
    )
    page = folder / PAGE
    write_atomically(page, html.encode())
    return page


def _exhibit(folder: Path, files: list[Note]) -> dict[str, Any]:
    """Return what the page shows of one clip, or of the film; nothing, if there is no file of it."""
    by_format = {file.format: file for file in files if file.kind != "poster"}
    main = next((by_format[form] for form in (*_PLAYED, *_SHOWN) if form in by_format), None)
    poster = next((file.name for file in files if file.kind == "poster"), None)
    cues = read_subtitles(folder / main.name) if main and main.format in _PLAYED else []
    if not files:
        return {}
    return {
        "id": files[0].clip or "film",
        "title": files[0].title,
        "about": _(_ABOUT[name]) if (name := files[0].clip) in _ABOUT else "",
        "main": main,
        "plays": main is not None and main.format in _PLAYED,
        "poster": poster,
        "cues": [
            {"start": cue.start.total_seconds(), "end": cue.end.total_seconds(), "text": cue.content} for cue in cues
        ],
    }


def _either(names: list[str]) -> str:
    return reduce(lambda first, last: _("{first} or {last}", first=first, last=last), names) if names else ""


def _listed(file: Note) -> dict[str, str]:
    """Return what the page says of a file: its name, what it shows, how large it is, and what made it."""
    measures = [
        f"{file.width}×{file.height}" if file.width else "",
        _("{number} frames a second", number=localized(f"{file.fps:g}")) if file.fps else "",
        _("{number} s", number=round(file.duration)) if file.duration else "",
        localized(ByteSize(file.bytes).human_readable(decimal=True)),
    ]
    chosen = file.settings
    made_by = [
        _("model {name}", name=file.model.name),
        _("layer {layer}, head {head}", layer=chosen.get("layer"), head=chosen.get("head")),
        _("special tokens left out") if chosen.get("hide_special") else "",
        f"{chosen.get('theme')} {chosen.get('frame')}",
    ]
    return {
        "name": file.name,
        "title": file.title,
        "measures": ", ".join(filter(None, measures)),
        "made_by": ", ".join(filter(None, made_by)),
    }
