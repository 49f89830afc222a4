"""The folder a sentence's clips go to."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from attention import UserError
from attention.files import write_atomically
from attention.slug import slug, tag

log = logging.getLogger(__name__)

MANIFEST = "manifest.json"
CACHE = ".cache"  # beside the folders: what Manim keeps to render faster next time
POSTERS = "posters"  # in a folder: the picture that each clip rests on
DECK = "deck"  # in a folder: the slides of all clips, as deck.html and so on
SHEET = "heads.png"  # in a folder: the weights of all heads as one picture
_TAKEN = {"videos", "images", "texts", "tex", "samples"}  # Manim's own folders, and the samples


def film_folder(root: Path, sentence: str) -> Path:
    """Return ``sentence``'s folder under ``root``, and make it if there is none.

    A folder of that name that belongs to another sentence, or to something else, is left alone: the new one's name
    then ends in some digits.

    Raises
    ------
    UserError
        If the folder cannot be made.
    """
    name = slug(sentence)
    try:
        for candidate in (name, f"{name}-{tag(sentence)}"):
            folder = root / candidate
            if candidate not in _TAKEN and _belongs(folder, sentence):
                write_manifest(folder, {"sentence": sentence} | read_manifest(folder))
                return folder
    except OSError as error:
        raise UserError(f"{root}: cannot be written to ({error.strerror}): choose another place or make room") from None
    raise UserError(f"{root / name}: taken by other files: move them away")


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep other processes from rendering into ``folder`` meanwhile; waits for one that does."""
    lock = FileLock(folder.parent / CACHE / f"{folder.name}.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        log.warning("waiting for another render into %s", folder)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return what is noted about ``folder``; nothing, if there is no readable note."""
    try:
        noted = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def write_manifest(folder: Path, notes: dict[str, Any]) -> None:
    """Note something about ``folder``; an older note stays until the new one is whole."""
    write_atomically(folder / MANIFEST, (json.dumps(notes, ensure_ascii=False, indent=2) + "\n").encode())


def _belongs(folder: Path, sentence: str) -> bool:
    """Whether ``folder`` is this sentence's; a new one is made for it."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        return read_manifest(folder).get("sentence") == sentence
    return True
