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
            part = self.played_as(clip.scene_class())
            part.setup()
            part.construct()
            part.tear_down()
            self.clear()

    def tear_down(self) -> None:
        """Leave the tearing down to the clips."""
