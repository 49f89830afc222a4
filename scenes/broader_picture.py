"""Clip 8: all of attention on one page."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scenes.broader_picture_parts.diagram_places import MAPS, DiagramPlaces, place_diagram
from scenes.broader_picture_parts.pipeline import Arrow, Pipeline, join_outlines
from scenes.content.scaling import divisor, logits, product_symbol
from scenes.drawing.change import Change, row_order
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.theme import EMBEDDING, KEY, OUTPUT, QUERY, SCORE, VALUE, WEIGHT, Rgb, probability_scale, signed_scale
from scenes.mobjects.formula import Formula
from scenes.mobjects.formula_terms import FormulaTerms
from scenes.mobjects.label import LINE, Label, Part
from scenes.mobjects.ring import Ring
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.tensor_name import TensorName, shape_parts
from scenes.mobjects.token_chips import TokenChips
from scenes.places.arrange import flow
from scenes.places.chip_texts import ChipTexts
from scenes.places.fitting import FEWEST, fit
from scenes.places.layout import Region, visible_slots

MOST_NUMBERS = 13  # of an embedding, or of another vector of its length
DIMMED, DIMMED_CHIPS = 0.1, 0.3  # how far cells and X's chips are lit before their turn
DOT = 2.0  # size of the dot between two matrices, by that of a formula
MOST_ROWS, MOST_ROWS_NARROW = 15, 11  # of small matrices, so that a ring around one leaves it to be seen
RINGED = ("x", "queries", "scores", "weights", "output")  # where one row is that of the token that is followed
LOOSE = 1.2  # from one chip to the next, at least, in em

SYMBOLS = ("X", "W_Q", "W_K", "W_V", "Q", "K", "V", "Q K^top", "A")  # and what comes out
COLORS = (EMBEDDING, QUERY, KEY, VALUE, QUERY, KEY, VALUE, SCORE, WEIGHT, OUTPUT, VALUE)
PATHS = (
    ("x", "w_query"),
    ("x", "w_key"),
    ("x", "w_value"),
    ("w_query", "queries"),
    ("w_key", "keys"),
    ("w_value", "values"),
    ("queries", "scores"),
    ("keys", "scores"),
    ("scores", "weights"),
    ("values", "met"),
)
WHEN = (0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 5)  # at which step a pulse runs along each path, and in the end to the output


class BroaderPicture(ExplainerScene):
    """Every tensor as a small heat map; a pulse walks from X to Y, and the formula lights term by term."""

    stage = None

    def construct(self) -> None:
        """Play the storyboard's row for clip 8."""
        self.whole = product_symbol(self.trace) == "Y"  # whether weights times values is all that the layer hands on
        self._lay_out()
        self._build()
        self._embeddings_come_in()
        self._trained_matrices_make_queries_keys_and_values()
        self._queries_meet_keys()
        self._scores_become_weights()
        self._weights_mix_the_values()

    @beat
    def _embeddings_come_in(self) -> None:
        names = [part for name in self.names.values() for part in name.parts]
        self.carry_over(
            *self.tensors.values(), self.pipeline, *names, self.chips, *self.between, *self.met, self.formula
        )
        self.say("All of self-attention, on one page")
        self.wait_until_read()
        self.play(*self._dim(), run_time=0.5)
        self.say("In come the embeddings: X, one row per token")
        self.play(*self._light("x"), Change(self.chips, lit=1), run_time=1.0)

    @beat
    def _trained_matrices_make_queries_keys_and_values(self) -> None:
        turned = self.trace.projected_queries is not None
        makers = "Matrices and positions" if turned else "Three trained matrices"
        self.say(f"{makers} turn X into Q, K and V")
        self._pulse(0)
        self.play(*self._light("w_query", "w_key", "w_value"), run_time=0.7)
        self._pulse(1)
        self.play(*self._light("queries", "keys", "values"), run_time=0.9)
        self.wait(0.4)

    @beat
    def _queries_meet_keys(self) -> None:
        self.say("Every query meets every key: the scores")
        self._pulse(2)
        self.play(*self._light("scores"), self._light_terms(4, 5), run_time=1.0)
        self.wait(0.4)

    @beat
    def _scores_become_weights(self) -> None:
        trace = self.trace
        done = ((trace.divisor != 1, "scaled"), (trace.soft_cap is not None, "capped"), (trace.masked, "masked"))
        steps = "".join(f"{step}, " for there, step in done if there)
        words = f"{steps}then softmax" if steps else "softmax"
        self.say(f"{words.capitalize()}: the attention weights")
        self.play(self._light_terms(3), run_time=0.5)
        self._pulse(3)
        self.play(*self._light("weights"), self._light_terms(2), run_time=1.0)
        self.wait(0.4)

    @beat
    def _weights_mix_the_values(self) -> None:
        self.say("Weights and values meet: each row of A mixes V")
        self._pulse(4)
        self.play(*self._light("met"), self._light_terms(6), run_time=0.7)
        self._pulse(5)
        self.play(*self._light("output"), self._light_terms(1), run_time=1.0)
        self.say(
            "Embeddings in, context-aware embeddings out"
            if self.whole
            else "Embeddings in, one head's part of the output out"
        )
        self.pipeline.pulse[:] = 0
        self.play(Change(self.pipeline, pulse=1, order=self.when / self.when.max(), overlap=0.24), run_time=2.4)
        self.rest()

    def _lay_out(self) -> None:
        """Find how many rows are seen, and where everything stands."""
        frame = self.frame
        self.slots = self.shown_tokens(MOST_ROWS if frame.wide else MOST_ROWS_NARROW)
        widest = max(Label(self._shape(kind), self.theme.text, frame.smallest_text).width for kind in MAPS)
        name = frame.text * (1.3 if frame.wide else 1.1)
        self.places = fit(lambda most: self._place((widest, name), most))

    def _place(self, names: tuple[float, float], most: int) -> DiagramPlaces | None:
        """Return the places with at most so many rows of X, if their chips have room beside each other."""
        self.x_slots = self.shown_tokens(most)
        self.texts = ChipTexts.of(self.trace, self.x_slots, 7.0, self.followed)
        rows = len(self.x_slots), len(self.slots)
        frame = self.frame
        for self.chip_size in (frame.text, frame.small_text, frame.smallest_text):
            places = place_diagram(frame, self.texts.width() * self.chip_size, rows, names)
            pitch = places.chips.height / rows[0]
            if pitch >= self.chip_size * max(self.texts.letters(), LOOSE):
                return places
        close = most <= FEWEST and pitch >= self.chip_size * self.texts.pitch()  # where even these have little room
        return places if close else None

    def _build(self) -> None:
        """Make the tensors with their names, the arrows and the formula, all lit."""
        theme, places = self.theme, self.places
        self.tensors = {kind: self._tensor(kind, color) for kind, color in zip(MAPS, COLORS, strict=True)}
        self.rings = {kind: self._ring(self.tensors[kind]) for kind in RINGED}
        self.names = {
            kind: self._named(kind, symbol, color)
            for kind, symbol, color in zip(MAPS, (*SYMBOLS, product_symbol(self.trace), "V"), COLORS, strict=True)
        }
        self.chips = TokenChips(self.texts, "column", self.chip_size, theme)
        self.chips.points = places.chips.corners
        self.pipeline = Pipeline(self.frame.stage, self._arrows(), self.frame.text * 0.12, theme)
        self.pipeline.lit[:] = 1
        self.when = np.array(WHEN[: len(self.pipeline.arrows)])
        self._build_formula()
        self.between = self._stand_between()
        self.met = self._stand_meeting()

    def _arrows(self) -> list[Arrow]:
        """Return the arrows along the paths, and one to the output where no sign says what weights and values make."""
        maps, colors = self.places.maps, dict(zip(MAPS, COLORS, strict=True))
        arrows = []
        for start, end in PATHS:
            one, other = maps[start], maps[end]
            below = other.top <= one.bottom
            arrows.append(join_outlines(one, other, colors[end if start == "x" else start], across=not below))
        queries, keys = (PATHS.index((kind, "scores")) for kind in ("queries", "keys"))
        if arrows[queries].end == arrows[keys].end:
            arrows[queries] = replace(arrows[queries], end=(maps["scores"].center[0], maps["scores"].top))
        values, met, (x, y) = maps["values"], maps["met"], self.places.dot
        if met.bottom > values.top:
            arrows[-1] = Arrow((values.right, values.center[1]), (met.center[0], met.bottom), True, VALUE, turns=True)
        if not self.places.equals:
            arrows.append(Arrow((x, y - 0.6 * self.frame.text), (x, maps["output"].top), False, OUTPUT))
        return arrows

    def _stand_meeting(self) -> list[DrawnMobject]:
        """Say that the weights are multiplied by the values, and what that makes."""
        signs = (("dot", self.places.dot, DOT), ("=", self.places.equals, 0.8))
        stood = [(Formula(sign, self.theme.text, size * self.frame.hero), at) for sign, at, size in signs if at]
        for sign, place in stood:
            sign.move_to((*place, 0))
        return [sign for sign, _ in stood]

    def _tensor(self, kind: str, color: Rgb) -> Tensor:
        """Make one heat map in its place."""
        values, field = self._values(kind)
        rows, columns = (self._shown(kind, axis, size) for axis, size in enumerate(values.shape))
        weights = kind == "weights"
        scale = probability_scale(color, self.theme) if weights else signed_scale(color, values, self.theme)
        tensor = Tensor(
            np.where(self.trace.mask, values, np.nan) if weights else values,
            scale,
            field=field,
            rows=rows,
            columns=columns,
            decimals=2 if weights else None,
            smallest=self.frame.smallest_number,
        )
        tensor.points = self.places.maps[kind].corners
        return tensor

    def _ring(self, tensor: Tensor) -> Ring:
        """Return the ring around the row of the token that is followed."""
        row = int(np.flatnonzero(tensor.rows == self.followed)[0])
        region = tensor.region(rows=row)
        return Ring(region, self.theme.text, min(0.035, 0.25 * region.height))

    def _values(self, kind: str) -> tuple[NDArray[np.floating], str]:
        """Return a tensor's numbers and where in the trace they are; of several heads, the output is this one's."""
        if kind == "met":
            return self._values("values")
        if kind == "x":
            return self.trace.embeddings, "embeddings"
        if kind == "output" and self.whole:
            return self.trace.output, "output"
        name = "context" if kind == "output" else kind
        return getattr(self.trace, name)[self.head], f"{name}[{self.head}]"

    def _shape(self, kind: str) -> list[Part]:
        values, field = self._values(kind)
        return shape_parts(field, values.shape, self.theme.quiet)

    def _shown(self, kind: str, axis: int, size: int) -> NDArray[np.int64]:
        """Return which rows (axis 0) or columns of a tensor are seen."""
        if axis == 0 and kind in ("x", "output"):
            return self.x_slots
        tokens = axis == 0 or kind in ("scores", "weights")
        if tokens and not kind.startswith("w_"):
            return self.slots
        longest = self.trace.embeddings.shape[1]
        return visible_slots(size, max(round(MOST_NUMBERS * min(size / longest, 1.0)), 5))

    def _named(self, kind: str, symbol: str, color: Rgb) -> TensorName:
        frame = self.frame
        sizes = frame.text * (1.0 if frame.wide else 0.8), frame.smallest_text
        stacked = kind in self.places.stacked
        name = TensorName(symbol, self._shape(kind), color, sizes, self.theme, stacked=stacked)
        x, y = self.places.names[kind]
        name.move_to((min(x, frame.safe.right - name.width / 2), y, 0))
        return name

    def _build_formula(self) -> None:
        """Set the formula as large as its place allows."""
        theme, region = self.theme, self.places.formula
        colors = [theme.quiet, *(theme.ink(color) for color in (OUTPUT, WEIGHT, SCORE, QUERY, KEY, VALUE))]
        inner = f"@3({logits(self.trace, '@4(Q) @5(K^top)')})"
        full = f'@2("softmax" #h(-0.15em) lr(({inner})))'
        named = f"@1({product_symbol(self.trace)} =) {full}"
        bare = full if self.trace.soft_cap is None else f'@2("softmax" {inner})'  # the cap has parentheses of its own
        for source in (named, full, bare):  # shorter where there is little room
            self.formula = FormulaTerms(f"{source} @6(V)", colors, 1.0, unlit=theme.quiet)
            size = min(region.width / self.formula.width, region.height / self.formula.height)
            if size >= 1.08 * self.frame.smallest_text:  # its capitals are lower than other texts'
                break
        self.formula.scale(size)
        self.formula.move_to((*region.center, 0))

    def _stand_between(self) -> list[DrawnMobject]:
        """Name what turns scores into weights: over and under the arrow between them."""
        frame, theme, region = self.frame, self.theme, self.places.gap
        (x, y), size, trace = region.center, frame.smallest_text, self.trace
        over: list[DrawnMobject] = []
        if trace.position_bias is not None:
            over.append(Label("+ bias", theme.ink(SCORE), size))
        if trace.soft_cap is not None:
            over.append(Label("soft cap", theme.ink(SCORE), size))
        if trace.divisor != 1:
            over.append(Formula(f"div {divisor(trace)}", theme.ink(SCORE), size * 1.3))
        bottom = y + size * 0.6
        if frame.wide:
            for part in over:
                part.move_to((x, bottom + part.height / 2, 0))
                bottom += part.height + size * 0.3
        elif over:  # beside each other: the arrow of the keys runs closely above
            height = max(part.height for part in over)
            flow(over[::-1], Region(region.left, bottom, region.right, bottom + height), size * 0.2)
        under = [Label(step, theme.ink(WEIGHT), size) for step in [*(["mask"] if trace.masked else []), "softmax"]]
        for line, label in enumerate(under):
            label.move_to((x, y - size * (0.4 + LINE * (line + 0.5)), 0))
        return [*over, *under]

    def _dim(self) -> list[Change]:
        """Return what dims all that a pulse will light."""
        cells = [Change(tensor, lit=DIMMED, printed=0) for tensor in self.tensors.values()]
        return [*cells, Change(self.chips, lit=DIMMED_CHIPS), Change(self.pipeline, lit=0), Change(self.formula, lit=0)]

    def _pulse(self, step: int) -> None:
        """Let a pulse run along the arrows of one step, which stay lit."""
        moving = self.when == step
        if not moving.any():
            return
        self.play(Change(self.pipeline, pulse=np.where(moving, 1.0, self.pipeline.pulse)), run_time=0.8)
        self.pipeline.lit = np.where(moving, 1.0, self.pipeline.lit)

    def _light(self, *kinds: str) -> list[Change]:
        """Return the animations that light tensors row by row, and ring the row of the token that is followed."""
        tensors = [self.tensors[kind] for kind in kinds]
        rings = [self.rings[kind] for kind in kinds if kind in self.rings]
        lit = [Change(tensor, lit=1, printed=1, order=row_order(*tensor.shape)) for tensor in tensors]
        return [*lit, *self.appear(rings)]

    def _light_terms(self, *terms: int) -> Change:
        lit = self.formula.lit.copy()
        lit[list(terms)] = 1
        return Change(self.formula, lit=lit)
