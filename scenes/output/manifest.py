"""What a sentence's folder holds: `manifest.json`, for programs and for the page."""

import logging
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Annotated, Any

import av
from PIL import Image
from pydantic import AfterValidator, BaseModel, ValidationError, ValidatorFunctionWrapHandler, field_validator

from attention import AttentionTrace
from attention.digests import file_digest
from attention.files import write_atomically
from attention.head_weights import HeadWeights
from attention.model_folder import find_model
from attention.settings import Settings
from scenes.clips import Clip
from scenes.words import _

log = logging.getLogger(__name__)

MANIFEST = "manifest.json"
POSTERS = "posters"  # in a folder: the picture that each clip rests on
DECK = "deck"  # in a folder: the slides of all clips, as deck.html and so on
SHEET = "heads.png"  # in a folder: the weights of all heads as one picture
_VERSIONS = ("self-attention-explainer", "manim", "torch", "av")
_SUBTITLES = {".srt", ".vtt"}
_STILLS = {".png", ".svg", ".pdf"}


def _inside(path: str) -> str:
    for form in (PurePosixPath(path), PureWindowsPath(path)):
        if form.is_absolute() or form.drive or ".." in form.parts:
            raise ValueError(f"{path!r} leads out of its folder")
    return path


Inside = Annotated[str, AfterValidator(_inside)]  # a path in a folder; files may have been changed by anyone


class UsedModel(BaseModel):
    """Which model a file was made with."""

    name: str
    digest: str


class Note(BaseModel):
    """What is known of a file: what it is, and what made it."""

    name: Inside  # its path in the folder
    kind: str
    clip: str  # empty for what is made of several
    title: str
    format: str
    width: int | None = None  # pixels
    height: int | None = None
    fps: float | None = None
    duration: float | None = None  # seconds
    bytes: int
    sha256: str
    model: UsedModel
    settings: dict[str, Any]
    versions: dict[str, str]


class Manifest(BaseModel):
    """Whose folder it is, and a note of each file that was made in it."""

    sentence: str | None = None
    files: list[Note] = []

    @field_validator("files", mode="wrap")
    @classmethod
    def _readable(cls, files: Any, read: ValidatorFunctionWrapHandler) -> Any:
        """Leave out notes that somebody has changed so that they are none."""
        kept = []
        for note in files if isinstance(files, list) else []:
            try:
                kept += read([note])
            except ValidationError:
                log.warning("a note in %s cannot be read and is left out", MANIFEST)
        return kept

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Return what is noted about ``folder``; nothing, if there is no readable note."""
        try:
            return cls.model_validate_json((folder / MANIFEST).read_bytes())
        except (OSError, ValidationError):
            return cls()

    def write(self, folder: Path) -> None:
        """Note it; an older note stays until the new one is whole.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        write_atomically(folder / MANIFEST, (self.model_dump_json(indent=2, exclude_none=True) + "\n").encode())


def note_files(
    folder: Path,
    made: Mapping[Clip | None, Sequence[Path]],
    trace: AttentionTrace | HeadWeights,
    settings: Settings,
    **rendered: Any,
) -> None:
    """Note in the manifest of ``folder`` what has been made last, and what made it.

    Files that were noted before and are still there stay noted.

    Parameters
    ----------
    made
        The files of each clip; those of all together under None.
    trace, settings, **rendered
        What they were made of; ``quality`` and the like, where they say more.

    Raises
    ------
    OSError, av.error.FFmpegError
        If a file cannot be read or the manifest cannot be written.
    """
    maker = {
        "model": {"name": trace.model, "digest": find_model(settings.model).digest},
        "settings": settings.model_dump(mode="json", exclude={"sentence", "model", "allow_pickle"}) | rendered,
        "versions": {name: version(name) for name in _VERSIONS},
    }
    new = [_note(folder, file, clip, maker) for clip, files in made.items() for file in files]
    names = {note.name for note in new}
    manifest = Manifest.read(folder)
    old = [note for note in manifest.files if note.name not in names and (folder / note.name).is_file()]
    manifest.files = sorted([*old, *new], key=lambda note: (not note.clip, note.name))
    manifest.write(folder)


def set_aside_edited_subtitles(folder: Path) -> None:
    """Rename subtitles that somebody has changed since they were made, so that new ones do not replace that work.

    Raises
    ------
    OSError
        If a file cannot be renamed.
    """
    for note in Manifest.read(folder).files:
        file = folder / note.name
        if note.kind == "subtitles" and file.is_file() and file_digest(file) != note.sha256:
            names = (file.with_name(f"{file.stem}.edited{count}{file.suffix}") for count in ("", *range(2, 1000)))
            kept = next(name for name in names if not name.exists())
            file.rename(kept)
            log.warning("%s was edited: kept as %s", file, kept.name)


def _note(folder: Path, file: Path, clip: Clip | None, maker: dict[str, Any]) -> Note:
    return Note(
        name=file.relative_to(folder).as_posix(),
        kind=_kind(file, clip),
        clip=clip.name if clip else "",
        title=_(clip.title) if clip else _("The whole film"),
        format=file.suffix.removeprefix("."),
        bytes=file.stat().st_size,
        sha256=file_digest(file),
        **_measures(file),
        **maker,
    )


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
        duration = (container.duration or 0) / av.time_base
        rate = float(stream.average_rate or 0)
        if file.suffix == ".gif":  # its rate is guessed from the first delay, of whole hundredths of a second
            rate = sum(packet.size > 0 for packet in container.demux(stream)) / duration
        return {
            "width": stream.width,
            "height": stream.height,
            "fps": round(rate, 3),
            "duration": round(duration, 3),
        }
