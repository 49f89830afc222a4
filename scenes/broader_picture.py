"""Clip 8: all of attention on one page."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scenes.broader_picture_parts.diagram_places import MADE, MAPS, TRAINED, Needs, place_diagram
from scenes.broader_picture_parts.pipeline import Arrow, Pipeline, join_outlines
from scenes.broader_picture_parts.row_names import rows_with_room
from scenes.broader_picture_parts.softmax_steps import softmax_steps, what_scores_pass
from scenes.content.scaling import logits, product_symbol
from scenes.content.trained_kind import KINDS, TrainedKind
from scenes.drawing.change import Change, row_order
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.theme import EMBEDDING, KEY, OUTPUT, QUERY, SCORE, VALUE, WEIGHT, Hue, probability_scale, signed_scale
from scenes.mobjects.formula import Formula
from scenes.mobjects.formula_terms import FormulaTerms
from scenes.mobjects.label import LINE, Part
from scenes.mobjects.ring import Ring
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.tensor_name import TensorName, shape_parts
from scenes.mobjects.token_chips import TokenChips
from scenes.places.chip_texts import ChipTexts
from scenes.places.fitting import MOST_TOKENS, first_fit
from scenes.places.layout import Region, visible_slots
from scenes.words import _

MOST_NUMBERS = 13  # of an embedding, or of another vector of its length
DIMMED, DIMMED_CHIPS = 0.1, 0.3  # how far cells and X's chips are lit before their turn
SIGN = 0.6  # size of a sign between two matrices, by that of a formula
RINGED = ("x", "queries", "scores", "weights", "output")  # where one row is that of the token that is followed
LONGEST = 7.0  # a chip's text, in em
LOOSE = 1.2  # from one chip to the next, at least, in em
FEWEST_NAMED = 16  # rows of X that are shown, rather than more of which some have no chip

SYMBOLS = ("X", "W_Q", "W_K", "W_V", "Q", "K", "V", "Q K^top", "A")  # and what comes out
COLORS = (EMBEDDING, QUERY, KEY, VALUE, QUERY, KEY, VALUE, SCORE, WEIGHT, OUTPUT, VALUE)
TERMS = {"output": 1, "weights": 2, "scaled": 3, "queries": 4, "keys": 5, "values": 6, "scores": 7}  # of the formula


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
        steps = [*self.steps.before, *self.steps.after]
        self._dim()
        self.carry_over(*self.tensors.values(), self.pipeline, *names, *self.chips, *steps, *self.signs, self.formula)
        self.say(_("All of self-attention, on one page"))
        self.wait_until_read()
        self.say(_("In come the embeddings: X, one row per token"))
        self.play(*self._light("x"), *(Change(chip, lit=1) for chip in self.chips), run_time=1.0)

    @beat
    def _trained_matrices_make_queries_keys_and_values(self) -> None:
        turned = self.trace.projected_queries is not None
        plain, moved = (
            _("Three trained matrices turn X into Q, K and V"),
            _("Matrices and positions turn X into Q, K and V"),
        )
        self.say(moved if turned else plain)
        for step, (trained, made) in enumerate(zip(TRAINED, MADE, strict=True)):
            self._pulse(step)
            self.play(*self._light(trained, made), self._light_terms(TERMS[made]), run_time=0.8)
        self.wait(0.4)

    @beat
    def _queries_meet_keys(self) -> None:
        self.say(_("Every query meets every key: the scores"))
        self._pulse(3)
        self.play(*self._light("scores"), self._light_terms(TERMS["scores"]), run_time=1.0)
        self.wait(0.4)

    @beat
    def _scores_become_weights(self) -> None:
        self.say(what_scores_pass(self.trace))
        self.play(self._light_terms(TERMS["scaled"]), run_time=0.5)
        self._pulse(4)
        self.play(*self._light("weights"), self._light_terms(TERMS["weights"]), run_time=1.0)
        self.wait(0.4)

    @beat
    def _weights_mix_the_values(self) -> None:
        self.say(_("Weights and values meet: each row of A mixes V"))
        self._pulse(5)
        self.play(*self._light("met"), run_time=0.7)
        self.play(*self._light("output"), self._light_terms(TERMS["output"]), run_time=1.0)
        whole, part = (
            _("Embeddings in, context-aware embeddings out"),
            _("Embeddings in, one head's part of the output out"),
        )
        self.say(whole if self.whole else part)
        self.pipeline.pulse[:] = 0
        self.play(Change(self.pipeline, pulse=1, order=self.when / self.when.max(), overlap=0.24), run_time=2.4)
        self.rest()

    def _lay_out(self) -> None:
        """Find where everything stands, and which rows of X have room for their token's chip."""
        name = self.frame.text * (1.3 if self.frame.wide else 1.15)
        self.steps = softmax_steps(self.trace, self.theme, self._step_size)
        needs = Needs(0.0, name, self.steps.width + 0.8 * self.frame.text, LINE * self.frame.smallest_text)
        self.slots = self.shown_tokens(MOST_TOKENS)
        tries = (*range(MOST_TOKENS, FEWEST_NAMED, -1), MOST_TOKENS)
        first_fit(lambda most: self._name_rows(most, needs), tries)
        self.texts = [ChipTexts.of(self.trace, self.x_slots[[row]], LONGEST, self.followed) for row in self.named]
        widest = max(texts.width() for texts in self.texts) * self.chip_size
        self.places = place_diagram(self.frame, len(self.slots), needs._replace(chips=widest))

    @property
    def _step_size(self) -> float:
        return self.frame.text if self.frame.wide else self.frame.small_text

    def _name_rows(self, most: int, needs: Needs) -> bool:
        """Choose at most so many rows of X, and those that have room for a chip; return whether all have."""
        frame = self.frame
        self.x_slots = self.shown_tokens(most)
        pitch = place_diagram(frame, len(self.slots), needs).chips.height / len(self.x_slots)
        matter = np.maximum(self.shown_weights[self.followed], self.shown_weights[:, self.followed])
        matter[self.followed] = np.inf
        matter = np.where(self.x_slots < 0, -1, matter[self.x_slots])
        texts = ChipTexts.of(self.trace, self.x_slots, LONGEST, self.followed)
        for self.chip_size in (frame.text, frame.small_text, frame.smallest_text):
            self.chip_pitch = max(self.chip_size * max(texts.letters(), LOOSE), pitch)
            self.named = rows_with_room(matter, self.chip_pitch / pitch)
            if len(self.named) == len(self.x_slots):
                return True
        return False

    def _build(self) -> None:
        """Make the tensors with their names, the signs and arrows, and the formula, all lit."""
        theme = self.theme
        self.tensors = {kind: self._tensor(kind, color) for kind, color in zip(MAPS, COLORS, strict=True)}
        self.rings = {kind: self._ring(self.tensors[kind]) for kind in RINGED}
        self.names = {
            kind: self._named(kind, symbol, color)
            for kind, symbol, color in zip(MAPS, (*SYMBOLS, product_symbol(self.trace), "V"), COLORS, strict=True)
        }
        self.chips = [self._chip(row, texts) for row, texts in zip(self.named, self.texts, strict=True)]
        arrows = self._arrows()
        self.pipeline = Pipeline(self.frame.stage, [arrow for arrow, _ in arrows], self.frame.text * 0.12, theme)
        self.when = np.array([step for _, step in arrows])
        self._build_formula()
        self.steps.stand(self.places.gap, self._step_size, down=self.frame.tall)
        self.signs = self._stand_signs()

    def _chip(self, row: int, texts: ChipTexts) -> TokenChips:
        """Make the chip of a row of X."""
        chip = TokenChips(texts, "column", self.chip_size, self.theme)
        places = self.places.chips
        y = places.top - (row + 0.5) * places.height / len(self.x_slots)
        chip.points = Region(places.left, y - self.chip_pitch / 2, places.right, y + self.chip_pitch / 2).corners
        return chip

    def _arrows(self) -> list[tuple[Arrow, int]]:
        """Return the arrows, and at which step a pulse runs along each."""
        maps, times, size = self.places.maps, self.places.times, self.frame.text
        queries, keys, values, scores, met = (maps[kind] for kind in (*MADE, "scores", "met"))
        arrows = []
        for step, (kind, trained, made) in enumerate(zip(KINDS, TRAINED, MADE, strict=True)):
            (left, y), half = times[trained], 0.45 * size
            if self.frame.wide:
                arrow = join_outlines(maps["x"], Region(left - half, y, left, y), kind.color, across=True)
            else:
                arrow = join_outlines(maps["x"], Region(left, y, left, y + half), kind.color, across=False)
                arrow = replace(arrow, drop=self.places.names[trained][1] + half - arrow.end[1])
            arrows.append((arrow, step))
            if not self._is_product(kind):
                arrows.append((join_outlines(maps[trained], maps[made], kind.color, across=True), step))
        asked = join_outlines(queries, scores, QUERY, across=self.frame.wide)
        offered = join_outlines(keys, scores, KEY, across=self.frame.wide)
        if asked.end == offered.end:
            asked = replace(asked, end=(scores.center[0], scores.top))
        arrows += [(asked, 3), (offered, 3)]
        gap, (x, y) = self.places.gap, self.places.gap.center
        ends = ((x, gap.top), (x, gap.bottom)) if self.frame.tall else ((gap.left, y), (gap.right, y))
        arrows.append((Arrow(*ends, not self.frame.tall, SCORE), 4))
        if self.frame.wide:
            start = values.right, max(values.bottom + 0.5 * size, values.center[1] - size)
            arrows.append((Arrow(start, (met.center[0], met.bottom), True, VALUE, turns=True), 5))
        else:
            arrows.append((join_outlines(values, met, VALUE, across=False), 5))
        return arrows

    def _is_product(self, kind: TrainedKind) -> bool:
        """Whether X times the trained matrix is all that makes queries, keys or values."""
        return kind.bias(self.trace) is None and kind.field(self.trace) == kind.plural

    def _stand_signs(self) -> list[DrawnMobject]:
        """Say which matrices are multiplied, and what that makes."""
        size, color = self.frame.hero, self.theme.text
        places = self.places
        made = ["output", *(each for kind, each in zip(KINDS, MADE, strict=True) if self._is_product(kind))]
        signs = [(Formula("times", color, SIGN * size), place) for place in places.times.values()]
        signs += [(Formula("=", color, SIGN * size), places.equals[kind]) for kind in made]
        for sign, place in signs:
            sign.move_to((*place, 0))
        return [sign for sign, _ in signs]

    def _tensor(self, kind: str, color: Hue) -> Tensor:
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
        region, stroke = tensor.region(rows=row), 0.035
        y = region.center[1]
        half = max(region.height, 3 * stroke) / 2  # so much that a thin row is seen in it
        return Ring(Region(region.left, y - half, region.right, y + half), self.theme.text, stroke)

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
        if kind == "x" and axis == 0:
            return self.x_slots
        if kind not in TRAINED and (axis == 0 or kind in ("scores", "weights")):
            return self.slots
        longest = self.trace.embeddings.shape[1]
        return visible_slots(size, max(round(MOST_NUMBERS * min(size / longest, 1.0)), 5))

    def _named(self, kind: str, symbol: str, color: Hue) -> TensorName:
        """Name a tensor and say its shape, that of a trained matrix where it has room."""
        sizes = self.frame.text, self.frame.smallest_text
        name = TensorName(symbol, self._shape(kind), color, sizes, self.theme, stacked=kind in self.places.stacked)
        x, y = self.places.names[kind]
        if kind in TRAINED:
            name.symbol.move_to((x, y, 0))
            name.lines[0].move_to((*self.places.shapes[kind], 0))
        else:
            name.move_to((min(x, self.frame.safe.right - name.width / 2), y, 0))
        return name

    def _build_formula(self) -> None:
        """Set the formula as large as its place allows."""
        theme, region = self.theme, self.places.formula
        colors = [theme.quiet, *(theme.ink(color) for color in (OUTPUT, WEIGHT, SCORE, QUERY, KEY, VALUE, SCORE))]
        inner = f"@3({logits(self.trace, '@4(Q) @5(K)^(@7(top))')})"
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

    def _dim(self) -> None:
        """Dim all that a pulse will light."""
        for tensor in self.tensors.values():
            tensor.lit[:], tensor.printed[:] = DIMMED, 0
        for chip in self.chips:
            chip.lit[:] = DIMMED_CHIPS
        self.pipeline.lit[:] = self.formula.lit[:] = 0

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
