"""The examples in docstrings: each mobject has one that plays and shows something, and a line gives what it says."""

import doctest
import inspect
import pkgutil
import textwrap
from importlib import import_module
from pathlib import Path
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
_TOLD_OF = {name: getattr(attention, name) for name in attention.__all__}
DRAWN = [
    value
    for value in PUBLIC.values()
    if isinstance(value, type)
    and issubclass(value, manim.Mobject | manim.Animation | manim.Scene)
    and value is not DrawnMobject  # what all of them are made of
]


TOLD = [
    found.name
    for package in (attention, scenes)
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if "    >>> " in Path(found.module_finder.find_spec(found.name).origin).read_text(encoding="utf-8")  # type: ignore
]


@pytest.mark.parametrize("drawn", DRAWN, ids=lambda drawn: drawn.__name__)
def test_its_example_plays_and_shows_something(drawn: type) -> None:
    if drawn.__name__ == "ExplainerScene":
        return  # the clips are its examples
    docstring = inspect.getdoc(drawn) or ""
    assert _BLOCK in docstring, f"{drawn.__name__} has no example"
    names: dict[str, Any] = vars(manim) | _TOLD_OF | PUBLIC | {"np": np, "attention": attention, "Settings": Settings}
    written: dict[str, Any] = {}
    exec(textwrap.dedent(docstring.partition(_BLOCK)[2]), names, written)
    (example,) = written.values()
    assert issubclass(example, DrawingScene)
    with manim.tempconfig({"dry_run": True, "quality": "low_quality", "frame_rate": 4, "background_color": "#0E1116"}):
        scene = example()
        scene.render()
        picture = scene.renderer.get_frame()[..., :3]
    assert (np.abs(picture.astype(int) - picture[0, 0]).max(axis=-1) > 30).mean() > 0.0005


@pytest.mark.parametrize("name", TOLD)
def test_what_a_line_gives_is_what_it_says(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0
