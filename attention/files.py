"""Files: written whole or not at all, and read only where they are files of a size that can be right."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Yield a hidden name in the same folder to write to; what stands there becomes ``path`` if nothing goes wrong.

    A reader finds the old file or the whole new one, never a part.

    Raises
    ------
    OSError
        If the file cannot take its place.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = beside(path)
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` as a whole; see :func:`written_whole`."""
    with written_whole(path) as unfinished:
        unfinished.write_bytes(content)


def beside(path: Path) -> Path:
    """Return a hidden name in the same folder that no other process uses, with the same ending."""
    return path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")


def check_regular(file: Path, limit: int | None = None) -> None:
    """Refuse what is no file with an end, such as a pipe or a device, which could be read forever.

    Raises
    ------
    OSError
        If it is none, larger than ``limit`` bytes, or not there.
    """
    state = file.stat()
    if not stat.S_ISREG(state.st_mode):
        raise OSError(0, "not a regular file")
    if limit is not None and state.st_size > limit:
        raise OSError(0, f"{state.st_size} bytes are more than such a file has")


def read_regular(file: Path, limit: int) -> bytes:
    """Return what is in a file of at most ``limit`` bytes; errors as :func:`check_regular` has them."""
    check_regular(file, limit)
    with file.open("rb") as opened:
        return opened.read(limit)
