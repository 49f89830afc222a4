"""Where the command line starts: `attention`, or `python -m scenes`."""

import gc
import sys

from scenes.output.processes import begin_importing

_LASTING = 100_000  # objects that may be made before those that nothing needs are looked for
_RENDERING = {"film", "clip", "compare", "deck"}  # commands


def start() -> None:
    """Run the command line; Manim is imported beside it by another process, from the first moment on.

    PyTorch and Manim make many objects on import, all of which stay: looking through them took a sixth of the time.
    """
    gc.set_threshold(_LASTING)
    if _RENDERING & {*sys.argv[1:2]} and not {"-h", "--help"} & {*sys.argv}:
        begin_importing()
    from scenes.cli import main

    main()


if __name__ == "__main__":
    start()
