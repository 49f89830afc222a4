"""`Primer`: the four stages from text to model, each with a true picture of the sentence."""

from dataclasses import dataclass

import numpy as np
from manim import Group

from attention import AttentionTrace
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.text_fitting import shorten
from scenes.look.theme import EMBEDDING, WEIGHT, Theme, probability_scale, signed_scale
from scenes.mobjects.label import LINE, Label
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.token_chips import TokenChips
from scenes.places.arrange import flow
from scenes.places.chip_texts import PADDING, TALL, ChipTexts
from scenes.places.layout import Frame, Region, visible_slots
from scenes.tokenization_parts.splitting_text import SplittingText

_TOKENS = 7  # places in the pictures
_COLUMNS = 8  # of the embeddings
_PITCH = 1.15 * TALL  # of two chips, in em
_NAME, _LARGEST = 0.85, 2.5  # size of a stage's name, and of its chips at most, in heroes
SHIPPED = "tiny"  # the model that comes with the package


@dataclass(frozen=True)
class PrimerStage:
    """One stage: its name, which goes to the strip, and what it is like in this sentence."""

    name: Label
    picture: DrawnMobject
    before: tuple[Label, ...] = ()  # what stands before the name

    @property
    def parts(self) -> list[DrawnMobject]:
        """All that is drawn."""
        return [*self.before, self.name, self.picture]


class Primer(Group):
    """Raw text, tokens, embeddings and model, as large as there is room, with arrows between.

    In wide frames they stand side by side and a token's chip, its row of numbers and its weights in one line; in others
    two stand over two.

    Parameters
    ----------
    trace, head
        The sentence, and the head whose attention weights stand for the model.
    region
        What is filled, in scene units.
    frame, theme
        Give sizes and colours.

    Examples
    --------
    .. code-block:: python

        class Stages(DrawingScene):
            def construct(self):
                frame = Frame("16:9")
                self.add(Primer(trace("The cat sat."), 0, frame.stage, frame, THEMES["dark"]))
    """

    def __init__(self, trace: AttentionTrace, head: int, region: Region, frame: Frame, theme: Theme) -> None:
        self.trace, self.head, self.frame, self.theme = trace, head, frame, theme
        self.arrows: list[Label] = []
        self.model = self._which_model(region)
        if self.model:
            region = region.cut_bottom(self.model[0].height, frame.text * 0.3)[1]
        places = [place.cut_top(self._head, 0) for place in self._places(region)]
        self.text_room = room = places[0][1]
        most = min(_TOKENS, int(room.height / (_PITCH * frame.smallest_text)))
        self.slots = visible_slots(len(trace), most)
        self.size = min(room.height / (_PITCH * len(self.slots)), _LARGEST * frame.hero)
        makers = (self._text, self._tokens, self._embeddings, self._weights)
        names = ("raw text", "tokens", "embeddings", "model")
        self.stages = [
            self._stage(name, head, make(room)) for name, make, (head, room) in zip(names, makers, places, strict=True)
        ]
        super().__init__(*self.parts)

    @property
    def parts(self) -> list[DrawnMobject]:
        """All stages' parts, the arrows, and the line about the model."""
        return [*(part for stage in self.stages for part in stage.parts), *self.arrows, *self.model]

    def _which_model(self, region: Region) -> list[Label]:
        """Return a line at the foot: the model's name, if it is not the one that comes along, and what made it."""
        trace, size = self.trace, self.frame.small_text
        named = [] if trace.model == SHIPPED else [trace.model]
        parts = [*named, *([f"trained on {trace.trained_on}"] if trace.trained_on else [])]
        if not parts:
            return []
        longest = region.width / size / len(parts) - 0.5
        line = Label([(shorten(part, longest), self.theme.text) for part in parts], self.theme.text, size)
        x = region.right - line.width / 2  # the model is the last stage
        line.move_to((x, region.bottom + line.height / 2, 0))
        return [line]

    def _places(self, region: Region) -> list[Region]:
        """Cut the region into four, and put the arrows between them."""
        size = self.frame.hero
        if self.frame.wide:
            places, spots = _side_by_side(region, 4, 1.5 * size)
        else:
            rows = region.cut_top((region.height - 0.6 * size) / 2, 0.6 * size)
            pairs = [_side_by_side(row, 2, 1.5 * size) for row in rows]
            places = [place for pair, _ in pairs for place in pair]
            spots = [pairs[0][1][0], region.center, pairs[1][1][0]]
        for text, (x, y) in zip("→→→" if self.frame.wide else "→↙→", spots, strict=True):
            arrow = Label(text, self.theme.quiet, size)
            arrow.move_to((x, y - (text == "→") * self._head / 2, 0))
            self.arrows.append(arrow)
        return places

    def _stage(self, name: str, head: Region, picture: DrawnMobject) -> PrimerStage:
        size = _NAME * self.frame.hero
        *before, label = (Label(word, self.theme.text, size, weight="BOLD") for word in name.split())
        flow([*before, label], head, 0.3 * size)
        return PrimerStage(label, picture, tuple(before))

    def _text(self, room: Region) -> SplittingText:
        trace, frame = self.trace, self.frame
        largest = max(_NAME * frame.hero, self.size)
        return SplittingText(trace, trace.labels, room, largest, frame.smallest_text, self.theme.text, [])

    def _tokens(self, room: Region) -> TokenChips:
        texts = ChipTexts.of(self.trace, self.slots)
        size = max(min(self.size, room.width / texts.width()), self.frame.smallest_text)
        texts = ChipTexts.of(self.trace, self.slots, room.width / size - 2 * PADDING + 1e-6)
        chips = TokenChips(texts, "column", size, self.theme)
        chips.points = room.middle(texts.width() * size, self._height).corners
        return chips

    def _embeddings(self, room: Region) -> Tensor:
        values = self.trace.embeddings
        scale = signed_scale(EMBEDDING, values, self.theme)
        columns = visible_slots(values.shape[1], _COLUMNS)
        return self._grid(Tensor(values, scale, field="embeddings", rows=self.slots, columns=columns), room)

    def _weights(self, room: Region) -> Tensor:
        values = np.where(self.trace.mask, self.trace.weights[self.head], np.nan)
        scale = probability_scale(WEIGHT, self.theme)
        field = f"weights[{self.head}]"
        return self._grid(Tensor(values, scale, field=field, rows=self.slots, columns=self.slots), room)

    def _grid(self, tensor: Tensor, room: Region) -> Tensor:
        """Stand a tensor in ``room``, its rows where the chips have theirs, without numbers."""
        tensor.points = room.middle(_PITCH * self.size * tensor.shape[1], self._height).corners
        tensor.printed[:] = 0
        return tensor

    @property
    def _head(self) -> float:
        return _NAME * self.frame.hero * LINE + self.frame.text * 0.2

    @property
    def _height(self) -> float:
        return _PITCH * self.size * len(self.slots)


def _side_by_side(region: Region, count: int, gap: float) -> tuple[list[Region], list[tuple[float, float]]]:
    """Cut a region into equal columns; return them and the middles of the gaps between."""
    width = (region.width - gap * (count - 1)) / count
    lefts = [region.left + index * (width + gap) for index in range(count)]
    spots = [(left - gap / 2, region.center[1]) for left in lefts[1:]]
    return [Region(left, region.bottom, left + width, region.top) for left in lefts], spots
