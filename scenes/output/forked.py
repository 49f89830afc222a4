"""Imported once by the process that is forked for each clip: all that takes long, and what it cleans up at its end."""

import atexit
import os
import shutil

import scenes.explainer_scene
import scenes.output.render_clip  # noqa: F401
from scenes.output.processes import SOCKETS

if folder := os.environ.pop(SOCKETS, None):
    # The process that asked for clips does so too, unless it was killed; this one outlives it for a moment.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
