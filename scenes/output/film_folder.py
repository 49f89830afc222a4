"""The folder that holds what was made of a sentence with one set of settings."""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from attention import UserError
from attention.model_folder import TINY, find_model
from attention.settings import Settings
from attention.slug import slug, tag
from scenes.output.formats import Output
from scenes.output.manifest import Manifest

log = logging.getLogger(__name__)

CACHE = ".cache"  # beside the folders: what Manim keeps to render faster next time
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
    if settings.model != TINY:
        model = find_model(settings.model)
        yield f"{slug(model.path.resolve().name)[:20].strip('-')}-{model.digest[:6]}"
    if settings.layer:
        yield f"layer-{settings.layer}"
    if settings.head:
        yield f"head-{settings.head}"
    if settings.hide_special:
        yield "no-special"
    if settings.causal:
        yield "causal"
    if settings.other is not None and settings.token is not None:
        yield slug(settings.token)[:20].strip("-")
    by_default = Settings.model_fields
    if settings.theme != by_default["theme"].default:
        yield settings.theme
    if settings.frame != by_default["frame"].default:
        yield settings.frame.replace(":", "x")
    if output and (output.size, output.fps, output.quality) != (None, None, Output().quality):
        yield output.resolution


def _belongs(folder: Path, sentence: str) -> bool:
    """Whether ``folder`` is this sentence's; a new one is made for it, whole at once."""
    if not folder.exists():
        new = folder.parent / CACHE / f"{folder.name}.{os.getpid()}"
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
