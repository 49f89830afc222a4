"""What killed renders leave, and FFmpeg's list of files to join."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import psutil


def concat_manifest(files: Iterable[Path]) -> bytes:
    """Return FFmpeg's list of files to join; unlike Manim's, it stands a quote in a folder's name."""
    return "".join("file 'file:{}'\n".format(file.as_posix().replace("'", r"'\''")) for file in files).encode()


def clear_away_what_killed_renders_left(folder: Path) -> None:
    """Delete what is unfinished in ``folder`` and whose process is gone; `attention.files.beside` has named it."""
    for file in folder.glob(".*.*.*"):
        process = file.suffixes[-2].removeprefix(".")
        if process.isdecimal() and not psutil.pid_exists(int(process)):
            if file.is_dir():
                shutil.rmtree(file, ignore_errors=True)
            else:
                file.unlink(missing_ok=True)
