"""Where the command line starts: `attention`, or `python -m scenes`."""

import gc

_LASTING = 100_000  # objects that may be made before those that nothing needs are looked for


def start() -> None:
    """Run the command line.

    PyTorch and Manim make many objects on import, all of which stay: looking through them took a sixth of the time.
    """
    gc.set_threshold(_LASTING)
    from scenes.cli import main

    main()


if __name__ == "__main__":
    start()
