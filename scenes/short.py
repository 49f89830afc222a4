"""The whole film in less than a minute, for phones."""

from typing import Any

from scenes.clips import find_clip
from scenes.explainer_scene import ExplainerScene

PARTS = "Relationships", "Communication", "ScoreMatrix", "DirectedGraph"


class Short(ExplainerScene):
    """A question, one token's graph, the softmax that makes its shares, and the answer: of four clips a few beats."""

    stage = None
    averages = True

    def construct(self) -> None:
        """Play what each of the clips tells in short."""
        for part in _parts():
            self.played_as(part).tell_in_short()

    @classmethod
    def beats(cls) -> list[str]:
        """Return the names of the beats, and of some that are not played."""
        return [name for part in _parts() for name in part.beats()]


def _parts() -> list[Any]:
    return [find_clip(name).scene_class() for name in PARTS]
