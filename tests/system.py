"""What some tests ask of the system, and not every system has."""

import os
from collections.abc import Callable

import pytest

from scenes.drawing.outlines import outline

on_posix = pytest.mark.skipif(os.name != "posix", reason="needs signals and limits as Unix has them")


def require_letters_of(language: str) -> None:
    """Skip a test where no installed font has a language's letters."""
    if language == "zh" and outline("文").missing:
        pytest.skip("no installed font has Chinese letters")


def limit_files(size: int) -> Callable[[], None]:
    """Return what a process calls when it begins, so that no file that it writes has more than ``size`` bytes."""

    def limit() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit
