"""What took long to compute, kept on disk for the next time.

An entry is a file: a SHA-256 over its key and its content, then the content. So one that is damaged, or that belongs to
another key, is not believed but made again. All kinds share one limit; what has not been used for the longest time goes
first. A cache that cannot be read or written stops nothing.

The library `diskcache` does as much, but unpickles what it finds in its folder, which runs whatever somebody put there
(CVE-2025-69872, without a release that mends it).
"""

import hashlib
import logging
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from platformdirs import user_cache_path

from attention.files import read_regular, write_atomically

log = logging.getLogger(__name__)

LIMIT = 1_000_000_000  # bytes of all entries together

_COMPUTING = "numpy", "safetensors", "tokenizers", "torch", "transformers"

T = TypeVar("T")


@dataclass(frozen=True)
class Kept(Generic[T]):
    """One kind of things that are kept."""

    kind: str  # names its folder
    to_bytes: Callable[[T], bytes]
    from_bytes: Callable[[bytes], T]

    def load_or_make(self, key: Sequence[str], make: Callable[[], T]) -> T:
        """Return what is kept under ``key``, all that the result depends on; or what ``make`` makes, and keep that."""
        name = hashlib.sha256("\0".join((self.kind, *key)).encode()).digest()
        file = cache_folder() / self.kind / name.hex()
        content = _read(file, name)
        if content is not None:
            try:
                return self.from_bytes(content)
            except Exception:  # of any kind: it is made again, whatever is wrong with it
                log.info("%s cannot be read and is made again", file, exc_info=True)
        made = make()
        _write(file, name, self.to_bytes(made))
        return made


class Usage(NamedTuple):
    """What the entries of one kind take."""

    entries: int
    size: int  # in bytes


def cache_folder() -> Path:
    """Return the package's folder in the user's cache."""
    return user_cache_path("self-attention-explainer")


def usage() -> dict[str, Usage]:
    """Return what is kept, by kind."""
    sizes = defaultdict(list)
    for entry in _entries():
        sizes[entry.file.relative_to(cache_folder()).parts[0]].append(entry.size)
    return {kind: Usage(len(found), sum(found)) for kind, found in sorted(sizes.items())}


def clear() -> None:
    """Delete all that is kept.

    Raises
    ------
    OSError
        If a file cannot be deleted.
    """
    for entry in _entries():
        entry.file.unlink(missing_ok=True)


@cache
def source_digest() -> str:
    """Return a SHA-256 of the code that computes, so that what older code made is never taken for new."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for file in sorted(here.rglob("*.py")):
        digest.update(f"{file.relative_to(here).as_posix()} {hashlib.sha256(file.read_bytes()).hexdigest()} ".encode())
    for package in _COMPUTING:
        with suppress(PackageNotFoundError):  # an extra that is not installed computes nothing
            digest.update(f"{package} {version(package)} ".encode())
    return digest.hexdigest()


source_digest()  # now, as code that is edited later is not what computes


class _Entry(NamedTuple):
    used: float
    size: int
    file: Path


def _entries() -> Iterator[_Entry]:
    for folder, _, names in os.walk(cache_folder()):
        for name in names:
            file = Path(folder, name)
            with suppress(OSError):  # another process has deleted it
                state = file.lstat()
                yield _Entry(state.st_mtime, state.st_size, file)


def _read(file: Path, name: bytes) -> bytes | None:
    try:
        found = read_regular(file, LIMIT)
        os.utime(file)  # used now
    except OSError:
        return None
    size = hashlib.sha256().digest_size
    if found[:size] == _checksum(name, found[size:]):
        return found[size:]
    log.info("%s is damaged and made again", file)
    return None


def _write(file: Path, name: bytes, content: bytes) -> None:
    if len(content) > LIMIT // 2:
        return
    try:
        write_atomically(file, _checksum(name, content) + content)
        _make_room()
    except OSError as error:
        log.info("%s is not kept for next time: %s", file, error)


def _checksum(name: bytes, content: bytes) -> bytes:
    checksum = hashlib.sha256(name)
    checksum.update(content)
    return checksum.digest()


def _make_room() -> None:
    entries = sorted(_entries(), reverse=True)
    total = 0
    for entry in entries:
        total += entry.size
        if total > LIMIT:
            with suppress(OSError):  # in use, on Windows
                entry.file.unlink(missing_ok=True)
