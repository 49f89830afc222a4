"""`Primer`: the four stages from text to model, each with a true picture of the sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from manim import Group

from attention import AttentionTrace
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.look.theme import EMBEDDING, Theme, signed_scale
from scenes.mobjects.label import LINE, Label
from scenes.mobjects.stage_strip import STAGES
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.token_chips import TokenChips
from scenes.places.arrange import flow
from scenes.places.chip_texts import PADDING, TALL, ChipTexts
from scenes.places.layout import Frame, Region, visible_slots
from scenes.tokenization_parts.model_box import ModelBox
from scenes.tokenization_parts.reflowing_text import ReflowingText, break_into_column
from scenes.tokenization_parts.splitting_text import SplittingText
from scenes.words import pgettext

_TOKENS = 7  # places in the pictures
_COLUMNS = 8  # of the embeddings
_PITCH = 1.15 * TALL  # of two chips, in em
_NAME, _LARGEST = 0.85, 2.5  # size of a stage's name, and of its chips at most, in heroes
_GAP, _WIDEST_GAP = 1.6, 3.5  # between two stages, in heroes, where an arrow stands


@dataclass(frozen=True)
class PrimerStage:
    """One stage: its name, which goes to the strip, and what it is like in this sentence."""

    name: Label
    picture: DrawnMobject
    beside: tuple[Label, ...] = ()  # the other words of the name

    @property
    def parts(self) -> list[DrawnMobject]:
        """All that is drawn."""
        return [*self.beside, self.name, self.picture]


class Primer(Group):
    """Raw text, tokens, embeddings and model, as large as there is room, with arrows between.

    In wide frames they stand side by side, and a token's chip and its row of numbers in one line; in others two stand
    over two.

    Parameters
    ----------
    trace
        The sentence.
    text
        As it stands alone; its words go to the first stage, :attr:`raw`.
    region
        What is filled, in scene units.
    frame, theme
        Give sizes and colours.

    Examples
    --------
    .. code-block:: python

        class Stages(DrawingScene):
            def construct(self):
                traced, frame, theme = trace("The cat sat."), Frame("16:9"), THEMES["dark"]
                text = SplittingText(traced, traced.labels, frame.stage, 1, 0.2, theme.text, [])
                self.add(Primer(traced, text, frame.stage, frame, theme))
    """

    def __init__(self, trace: AttentionTrace, text: SplittingText, region: Region, frame: Frame, theme: Theme) -> None:
        self.trace, self.frame, self.theme = trace, frame, theme
        self.gap = _GAP * frame.hero
        rows = [region] if frame.wide else region.cut_top((region.height - 0.6 * frame.hero) / 2, 0.6 * frame.hero)
        across = 4 // len(rows)
        rooms = [Region(0, row.bottom, self._share(region, across), row.top - self._head) for row in rows]
        most = min(_TOKENS, int(rooms[0].height / (_PITCH * frame.smallest_text)))
        self.slots = visible_slots(len(trace), most)
        self.size = min(rooms[0].height / (_PITCH * len(self.slots)), _LARGEST * frame.hero)
        largest = max(_NAME * frame.hero, self.size)
        column = break_into_column(trace, text, rooms[0], largest, frame.smallest_text)
        pictures: list[DrawnMobject] = [self._tokens(rooms[0]), self._embeddings(rooms[-1]), self._model(rooms[-1])]
        titles = (
            # Translators: one of its words is best the one that "text" is in the strip of stages: it goes there
            pgettext("stage", "raw text"),
            *(pgettext("stage", name) for name in STAGES[1:3]),
            pgettext("stage", "model"),
        )
        names = [self._name(title) for title in titles]
        widths = [
            max(self._name_width(name), picture)
            for name, picture in zip(names, [column.width, *(picture.width for picture in pictures)], strict=True)
        ]
        places = self._places(region, rows, widths)
        self.raw = ReflowingText(trace, text, column, places[0].cut_top(self._head)[1])
        self.raw.narrow[:] = 1
        self.stages, in_strip = [], [pgettext("stage", stage) for stage in STAGES]
        for name, place, picture in zip(names, places, [self.raw, *pictures], strict=True):
            head, room = place.cut_top(self._head)
            flow(name, head.cut_top(_NAME * frame.hero * LINE)[0], 0.3 * _NAME * frame.hero)
            if picture is not self.raw:
                picture.move_to((*room.center, 0))
            own = next((word for word in name if word.parts[0][0] in in_strip), name[-1])
            self.stages.append(PrimerStage(own, picture, tuple(word for word in name if word is not own)))
        self.arrows = self._arrows(region, places)
        super().__init__(*self.parts)

    @property
    def parts(self) -> list[DrawnMobject]:
        """All stages' parts, and the arrows."""
        return [*(part for stage in self.stages for part in stage.parts), *self.arrows]

    def _share(self, region: Region, across: int) -> float:
        """Return the width of a stage, if all are equal."""
        return (region.width - self.gap * (across - 1)) / across

    def _places(self, region: Region, rows: Sequence[Region], widths: list[float]) -> list[Region]:
        """Cut the rows into stages of the given widths, one under the other where there are two rows."""
        across = len(widths) // len(rows)
        columns = [max(widths[column::across]) for column in range(across)]
        gap = min((region.width - sum(columns)) / (across - 1), _WIDEST_GAP * self.frame.hero)
        block = region.middle(sum(columns) + gap * (across - 1), region.height)
        lefts = [block.left + sum(columns[:column]) + gap * column for column in range(across)]
        return [
            Region(left, row.bottom, left + width, row.top)
            for row in rows
            for left, width in zip(lefts, columns, strict=True)
        ]

    def _arrows(self, region: Region, places: list[Region]) -> list[Label]:
        """Stand an arrow half-way from each stage to the next."""
        arrows = []
        for place, other in pairwise(places):
            below = other.top < place.bottom
            arrow = Label("↙" if below else "→", self.theme.quiet, self.frame.hero)
            x = (place.right + other.left) / 2
            y = (place.bottom + other.top) / 2 if below else place.center[1] - self._head / 2
            arrow.move_to((region.center[0] if below else x, y, 0))
            arrows.append(arrow)
        return arrows

    def _name(self, name: str) -> list[Label]:
        return [Label(word, self.theme.text, _NAME * self.frame.hero, weight="BOLD") for word in name.split()]

    def _name_width(self, name: list[Label]) -> float:
        return sum(word.width for word in name) + 0.3 * _NAME * self.frame.hero * (len(name) - 1) + 1e-6

    def _tokens(self, room: Region) -> TokenChips:
        texts = ChipTexts.of(self.trace, self.slots)
        size = max(min(self.size, room.width / texts.width()), self.frame.smallest_text)
        texts = ChipTexts.of(self.trace, self.slots, room.width / size - 2 * PADDING + 1e-6)
        chips = TokenChips(texts, "stack", size, self.theme)
        chips.points = room.middle(texts.width() * size, self._height).corners
        return chips

    def _embeddings(self, room: Region) -> Tensor:
        values = self.trace.embeddings
        scale = signed_scale(EMBEDDING, values, self.theme)
        columns = visible_slots(values.shape[1], _COLUMNS)
        return self._grid(Tensor(values, scale, field="embeddings", rows=self.slots, columns=columns), room)

    def _model(self, room: Region) -> ModelBox:
        return ModelBox(self.trace, room.width, self._height, self.frame, self.theme)

    def _grid(self, tensor: Tensor, room: Region) -> Tensor:
        """Stand a tensor in ``room``, its rows where the chips have theirs, without numbers."""
        tensor.points = room.middle(_PITCH * self.size * tensor.shape[1], self._height).corners
        tensor.printed[:] = 0
        return tensor

    @property
    def _head(self) -> float:
        return _NAME * self.frame.hero * LINE + self.frame.text * 0.4

    @property
    def _height(self) -> float:
        return _PITCH * self.size * len(self.slots)
