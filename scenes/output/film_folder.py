"""The folder that holds what was made of a sentence with one set of settings."""

import logging
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from attention import UserError
from attention.files import beside
from attention.model_folder import find_model
from attention.own_theme import OwnTheme
from attention.settings import Settings, fields_about
from attention.slug import slug, tag
from scenes.drawing.unfinished import clear_away_what_killed_renders_left
from scenes.output.formats import Output
from scenes.output.manifest import Manifest

log = logging.getLogger(__name__)

CACHE = ".cache"  # beside the folders: what Manim keeps to render faster next time
_NOT_SEEN = "sentence", "other", "allow_pickle"  # in the words, or nowhere
_TAKEN = {"videos", "images", "texts", "tex", "samples"}  # Manim's own folders, and the samples


def film_folder(root: Path, sentence: str, settings: Settings, output: Output | None = None) -> Path:
    """Return the folder under ``root`` for ``sentence`` and what it is rendered with, and make it if there is none.

    Its name is the sentence's words, then all that is not as by default: ``the-cat-sat_light_1080p60``. A folder of
    that name that belongs to another sentence, or to something else, is left alone: the new one's name then ends in
    some digits.

    Raises
    ------
    UserError
        If the folder cannot be made.
    """
    variant = "".join(f"_{part}" for part in _not_by_default(settings, output))
    name = slug(sentence)
    try:
        clear_away_what_killed_renders_left(root / CACHE)
        for candidate in (name + variant, f"{name}-{tag(sentence)}{variant}"):
            if candidate not in _TAKEN and _belongs(root / candidate, sentence):
                return root / candidate
    except OSError as error:
        raise UserError(f"{root}: cannot be written to ({error.strerror}): choose another place or make room") from None
    raise UserError(f"{root / (name + variant)}: taken by other files: move them away")


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep other processes from rendering into ``folder`` meanwhile; waits for one that does.

    Raises
    ------
    UserError
        If the cache beside it cannot be written to.
    """
    lock = FileLock(folder.parent / CACHE / f"{folder.name}.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        log.warning("waiting for another render into %s", folder)
        lock.acquire()
    except OSError as error:
        raise UserError(f"{folder.parent / CACHE}: cannot be written to ({error.strerror}): move it away") from None
    try:
        yield
    finally:
        lock.release()


def _not_by_default(settings: Settings, output: Output | None) -> Iterator[str]:
    """Yield a few letters for each setting that changes what is seen and is not as by default."""
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        if value != field.default and name not in _NOT_SEEN and (name != "token" or settings.other is not None):
            yield _letters(name, value)
    if output and (output.size, output.fps, output.quality) != (None, None, Output().quality):
        yield output.resolution


def _letters(name: str, value: Any) -> str:
    """Return a few letters for a setting."""
    if name == "model":
        model = find_model(value)
        return f"{_short(model.path.resolve().name)}-{model.digest[:6]}"
    if isinstance(value, OwnTheme):
        return f"own-{value.digest[:6]}"
    if name == "words":
        return f"words-{_short(Path(value).stem)}"
    if name == "clips":
        return f"clips-{_listed(value)}"
    if isinstance(value, bool):
        return f"{'' if value else 'no-'}{name.replace('_', '-')}"
    if isinstance(value, float):
        return f"{name}-{value:g}"
    speaks = isinstance(value, str) and name not in fields_about("head")
    return _short(value.replace(":", "x")) if speaks else f"{name}-{value}"


def _listed(clips: str) -> str:
    """Return a list such as 3-6,10 in letters that names of folders have everywhere, each list in its own."""
    return re.sub(r"[^\w+-]", "", clips.replace("–", "-").replace(",", "+"))


def _short(text: str) -> str:
    return slug(text)[:20].strip("-")


def _belongs(folder: Path, sentence: str) -> bool:
    """Whether ``folder`` is this sentence's; a new one is made for it, whole at once."""
    if not folder.exists():
        new = beside(folder.parent / CACHE / f"{folder.name}.new")
        try:
            new.mkdir(parents=True)
            Manifest(sentence=sentence).write(new)
            new.rename(folder)
            return True
        except OSError:
            if not folder.exists():
                raise
        finally:
            shutil.rmtree(new, ignore_errors=True)
    return Manifest.read(folder).sentence == sentence
