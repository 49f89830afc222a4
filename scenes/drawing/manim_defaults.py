"""Manim as it is by default, for the command `attention`: no `manim.cfg` counts.

Any folder may hold one, it may switch off what a clip needs, and no receipt names it. With plain `manim` it counts.
"""

import sys
from configparser import ConfigParser
from typing import Any


def import_manim() -> None:
    """Import Manim, unless that has been done; it reads its configuration only then.

    Its own defaults come from ``read_file``; ``read`` is for the files of the user and of the current folder.
    """
    if "manim" in sys.modules:
        return
    read = ConfigParser.read

    def read_none(*_: Any, **__: Any) -> list[str]:
        return []

    ConfigParser.read = read_none  # type: ignore[method-assign, assignment]
    try:
        import manim  # noqa: F401
    finally:
        ConfigParser.read = read  # type: ignore[method-assign]
