"""SHA-256 of files that may be large: read in parts, and remembered for as long as the file is left alone."""

import hashlib
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from attention.attention_trace import write_atomically
from attention.cache import cache_folder

_LARGE = 50_000_000  # bytes, from which on a digest is kept on disk: reading as much takes a twentieth of a second


def file_digest(file: Path) -> str:
    """Return the SHA-256 of ``file`` in hexadecimal.

    One of a large file is computed once, and again when the file's size, place on the disk or a time of change differ.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    state = file.stat()
    seen = (state.st_size, state.st_dev, state.st_ino, state.st_mtime_ns, state.st_ctime_ns)
    return _digest(file, seen)


@lru_cache(maxsize=64)
def _digest(file: Path, seen: tuple[int, ...]) -> str:
    if seen[0] < _LARGE:
        return _read(file)
    kept = cache_folder() / "digests" / hashlib.sha256(repr((str(file), seen)).encode()).hexdigest()[:32]
    with suppress(OSError, ValueError):
        known = kept.read_text(encoding="ascii")
        if len(bytes.fromhex(known)) == hashlib.sha256().digest_size:
            return known
    digest = _read(file)
    with suppress(OSError):  # it is computed again the next time
        write_atomically(kept, digest.encode("ascii"))
    return digest


def _read(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
