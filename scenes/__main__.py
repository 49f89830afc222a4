"""Where the command line starts: `attention`, or `python -m scenes`."""

import gc
import sys

from attention import ahead

_TRACING = {"film", "clip", "compare", "deck", "trace"}  # commands that need PyTorch for a text that is new
_LASTING = 100_000  # objects that may be made before those that nothing needs are looked for


def start() -> None:
    """Run the command line.

    PyTorch and Manim make many objects on import, all of which stay: looking through them took a sixth of the time.
    """
    gc.set_threshold(_LASTING)
    if set(sys.argv[1:2]) & _TRACING and not set(sys.argv) & {"-h", "--help"}:
        ahead.begin()
    from scenes.cli import main

    main()


if __name__ == "__main__":
    start()
