"""`ExplainerScene`: what every clip shares, and `beat`, which marks the steps of a clip."""

import sys
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ClassVar, TypeVar

from manim import config, logger

from attention import AttentionTrace, UserError
from attention.attention_trace import Floats
from attention.settings import Settings, read_settings
from attention.tracing import chosen_trace
from scenes.drawing.canvas import Pixels
from scenes.drawing.change import Change
from scenes.drawing.dissolve import Dissolve
from scenes.drawing.drawing_scene import DrawingScene
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.file_writer import WholeFileWriter
from scenes.drawing.missing_fonts import missing_fonts
from scenes.look.theme import THEMES
from scenes.mobjects.label import Caption, Label
from scenes.mobjects.stage_strip import StageStrip
from scenes.places.layout import Frame

CAPTION_LIMIT = 60  # characters
SHORTEST_CLIP = 12.5  # seconds

_Beat = TypeVar("_Beat", bound=Callable[[Any], None])


def beat(method: _Beat) -> _Beat:
    """Mark a method of a scene as one of its steps: a section of the clip, and one tick of the progress bar."""

    @wraps(method)
    def run(scene: "ExplainerScene") -> None:
        name = method.__name__.strip("_").replace("_", " ")
        scene.next_section(name)
        scene.chapters.append((name, scene.time))
        method(scene)
        scene.after_beat()

    run.is_beat = True  # type: ignore[attr-defined]
    return run  # type: ignore[return-value]


class ExplainerScene(DrawingScene):
    """A clip about one sentence: gives it trace, theme, frame, the strip of stages and captions.

    A clip sets :attr:`stage`, and its ``construct`` calls its beats in order.

    Parameters
    ----------
    settings
        Sentence, model, theme and frame; left out, as environment and ``attention.toml`` say.
    after_beat
        Called at the end of each beat; for progress bars.
    file_writer
        Writes the clip.
    loops
        Whether the clip's end leads back to its first picture.
    """

    stage: ClassVar[str]
    crosses: ClassVar[bool] = False  # whether it can draw the tokens of one text that attend to those of another
    averages: ClassVar[bool] = False  # whether it draws the mean of all heads, if that is asked for

    def __init__(
        self,
        settings: Settings | None = None,
        after_beat: Callable[[], None] = lambda: None,
        file_writer: type[WholeFileWriter] = WholeFileWriter,
        loops: bool = False,
        **kwargs: Any,
    ) -> None:
        try:
            self.settings = settings or read_settings()
            self.traces = self.read_traces()
            self.check_can_draw(self.traces[0])
        except UserError as error:
            if settings is not None:
                raise
            raise SystemExit(_say_why(error)) from None  # under plain manim, which would print a traceback
        self.trace = self.traces[0]
        self.after_beat = after_beat
        self.chapters: list[tuple[str, float]] = []  # the beats that have begun, and when
        self._loops = loops
        self._first: Pixels | None = None  # the first picture, if it is needed
        self.head = 0 if self.settings.head == "mean" else self.settings.head
        self.frame = Frame(self.settings.frame, noted=bool(self.selection))
        self.theme = THEMES[self.settings.theme]
        self._fit_picture()
        super().__init__(file_writer, **kwargs)

    @classmethod
    def check_can_draw(cls, trace: AttentionTrace) -> None:
        """Refuse what the clip has no true picture of.

        Raises
        ------
        UserError
            If one text's tokens attend to another's, and this is a clip about a text's own.
        """
        if trace.source is not None and not cls.crosses:
            raise UserError(
                f"{cls.__name__} shows how a text's tokens attend to each other, and --decoder makes those of one text "
                "attend to another's: take the clip ScoreMatrix or attention trace, or omit --decoder"
            )

    @classmethod
    def beats(cls) -> list[str]:
        """Return the names of the clip's beats."""
        return [name for name, value in vars(cls).items() if hasattr(value, "is_beat")]

    @property
    def shown_weights(self) -> Floats:
        """The weights of the chosen head or the mean of all, (n, n), for a clip that :attr:`averages`."""
        return self.trace.weights_of(self.settings.head)

    @property
    def weights_field(self) -> str:
        """What :attr:`shown_weights` are, for facts."""
        return "mean(weights, 0)" if self.settings.head == "mean" else f"weights[{self.head}]"

    @property
    def selection(self) -> str:
        """Whose attention, layer and head is shown, and what is left out; empty for a model with one of each."""
        trace = self.trace
        parts = [] if trace.source is None else ["decoder to encoder"]
        parts += [f"layer {trace.layer}"] if trace.layers > 1 else []
        if trace.heads > 1:
            mean = self.averages and self.settings.head == "mean"
            parts.append(f"mean of {trace.heads} heads" if mean else f"head {self.head}")
        if trace.left_out:
            parts.append("no special tokens")
        return " · ".join(parts)

    @property
    def subject(self) -> str:
        """What the clip is about, to be written into its file."""
        return self.trace.text

    def read_traces(self) -> tuple[AttentionTrace, ...]:
        """Return the traces of the sentences that the settings ask for, before anything is drawn.

        Raises
        ------
        UserError
            If the input is at fault.
        """
        return (chosen_trace(self.settings),)

    def setup(self) -> None:
        """Put up the strip of stages with the note, and warn of letters that would be drawn as boxes."""
        for line in missing_fonts(
            [label for trace in self.traces for label in (*trace.labels, *trace.attended.labels)]
        ):
            logger.warning(line)
        self.strip = StageStrip(self.frame.strip, self.frame.small_text, self.theme)
        self.strip.lit = StageStrip.at(self.stage)
        self.add(self.strip)
        if self.selection:
            self.add(
                Label(self.selection, self.theme.quiet, self.frame.smallest_text).move_to((*self.frame.note.center, 0))
            )
        self._start = self.time
        self._caption: Caption | None = None
        self._caption_start = self.time

    def play(self, *animations: Any, **options: Any) -> None:
        """Play animations, and note the first picture, to which a loop leads back."""
        if self._loops and self._first is None:
            self._first = self._picture()
        super().play(*animations, **options)

    def say(self, text: str) -> None:
        """Change the caption; the same words become a subtitle.

        Raises
        ------
        ValueError
            If it has more than 60 characters.
        """
        if len(text) > CAPTION_LIMIT:
            raise ValueError(f"a caption has at most {CAPTION_LIMIT} characters: {text!r}")
        self._end_subtitle()
        region = self.frame.caption
        new = Caption(text, self.theme.text, self.frame.text, region.width)
        new.move_to((*region.center, 0)).set_opacity(0)
        old, self._caption = self._caption, new
        if old:
            self.play(Change(old, opacity=0, run_time=0.15))
            self.remove(old)
        self.play(Change(new, opacity=1, run_time=0.25))

    def appear(self, parts: Iterable[DrawnMobject]) -> list[Change]:
        """Return the animations that let ``parts`` become visible."""
        return [Change(part.set_opacity(0), opacity=1) for part in parts]

    def fade(self, parts: Iterable[DrawnMobject], opacity: float) -> list[Change]:
        """Return the animations that take ``parts`` to an ``opacity`` from 0 to 1."""
        return [Change(part, opacity=opacity) for part in parts]

    def rest(self, seconds: float = 2.0) -> None:
        """Hold the picture, so that it can serve as a slide; longer where a short sentence made a short clip."""
        self.wait(max(seconds, SHORTEST_CLIP - (self.time - self._start)))

    def tear_down(self) -> None:
        """End the last subtitle, and lead back to the beginning if the clip loops."""
        self._end_subtitle()
        if self._first is not None:
            beginning = Dissolve(self._first)
            self.play(Change(beginning, share=1, run_time=0.6))
            self.wait(1 / config.frame_rate)
            self.remove(beginning)

    def _picture(self) -> Pixels:
        self.renderer.update_frame(self)
        return self.renderer.get_frame()

    def _end_subtitle(self) -> None:
        if self._caption and self.time > self._caption_start:
            length = self.time - self._caption_start
            self.add_subcaption(self._caption.text, duration=length, offset=-length)
        self._caption_start = self.time

    def _fit_picture(self) -> None:
        """Give Manim the frame's shape and the theme's background; what it was told keeps deciding the shorter side."""
        config.pixel_width, config.pixel_height = self.frame.pixels((config.pixel_width, config.pixel_height))
        config.frame_width, config.frame_height = self.frame.width, self.frame.height
        config.background_color = "#" + "".join(f"{round(channel * 255):02x}" for channel in self.theme.background)
        if self.theme.transparent:
            config.transparent = True


def _say_why(error: UserError) -> int:
    print(f"error: {error}", file=sys.stderr)
    return 2
