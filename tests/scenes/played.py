"""Playing a scene without drawing or encoding, and noting all that it put on the screen."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from manim import Mobject, tempconfig

from attention.settings import Settings
from scenes.explainer_scene import ExplainerScene

QUIET = {"verbosity": "ERROR", "progress_bar": "none"}


def play(
    scene_class: type[ExplainerScene], *, opened: bool = False, **choices: Any
) -> tuple[ExplainerScene, list[Mobject]]:
    """Return the scene after its end, and every mobject that was ever added to it.

    If ``opened``, it begins with what the clip before it leaves on the stage.
    """
    seen: dict[int, Mobject] = {}
    add = ExplainerScene.add

    def noting(self: ExplainerScene, *mobjects: Mobject) -> Any:
        if self.__dict__ is scene.__dict__:  # it, or a part of it that plays as another clip
            seen.update({id(part): part for mobject in mobjects for part in mobject.get_family()})
        return add(self, *mobjects)

    with tempconfig({**QUIET, "dry_run": True}), patch.object(ExplainerScene, "add", noting):
        scene = scene_class(settings=Settings(**choices), skip_animations=True)
        scene.render() if opened else scene.play_through()
    return scene, list(seen.values())


def of(kind: type, mobjects: list[Mobject]) -> Iterator[Any]:
    return (mobject for mobject in mobjects if isinstance(mobject, kind))
