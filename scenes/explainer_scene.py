"""`ExplainerScene`: what every clip shares, and `beat`, which marks the steps of a clip."""

import sys
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ClassVar, Self, TypeVar

import numpy as np
from manim import Animation, config, logger, tempconfig
from numpy.typing import NDArray

from attention import AttentionTrace, UserError
from attention.attention_trace import Floats
from attention.settings import Settings, read_settings
from attention.tracing import chosen_trace
from scenes.captioned_scene import CaptionedScene
from scenes.carrying.carrying import Carrying, Way
from scenes.clips import clip_before
from scenes.content.focus import followed_token, shown_keys, shown_tokens
from scenes.drawing.arrays import Array
from scenes.drawing.canvas import Pixels
from scenes.drawing.casing import case_in
from scenes.drawing.change import Change
from scenes.drawing.dissolve import Dissolve
from scenes.drawing.drawing_scene import require_cairo
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.file_writer import WholeFileWriter
from scenes.drawing.lens import Lens
from scenes.drawing.manim_insides import end_at_once
from scenes.drawing.missing_fonts import missing_fonts, require_letters
from scenes.look import fonts
from scenes.look.own_theme import faults, read_theme
from scenes.mobjects.label import Label
from scenes.mobjects.logo import Logo
from scenes.mobjects.stage_strip import StageStrip
from scenes.places.layout import Frame, Region
from scenes.words import _, chapter_of, language_name, pgettext, speak

OPENING = 0.2  # seconds for which the last picture of the clip before stands
APPEARING = 0.15  # seconds in which a clip appears that begins on an empty stage

_Beat = TypeVar("_Beat", bound=Callable[[Any], None])


def beat(method: _Beat) -> _Beat:
    """Mark a method of a scene as one of its steps: a section of the clip, a slide, one tick of the progress bar."""

    @wraps(method)
    def run(scene: "ExplainerScene") -> None:
        scene.begin_beat(pgettext("chapter", chapter_of(method.__name__)))
        method(scene)
        scene.wait_until_read()  # here, as a deck stops at the end of a beat
        scene.after_beat()

    run.is_beat = True  # type: ignore[attr-defined]
    return run  # type: ignore[return-value]


class ExplainerScene(CaptionedScene):
    """A clip about one sentence: gives it trace, theme, frame, the strip of stages and captions.

    A clip sets :attr:`stage`, and its ``construct`` calls its beats in order. It opens on the last picture of the clip
    before it in the film; its first beat says with :meth:`carry_over` what becomes of that.

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

    stage: ClassVar[str | None]  # where in the model it is; None where it looks at the whole
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
        require_cairo()
        try:
            self.settings = settings or read_settings()
            speak(self.settings)
            require_letters(language_name())
            self.theme = read_theme(self.settings.theme)
            self.logos = [Logo(self.theme.logo)] if self.theme.logo else []
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
        marked = next(((self.theme.corner, logo.ratio) for logo in self.logos), None)
        self.frame = Frame(self.settings.frame, bool(self.selection), self.settings.captions, marked)
        if self.frame.logo:
            self.logos[0].points = self.frame.logo.corners
        self.pace = self.settings.pace
        self.followed = followed_token(self.trace, self.shown_weights)
        self._afterwards: Callable[[], None] = lambda: None
        self.unseen = False  # whether it is played for its last picture only
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

    @classmethod
    def played_through(cls, settings: Settings) -> "ExplainerScene":
        """Return the clip after its end; no frame of it is drawn."""
        scene = cls(settings, skip_animations=True)
        scene.play_through()
        return scene

    def play_through(self) -> None:
        """Play the clip from its first beat to its end; no frame of it is drawn."""
        self.unseen = True
        with tempconfig({"dry_run": True, "preview": False}):
            self.setup()
            self.construct()

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
        parts = [] if trace.source is None else [_("decoder to encoder")]
        parts += [_("layer {layer}", layer=trace.layer)] if trace.layers > 1 else []
        if trace.heads > 1:
            mean = self.averages and self.settings.head == "mean"
            parts.append(_("mean of {heads} heads", heads=trace.heads) if mean else _("head {head}", head=self.head))
        if trace.left_out:
            parts.append(_("no special tokens"))
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
        """Put up the last picture of the clip before, or strip and note; warn of letters that no font has."""
        speak(self.settings)  # since this scene was made, another may have spoken another language
        if not self.unseen:
            self._warn()
        self.lens = Lens(self.frame.stage.corners)
        self.strip = StageStrip(self.frame.strip, self.frame.small_text, self.theme)
        self.note = Label(self.selection, self.theme.quiet, self.frame.smallest_text)
        self.note.move_to((*self.frame.note.center, 0))
        self.caption = self._begun = None
        self._opening = True  # whether the picture is still the one of the clip before
        alone = self.unseen or self.trace.source is not None  # no other clip draws what is between two texts
        heads, chosen = self.trace.heads, self.settings.clips
        before = None if alone else clip_before(type(self), heads, chosen)
        if before:
            self._open(before.scene_class().played_through(self.settings))
            if before != clip_before(type(self), heads):
                self._leave_another_part()
        else:
            self.strip.lit = StageStrip.at(self.stage)
            self.add(self.strip, *self._notes, *self.logos)

    def _warn(self) -> None:
        """Say which letters no font has, and what cannot be told apart in a theme of one's own."""
        texts = [label for trace in self.traces for label in (*trace.labels, *trace.attended.labels)]
        for line in (*missing_fonts(texts), *(faults(self.theme) if self.settings.own_theme else ())):
            logger.warning(line)

    @property
    def _notes(self) -> list[Label]:
        return [self.note] if self.selection else []

    @property
    def on_stage(self) -> list[DrawnMobject]:
        """All that is on the picture, but for strip, note, logo and caption."""
        around = (self.strip, self.note, self.caption, *self.logos)
        return [part for part in self.mobjects if isinstance(part, DrawnMobject) and part not in around]

    def add(self, *mobjects: Any) -> Self:
        """Add mobjects to the picture; what stands on the stage is seen through the lens."""
        around = (self.strip, self.note, self.caption, *self.logos)
        for mobject in mobjects:
            if isinstance(mobject, DrawnMobject) and mobject not in around and not mobject.steady:
                mobject.lens = self.lens
        super().add(*mobjects)
        return self

    def begin_beat(self, name: str) -> None:
        """Begin a section, and let go of what the beat before pointed out."""
        self.next_section(name)
        self.chapters.append((name, self.time))
        let_go, self._afterwards = self._afterwards, lambda: None
        let_go()

    def afterwards(self, let_go: Callable[[], None]) -> None:
        """Call ``let_go`` when the next beat begins: this one, a slide, ends on what it points out."""
        self._afterwards = let_go

    def play(self, *animations: Any, **options: Any) -> None:
        """Play animations, and note the first picture, to which a loop leads back."""
        if self.unseen:
            self._take_over(self.compile_animations(*animations, **options))
            return
        if self._loops and self._first is None:
            self._first = self._picture()
        super().play(*animations, **options)

    def played_as(self, scene_class: type["ExplainerScene"]) -> Any:
        """Return a clip of another class that plays as if it were this scene, on its state and renderer."""
        part = object.__new__(scene_class)
        part.__dict__ = self.__dict__
        return part

    def carry_over(
        self,
        *parts: DrawnMobject,
        run_time: float = 1.0,
        way: Way | None = None,
        in_turn: bool = False,
        said: str | None = None,
    ) -> None:
        """Lead from what is on the stage to ``parts``, which are given as they shall stand.

        The tokens' chips fly to where ``parts`` have them, tensors of the same numbers move there, all else vanishes
        and appears. Without anything before it, ``parts`` appear. With a ``way``, all chips take it together;
        ``in_turn``, all of them go one after another. What is ``said`` can be read on the way.
        """
        self.wait_until_read()
        before = self.on_stage
        if before and self._opening:
            self.wait(OPENING)
        self._opening = False
        carrying = Carrying(before, parts, self.trace, self.followed, self.frame, self.theme, way, in_turn)
        if carrying.flight:
            self.add(carrying.flight)
            self.remove(*carrying.replaced)
        self._play_all([*carrying.leaving(), *self._begin_stage()], 0.2 * run_time)
        self.remove(*(part for part in before if part not in carrying.moved and part not in carrying.exchanged))
        if said and before:
            self.say(said)
        legs = carrying.moving()
        self.add(*carrying.moved.values(), *filter(None, [carrying.flight]))  # chips fly over cells
        self.remove(*carrying.moved)
        for leg in legs:
            self._play_all(leg, 0.55 * run_time / len(legs))
        self._play_all(carrying.arriving(), 0.25 * run_time if before else APPEARING)
        if carrying.flight:
            self.remove(carrying.flight)
        if said and not before:  # the stage shall not wait for it, empty
            self.say(said)

    def _begin_stage(self) -> list[Change]:
        """Let the strip say where the clip is, and take away what is said of the clip before."""
        lit = StageStrip.at(self.stage)
        moved = [] if np.array_equal(self.strip.lit, lit) else [Change(self.strip, lit=lit)]
        return moved + self.end_caption()

    def _play_all(self, animations: list[Change], run_time: float) -> None:
        if animations:
            self.play(*animations, run_time=run_time)

    def go_in(self, region: Region, *more: Change, share: float = 0.9, run_time: float = 1.2) -> None:
        """Let the camera go in until ``region`` takes a ``share`` of the stage's width or height."""
        self._look(self.lens.onto(region.corners, share), *more, run_time=run_time)

    def come_back(self, *more: Change, run_time: float = 1.2) -> None:
        """Let the camera come back until the whole stage is seen."""
        self._look(self.lens.at_rest, *more, run_time=run_time)

    def _look(self, view: Array, *more: Change, run_time: float) -> None:
        self.bring_to_back(self.lens)  # Manim draws anew what is over something that moves
        self.play(Change(self.lens, view=view), *more, run_time=run_time)

    def shown_tokens(self, most: int) -> NDArray[np.int64]:
        """Return which tokens are shown in at most ``most`` places, -1 for a gap, with the one that is followed."""
        return shown_tokens(self.shown_weights, self.followed, most)

    def shown_keys(self, most: int) -> NDArray[np.int64]:
        """Return which of the tokens that are attended to are shown in at most ``most`` places, -1 for a gap."""
        return shown_keys(self.trace, self.shown_weights, self.followed, most)

    def appear(self, parts: Iterable[DrawnMobject]) -> list[Change]:
        """Return the animations that let ``parts`` become visible."""
        return [Change(part.set_opacity(0), opacity=1) for part in parts]

    def fade(self, parts: Iterable[DrawnMobject], opacity: float) -> list[Change]:
        """Return the animations that take ``parts`` to an ``opacity`` from 0 to 1."""
        return [Change(part, opacity=opacity) for part in parts]

    def tear_down(self) -> None:
        """End the last subtitle, and lead back to the beginning if the clip loops."""
        self.end_subtitle()
        if self._first is not None:
            beginning = Dissolve(self._first)
            self.play(Change(beginning, share=1, run_time=0.6))
            self.wait(1 / config.frame_rate)
            self.remove(beginning)

    def _open(self, before: "ExplainerScene") -> None:
        """Put up the last picture of the clip before."""
        self.strip.lit = before.strip.lit.copy()
        self.note = before.note
        self.caption, self._begun = before.caption, None
        self.add(self.strip, *self._notes, *self.logos, *before.on_stage, *filter(None, [before.caption]))

    def _leave_another_part(self) -> None:
        """Let the picture of a clip that is not the one before in the whole film give way to an empty stage."""
        old = self.on_stage
        self.wait(OPENING)
        self.play(*self.fade(old, 0), *self._begin_stage(), run_time=0.4)
        self.remove(*old)

    def _take_over(self, animations: list[Animation]) -> None:
        """Bring animations to their end at once."""
        for animation in animations:
            end_at_once(animation, self)
        self.renderer.time += max(animation.run_time for animation in animations)

    def _picture(self) -> Pixels:
        self.renderer.update_frame(self)
        return self.renderer.get_frame()

    def _fit_picture(self) -> None:
        """Give Manim the frame's shape and the theme's background; what it was told keeps deciding the shorter side."""
        config.pixel_width, config.pixel_height = self.frame.pixels((config.pixel_width, config.pixel_height))
        config.frame_width, config.frame_height = self.frame.width, self.frame.height
        config.background_color = "#" + "".join(f"{round(channel * 255):02x}" for channel in self.theme.background)
        if self.theme.transparent:
            config.transparent = True
        case_in(self.theme.background if self.theme.transparent else None)
        fonts.choose(self.theme.font, self.theme.mono)


def _say_why(error: UserError) -> int:
    print(f"error: {error}", file=sys.stderr)
    return 2
