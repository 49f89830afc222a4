"""SHA-256 of files that may be large: read in parts, and remembered for as long as the file is left alone."""

import hashlib
from functools import lru_cache
from pathlib import Path

from attention.cache import Kept
from attention.files import check_regular

_LARGE = 50_000_000  # bytes, from which on a digest is kept on disk: reading as much takes a twentieth of a second

_KEPT: Kept[str] = Kept("digests", str.encode, bytes.decode)


def file_digest(file: Path) -> str:
    """Return the SHA-256 of ``file`` in hexadecimal.

    One of a large file is computed once, and again when the file's size, place on the disk or a time of change differ.

    Raises
    ------
    OSError
        If the file cannot be read, or has no end.
    """
    check_regular(file)
    state = file.stat()
    seen = (state.st_size, state.st_dev, state.st_ino, state.st_mtime_ns, state.st_ctime_ns)
    return _digest(file, seen)


@lru_cache(maxsize=64)
def _digest(file: Path, seen: tuple[int, ...]) -> str:
    if seen[0] < _LARGE:
        return _read(file)
    return _KEPT.load_or_make([str(file), *map(str, seen)], lambda: _read(file))


def _read(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
