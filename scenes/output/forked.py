"""Imported once by the process that is forked for each clip: all that takes long, and what it cleans up at its end."""

import atexit
import gc
import os
import shutil
from importlib import import_module

gc.disable()  # what is imported stays: no need to look through it

from scenes.drawing import sources  # noqa: E402, F401 - first, as what is edited after it is imported is not what runs
from scenes.drawing.manim_defaults import import_manim  # noqa: E402
from scenes.output.processes import SOCKETS  # noqa: E402

import_manim()
for _name in ("scenes.explainer_scene", "scenes.output.render_clip", "scenes.cli"):
    import_module(_name)

if _folder := os.environ.pop(SOCKETS, None):
    # The process that asked for clips does so too, unless it was killed; this one outlives it for a moment.
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)

gc.freeze()  # nor in any process that is forked from this one, which shares its memory
gc.enable()
