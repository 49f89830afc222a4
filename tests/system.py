"""What some tests ask of the system, and not every system has."""

import os
from collections.abc import Callable

import pytest

on_posix = pytest.mark.skipif(os.name != "posix", reason="needs signals and limits as Unix has them")


def limit_files(size: int) -> Callable[[], None]:
    """Return what a process calls when it begins, so that no file that it writes has more than ``size`` bytes."""

    def limit() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit
