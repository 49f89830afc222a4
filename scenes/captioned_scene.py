"""`CaptionedScene`: a scene that says what is seen, long enough to be read."""

import math
import unicodedata
from typing import Any

from manim import Wait, config

from attention import UserError
from scenes.drawing.change import Change
from scenes.drawing.drawing_scene import DrawingScene
from scenes.drawing.fact import Fact
from scenes.drawing.writing_direction import isolate_quotes
from scenes.look.theme import Theme
from scenes.mobjects.label import Caption
from scenes.places.layout import Frame

CAPTION_LIMIT = 60  # characters; see `caption_length`
LEAST_READING = 1.8  # seconds that a caption stands at least
READING_SPEED, READING_START = 15.0, 0.4  # characters a second, and seconds until one has begun to read
FADE_OUT, FADE_IN = 0.1, 0.2  # seconds in which one caption gives way to the next; it is read from half of it on
LAST_STILL = 1.5  # seconds for which the last picture stands at least


class _Reading(Wait):
    """A wait that takes its time whatever the pace."""


def caption_length(text: str) -> int:
    """Return how many characters a caption has; a wide one, such as a Chinese one, says as much as two.

    >>> caption_length("token"), caption_length("词元")
    (5, 4)
    """
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)


class CaptionedScene(DrawingScene):
    """One sentence at a time under the stage; each is a subtitle too, and stands until it can have been read.

    Scenes that derive from it set :attr:`frame` and :attr:`theme`. All that they play or wait for takes its time
    divided by their :attr:`pace`; what is to be read stands as long at any. Where their :attr:`frame` has no captions,
    all goes on as if they stood there, and subtitles say what they would.

    Examples
    --------
    .. code-block:: python

        class Said(CaptionedScene):
            frame, theme = Frame("16:9"), THEMES["dark"]

            def construct(self):
                self.say("A trained matrix, W_Q, makes the queries")
                self.rest()
    """

    frame: Frame
    theme: Theme
    pace = 1.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.caption: Caption | None = None
        self._begun: float | None = None  # when the caption began; None for the one of the clip before
        self._read_from = 0.0  # when it could be seen

    def play(self, *animations: Any, **options: Any) -> None:
        """Play animations at this scene's pace, each for a frame at least."""
        paced = self.compile_animations(*animations, **options)
        for each in paced:
            if not isinstance(each, _Reading):
                each.run_time = max(each.run_time / self.pace, 1 / config.frame_rate)
        super().play(*paced)

    def say(self, text: str, *facts: Fact) -> None:
        """Change the caption; the same words become a subtitle. ``facts`` are the numbers that it speaks of.

        Raises
        ------
        UserError
            If it has more than 60 characters, as words of a user's own may have.
        """
        if (length := caption_length(text)) > CAPTION_LIMIT:
            raise UserError(f"a caption has at most {CAPTION_LIMIT} characters, this one {length}: {text!r}")
        text = isolate_quotes(text)
        if self.caption:
            self.wait_until_read()
            self.play(*self.end_caption(), run_time=FADE_OUT)
        region = self.frame.caption
        self.caption = Caption(text, self.theme.text, self.frame.text, region.width, facts)
        self.caption.move_to((*region.center, 0)).set_opacity(0)
        self._begun = self.time
        self.play(Change(self.caption, opacity=float(self.frame.captioned), run_time=FADE_IN))
        self._read_from = self.time - FADE_IN / self.pace / 2

    def end_caption(self) -> list[Change]:
        """End the subtitle, and return the animations that take the caption away."""
        self.end_subtitle()
        old, self.caption = self.caption, None
        return [Change(old, opacity=0, remover=True)] if old else []

    def wait_until_read(self) -> None:
        """Wait until the caption has stood long enough to be read."""
        self._hold(self._left_to_read)

    @property
    def _left_to_read(self) -> float:
        if not self.caption or self._begun is None:
            return 0.0
        needed = max(LEAST_READING, caption_length(self.caption.text) / READING_SPEED + READING_START)
        return needed - (self.time - self._read_from)

    def rest(self, seconds: float = LAST_STILL) -> None:
        """Hold the picture, so that it can serve as a slide and its caption be read."""
        self._hold(max(seconds / self.pace, self._left_to_read))

    def _hold(self, seconds: float) -> None:
        """Wait for at least ``seconds``, in whole frames."""
        frames = math.ceil(seconds * config.frame_rate - 1e-6)
        if frames > 0:
            self.play(_Reading(run_time=frames / config.frame_rate))

    def end_subtitle(self) -> None:
        """Let the subtitle end here."""
        length = self.time - (self.time if self._begun is None else self._begun)
        if self.caption and length > 0:
            self.add_subcaption(self.caption.text, duration=length, offset=-length)
        self._begun = None
