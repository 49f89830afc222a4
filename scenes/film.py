"""The film: all clips in order, or those that are chosen."""

from scenes.clips import film_clips
from scenes.explainer_scene import ExplainerScene


class Film(ExplainerScene):
    """Plays its clips on one screen, one after the other."""

    stage = "text"

    def setup(self) -> None:
        """Leave the setting up to the clips."""

    def construct(self) -> None:
        """Play the clips."""
        for clip in film_clips(self.trace.heads, self.settings.clips):
            self._play_clip(clip.scene_class())
            self.clear()

    def tear_down(self) -> None:
        """Leave the tearing down to the clips."""

    def _play_clip(self, scene_class: type[ExplainerScene]) -> None:
        """Let a clip play as if it were this scene: with its methods, on this scene's state and renderer."""
        part = object.__new__(scene_class)
        part.__dict__ = self.__dict__
        part.setup()
        part.construct()
        part.tear_down()
