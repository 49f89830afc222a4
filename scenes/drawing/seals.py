"""A seal beside each segment tells that it is whole, and that it was drawn by the code that draws now.

Manim names a segment after its animation and the arrays and texts of its mobjects, which does not tell how they paint,
nor in which language they print numbers.
"""

import hashlib
import secrets
import sys
from functools import cache, lru_cache
from pathlib import Path

import psutil

from scenes.drawing.sources import IMPORTED, ROOT, read_sources
from scenes.words import words_digest

_ENDING = ".sha256"
_PACKAGE = "scenes"
_OTHERS = {"commands", "deck", "output"}  # its rooms that draw nothing


def seal(written: Path, segment: Path) -> None:
    """Write the seal of ``segment``, whose content is in ``written``, before it gets its name."""
    segment.with_suffix(_ENDING).write_text(_digest(written), encoding="ascii")


def is_sealed(segment: Path) -> bool:
    """Return whether the file ``segment`` is as it was sealed, and the same code would draw it."""
    try:
        return segment.with_suffix(_ENDING).read_bytes() == _digest(segment).encode()
    except OSError:
        return False


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        drawn_by = _code(len(sys.modules)) + words_digest().encode()
        return hashlib.sha256(drawn_by + hashlib.file_digest(content, "sha256").digest()).hexdigest()


@lru_cache(maxsize=1)
def _code(modules: int) -> bytes:  # noqa: ARG001 - how many are loaded: it is computed anew when there are more
    """Return a digest of this package's code that draws, and of the modules of a user's own, as they were imported.

    Where that cannot be known, as a file has been changed meanwhile, it is like no other.
    """
    ours = _drawing(IMPORTED)
    installed = Path(sys.prefix), Path(sys.base_prefix), ROOT / _PACKAGE
    loaded = {Path(getattr(module, "__file__", None) or "") for module in list(sys.modules.values())}
    own = (file for file in loaded if file.suffix == ".py" and not any(map(file.is_relative_to, installed)))
    known = b"" if ours == _drawing(read_sources()) else secrets.token_bytes()
    parts = (*map(str.encode, ours), known, *(_as_imported(file) for file in sorted(own) if file.is_file()))
    return hashlib.sha256(b"".join(parts)).digest()


def _drawing(sources: dict[str, str]) -> list[str]:
    """Return the digests of the files that draw, of all files of this package."""
    places = {file: file.split("/")[:2] for file in sources}
    return [sources[file] for file, (package, room) in places.items() if package == _PACKAGE and room not in _OTHERS]


@cache
def _as_imported(file: Path) -> bytes:
    """Return what is in ``file``; something that no other has, if it was changed after this process began."""
    state = file.stat()
    began = psutil.Process().create_time() - 1  # systems tell to the second when they were started
    return secrets.token_bytes() if max(state.st_mtime, state.st_ctime) > began else file.read_bytes()
