"""`Primer`: the four stages from text to model, each with a small true picture."""

from collections.abc import Callable
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
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.layout import Frame, Region, visible_slots

_TOKENS = 4  # places in the small pictures
_COLUMNS = 8  # of the embeddings
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
    """Raw text, tokens, embeddings and model side by side with arrows between; in tall frames below each other.

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
        self.tall = frame.height > frame.width
        picture_maker = (self._text, self._tokens, self._embeddings, self._weights)
        names = ("raw text", "tokens", "embeddings", "model")
        self.arrows: list[Label] = []
        self.model = self._which_model(region)
        if self.model:
            region = region.cut_bottom(self.model[0].height, frame.text * 0.3)[1]
        self.stages = [
            self._stage(name, make, place)
            for name, make, place in zip(names, picture_maker, self._places(region), strict=True)
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
        x = region.center[0] if self.tall else region.right - line.width / 2  # the model is the last stage
        line.move_to((x, region.bottom + line.height / 2, 0))
        return [line]

    def _places(self, region: Region) -> list[Region]:
        """Cut the region into four, and put the arrows between them."""
        size = self.frame.text * 1.3
        places = []
        for index in range(4):
            left = 4 - index
            gap = size * (1.05 if self.tall else 1.5) if left > 1 else 0.0
            if self.tall:
                place, region = region.cut_top((region.height - gap * (left - 1)) / left, gap)
                x, y = place.left + 0.25 * place.width, place.bottom - gap / 2
            else:
                place, region = region.cut_left((region.width - gap * (left - 1)) / left, gap)
                x, y = place.right + gap / 2, place.center[1]
            places.append(place)
            if gap:
                arrow = Label("↓" if self.tall else "→", self.theme.quiet, size)
                arrow.move_to((x, y, 0))
                self.arrows.append(arrow)
        return places

    def _stage(self, name: str, make: Callable[[Region], DrawnMobject], place: Region) -> PrimerStage:
        size = self.frame.text
        head, room = (
            place.cut_left(0.5 * place.width, size) if self.tall else place.cut_top(size * LINE, self.frame.text * 0.4)
        )
        *before, label = (Label(word, self.theme.text, size, weight="BOLD") for word in name.split())
        flow([*before, label], head, 0.3 * size)
        return PrimerStage(label, make(room), tuple(before))

    def _text(self, room: Region) -> DrawnMobject:
        size = self.frame.small_text
        text = Label(shorten(self.trace.sentence, room.width / size), self.theme.text, size)
        text.move_to((*room.center, 0))
        return text

    def _tokens(self, room: Region) -> DrawnMobject:
        size = self.frame.smallest_text if self.tall else self.frame.text
        slots = visible_slots(len(self.trace), 3 if self.tall else _TOKENS)
        if self.tall:
            texts = ChipTexts.of(self.trace, slots, room.width / size / len(slots) - 1)
            place = room.middle((texts.width() + 0.3) * size * len(slots), TALL * size)
        else:
            size = max(min(size, room.height / len(slots) / (TALL * 1.15)), self.frame.smallest_text)
            texts = ChipTexts.of(self.trace, slots, room.width / size - 1)
            place = room.middle(texts.width() * size, len(slots) * TALL * 1.15 * size)
        chips = TokenChips(texts, "row" if self.tall else "column", size, self.theme)
        chips.points = place.corners
        return chips

    def _embeddings(self, room: Region) -> DrawnMobject:
        values = self.trace.embeddings
        rows, columns = visible_slots(len(values), 2 * _TOKENS), visible_slots(values.shape[1], _COLUMNS)
        scale = signed_scale(EMBEDDING, values, self.theme)
        return self._grid(Tensor(values, scale, field="embeddings", rows=rows, columns=columns), room)

    def _weights(self, room: Region) -> DrawnMobject:
        slots = visible_slots(len(self.trace), 2 * _TOKENS)
        values = np.where(self.trace.mask, self.trace.weights[self.head], np.nan)
        scale = probability_scale(WEIGHT, self.theme)
        return self._grid(Tensor(values, scale, field=f"weights[{self.head}]", rows=slots, columns=slots), room)

    def _grid(self, tensor: Tensor, room: Region) -> Tensor:
        """Stand a tensor with square cells in the middle of ``room``, without numbers."""
        rows, columns = tensor.shape
        cell = min(room.width / columns, room.height / rows, self.frame.text)
        tensor.points = room.middle(cell * columns, cell * rows).corners
        tensor.printed[:] = 0
        return tensor
