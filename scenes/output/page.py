"""`index.html`: a sentence's clips on a page that opens from disk, with no server and no network."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from attention.files import write_atomically
from scenes.drawing.subtitles import read_subtitles
from scenes.output.manifest import Manifest, Note

PAGE = "index.html"
_PLAYED = "mp4", "webm"  # what browsers play, best first
_SHOWN = "gif", "png", "svg"  # what they show as a picture


def write_page(folder: Path) -> Path:
    """Write ``index.html`` into ``folder``, with what its manifest lists, and return it.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    manifest = Manifest.read(folder)
    files = manifest.files
    names = dict.fromkeys(file.clip for file in files if file.clip)
    film = [file for file in files if file.kind in ("film", "subtitles") and not file.clip]
    clips = [_exhibit(folder, [file for file in files if file.clip == name]) for name in names]
    environment = Environment(
        loader=PackageLoader("scenes.output", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    html = environment.get_template("index.html.j2").render(
        sentence=manifest.sentence,
        model=files[0].model["name"],
        film=_exhibit(folder, film) | {"poster": clips[-1]["poster"]} if film else None,
        clips=clips,
        decks=[file for file in files if file.kind == "deck"],
    )
    page = folder / PAGE
    write_atomically(page, html.encode())
    return page


def _exhibit(folder: Path, files: list[Note]) -> dict[str, Any]:
    """Return what the page shows of one clip, or of the film: all of it, and the one file that browsers show best."""
    by_format = {file.format: file for file in files if file.kind != "poster"}
    main = next((by_format[form] for form in (*_PLAYED, *_SHOWN) if form in by_format), None)
    poster = next((file.name for file in files if file.kind == "poster"), None)
    cues = read_subtitles(folder / main.name) if main and main.format in _PLAYED else []
    return {
        "id": files[0].clip or "film",
        "title": files[0].title,
        "main": main,
        "plays": main is not None and main.format in _PLAYED,
        "poster": poster,
        "files": [file for file in files if file.kind != "poster"],
        "cues": [
            {"start": cue.start.total_seconds(), "end": cue.end.total_seconds(), "text": cue.content} for cue in cues
        ],
    }
