"""The examples in docstrings: each mobject has one, and each of them plays and shows something."""

import inspect
import pkgutil
import textwrap
from importlib import import_module
from types import ModuleType
from typing import Any

import manim
import numpy as np
import pytest

import attention.surveying
import scenes
from attention.settings import Settings
from scenes.clips import CLIPS
from scenes.drawing.drawing_scene import DrawingScene
from scenes.drawing.drawn_mobject import DrawnMobject

_CLIPS = {f"scenes.{clip.module}" for clip in CLIPS}
_BLOCK = ".. code-block:: python\n"


def _modules() -> list[ModuleType]:
    names = [found.name for found in pkgutil.walk_packages(scenes.__path__, "scenes.")]
    drawn = [name for name in names if name not in _CLIPS and not name.startswith(("scenes.commands", "scenes.cli"))]
    return [import_module(name) for name in drawn if name not in ("scenes.film", "scenes.output.forked")]


def _public() -> dict[str, Any]:
    """Return all public names of the rooms: no two things have one, so an example needs no more to be understood."""
    return {
        name: value
        for module in _modules()
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", module.__name__) == module.__name__
    }


PUBLIC = _public()
DRAWN = [
    value
    for value in PUBLIC.values()
    if isinstance(value, type) and issubclass(value, DrawnMobject | DrawingScene) and value is not DrawnMobject
]


@pytest.mark.parametrize("drawn", DRAWN, ids=lambda drawn: drawn.__name__)
def test_its_example_plays_and_shows_something(drawn: type) -> None:
    if drawn.__name__ == "ExplainerScene":
        return  # the clips are its examples
    docstring = inspect.getdoc(drawn) or ""
    assert _BLOCK in docstring, f"{drawn.__name__} has no example"
    names: dict[str, Any] = (
        vars(manim) | vars(attention) | PUBLIC | {"np": np, "attention": attention, "Settings": Settings}
    )
    written: dict[str, Any] = {}
    exec(textwrap.dedent(docstring.partition(_BLOCK)[2]), names, written)
    (example,) = written.values()
    assert issubclass(example, DrawingScene)
    with manim.tempconfig({"dry_run": True, "quality": "low_quality", "frame_rate": 4, "background_color": "#0E1116"}):
        scene = example()
        scene.render()
        picture = scene.renderer.get_frame()[..., :3]
    assert (np.abs(picture.astype(int) - picture[0, 0]).max(axis=-1) > 30).mean() > 0.0005
