"""What only POSIX systems do to a process, for tests that need it."""

import os

import pytest

needs_posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no sh, limits or signals")


def allow_no_file_larger_than(size: int) -> None:
    """Let the disk be full for this process from ``size`` bytes of a file on."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
