"""The files of this package, and when they were read."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def read_sources() -> dict[str, str]:
    """Return the SHA-256 of each file of code, and of each sentence that heads are measured on, by its path."""
    files = [*ROOT.glob("scenes/**/*.py"), *ROOT.glob("attention/**/*.py"), *ROOT.glob("attention/sentences/*.jsonl")]
    return {file.relative_to(ROOT).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(files)}


IMPORTED = read_sources()  # what this process runs, and those forked from it: code that is edited later is not
