"""What a sentence's folder holds: `manifest.json`, for programs and for the page."""

import hashlib
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import av
from PIL import Image

from attention import AttentionTrace
from attention.head_weights import HeadWeights
from attention.model_folder import find_model
from attention.settings import Settings
from scenes.output.clips import Clip
from scenes.output.film_folder import DECK, POSTERS, SHEET, read_manifest, write_manifest
from scenes.output.formats import Quality

_VERSIONS = ("self-attention-explainer", "manim", "torch", "av")
_SUBTITLES = {".srt", ".vtt"}
_STILLS = {".png", ".svg", ".pdf"}


def note_files(
    folder: Path,
    made: Mapping[Clip | None, Sequence[Path]],
    trace: AttentionTrace | HeadWeights,
    settings: Settings,
    quality: Quality | None = None,
) -> None:
    """Note in the manifest of ``folder`` what has been rendered last, and each file with what it is.

    Files that were noted before and are still there stay noted.

    Parameters
    ----------
    made
        The files of each clip; those of all together under None.
    trace, settings, quality
        What they were made of; pictures have no quality.

    Raises
    ------
    OSError, av.error.FFmpegError
        If a file cannot be read or the manifest cannot be written.
    """
    chosen = settings.model_dump(mode="json", exclude={"sentence", "model"})
    new = [_entry(folder, file, clip, chosen) for clip, files in made.items() for file in files]
    names = {entry["name"] for entry in new}
    old = [entry for entry in _entries(folder) if entry["name"] not in names and (folder / entry["name"]).is_file()]
    write_manifest(
        folder,
        {
            "sentence": read_manifest(folder)["sentence"],
            "model": {"name": trace.model, "digest": find_model(settings.model).digest},
            "settings": chosen | ({"quality": quality} if quality else {}),
            "versions": {name: version(name) for name in _VERSIONS},
            "files": sorted([*old, *new], key=lambda entry: (not entry["clip"], entry["name"])),
        },
    )


def _entries(folder: Path) -> list[dict[str, Any]]:
    files = read_manifest(folder).get("files", [])
    return [entry for entry in files if isinstance(entry, dict) and isinstance(entry.get("name"), str)]


def _entry(folder: Path, file: Path, clip: Clip | None, chosen: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": file.relative_to(folder).as_posix(),
        "kind": _kind(file, clip),
        "clip": clip.name if clip else "",
        "title": clip.title if clip else "The whole film",
        "format": file.suffix.removeprefix("."),
        "settings": chosen,
        **_measures(file),
        "bytes": file.stat().st_size,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }


def _kind(file: Path, clip: Clip | None) -> str:
    if file.stem == DECK:
        return "deck"
    if file.name == SHEET:
        return "sheet"
    if file.parent.name == POSTERS:
        return "poster"
    if file.suffix in _SUBTITLES:
        return "subtitles"
    if file.suffix in _STILLS:
        return "still"
    return "clip" if clip else "film"


def _measures(file: Path) -> dict[str, Any]:
    """Return width and height in pixels of what has pixels, and of what moves frames per second and seconds."""
    if file.suffix == ".png":
        with Image.open(file) as picture:
            return {"width": picture.width, "height": picture.height}
    if file.suffix in _SUBTITLES | _STILLS or file.stem == DECK:
        return {}
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        return {
            "width": stream.width,
            "height": stream.height,
            "fps": round(float(stream.average_rate or 0), 3),
            "duration": round((container.duration or 0) / av.time_base, 3),
        }
