"""Clip 3: language is tokens that relate to one another."""

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.captioned_scene import CAPTION_LIMIT, caption_length
from scenes.content.asking import in_quotes, named, question
from scenes.content.focus import most_attended
from scenes.drawing.arrays import Array
from scenes.drawing.change import Change
from scenes.drawing.fact import Fact
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.theme import QUERY
from scenes.mobjects.graph_nodes import GraphNodes
from scenes.mobjects.label import Label
from scenes.mobjects.weighted_graph import WeightedGraph
from scenes.places.chip_texts import ChipTexts
from scenes.places.fitting import MOST_TOKENS, fit
from scenes.relationships_parts.arcs import Arcs
from scenes.relationships_parts.open_arcs import OpenArcs
from scenes.relationships_parts.sentence_places import SentencePlaces, place_column, place_row
from scenes.relationships_parts.shorter_sentence import without_one_word
from scenes.words import _

ALONE = 3.0  # size of a token that is the only one, in heroes
MARK = 1.1  # size of a question mark, in heroes
ABOVE = 0.7  # how far it is from the foot of its arc, in its own size
ASKED = 0.5  # how far tokens are lit that are asked about
BESIDE = 0.4  # how far the other arcs are lit at the end
SEEN = 0.02  # a change that is seen, and told rather than a larger one toward less
MOST_ROWS = 12  # tokens of a column
FALL = 0.35  # how far a word goes down that is taken out, in em


class Relationships(ExplainerScene):
    """A question, and arcs over the sentence, as strong as the attention; one word goes, and comes back.

    ``other_traces`` holds the trace of the shorter sentence, if there is one.
    """

    stage = None
    averages = True

    def construct(self) -> None:
        """Play the storyboard's row for clip 3."""
        self.other_traces: dict[str, AttentionTrace] = {}
        self._lay_out()
        self._build()
        if self.related:
            self._one_token_has_a_need()
            self._one_relation_stands_out()
            self._the_tokens_relate()
        else:
            self._the_only_token_relates_to_itself()
        if self.other_traces:
            self._one_word_is_taken_out()
        self._the_relations_rest()

    def tell_in_short(self) -> None:
        """Ask the question alone."""
        self.other_traces = {}
        self._lay_out()
        self._build()
        if self.related:
            self._one_token_has_a_need()
        else:
            self._the_only_token_relates_to_itself()

    @beat
    def _one_token_has_a_need(self) -> None:
        self.carry_over(self.nodes, run_time=2.0, in_turn=True, said=question(self.trace, self.followed))
        ends = np.flatnonzero((self.slots >= 0) & self.trace.mask[self.followed, self.slots])
        apart = np.abs(np.diff(self.whole, axis=0)).max(axis=1).min()
        size = min(MARK * self.frame.hero, apart)
        ink = self.theme.ink(QUERY)
        possible = OpenArcs(self.arcs, self.asker, ends[ends != self.asker], ink, 2 * ABOVE * size)
        possible.grown[:] = 0
        marks = self._question_marks(possible, size)
        lit = (np.arange(len(self.slots)) == self.asker).astype(float)
        self.play(Change(self.nodes, lit=np.maximum(lit, ASKED)), Change(possible, grown=1), run_time=1.0)
        self.play(*self.appear(marks), run_time=0.4)
        self.possible, self.marks = possible, marks

    @beat
    def _one_relation_stands_out(self) -> None:
        one, other = (named(self.trace, int(self.slots[place])) for place in self.pair)
        arcs, own = self.arcs, self.arcs.of_one(self.asker)
        thickest = own[self.asker].argmax() == self.pair[1]  # as a rule; not a part of the same word, or a comma
        if thickest:
            self.say(_("{token} relates most to {other}: its thickest arc", token=one, other=other))
        else:
            self.say(_("Of other words, {token} relates most to {other}", token=one, other=other))
        arcs.strengths = own
        gone = Change(self.possible, opacity=0, remover=True)
        self.play(*self.fade(self.marks, 0), Change(self.nodes, lit=1), run_time=0.3)
        self.remove(*self.marks)
        self.play(*self.appear([arcs]), gone, run_time=1.0)
        self.wait(0.4)
        self._point_out(arcs, self.pair)
        self.afterwards(lambda: self._let_go(arcs))

    @beat
    def _the_tokens_relate(self) -> None:
        self.say(_("Thick arc, strong relation; the stronger direction counts"))
        arcs, count = self.arcs, len(self.slots)
        arcs.grown = arcs.only(self.asker)
        later = np.broadcast_to(np.arange(count) / max(count - 1, 1), (count, count))
        others = (1 - arcs.grown) * arcs.values
        arcs.strengths = arcs.strengths + others
        self.play(Change(arcs, grown=1, strengths=arcs.values, order=later, overlap=0.3), run_time=2.6)
        self.wait(0.5)

    @beat
    def _the_only_token_relates_to_itself(self) -> None:
        self.carry_over(self.nodes)
        self.say(_("A token alone has nothing to relate to but itself"))
        loop = WeightedGraph(
            self.nodes, self.shown_weights, self.theme, field=self.weights_field, number_size=self.frame.text
        )
        loop.loops[:] = [0.0, 1.0]
        loop.labelled[:] = True
        loop.grown[:] = 0
        loop.printed[:] = 0
        self.play(Change(loop, grown=1), run_time=1.4)
        self.play(Change(loop, printed=1), run_time=0.5)
        self.say(_("All of its attention stays with it"))

    @beat
    def _one_word_is_taken_out(self) -> None:
        self.say(_("Without {word}, the model reads the rest anew", word=self.taken))
        nodes, gone, shorter = self.nodes, self.gone, self.shorter_arcs
        own = np.maximum(gone[:, None], gone[None, :])
        self.play(Change(nodes, lit=gone), Change(self.arcs, lit=own), run_time=0.6)
        fall = FALL * nodes.sizes[0] * np.array([0.0, -1.0] if self.row else [-1.0, 0.0])
        away = self.whole + np.outer(gone, fall)
        there = 1.0 - gone
        self.play(
            Change(nodes, shown=there, places=away, lit=1),
            Change(self.arcs, shown=there[:, None] * there[None, :], lit=1),
            run_time=0.8,
        )
        closed = self.sentence.without(gone) + self.offset
        closed[gone > 0] = away[gone > 0]
        shorter.strengths = self._of_those_left(self.arcs.values)
        self.add(shorter)
        self.remove(self.arcs)
        self.play(Change(nodes, places=closed), Change(shorter, strengths=shorter.values), run_time=1.6)
        self.wait(0.4)
        lit = np.isin(np.arange(len(self.slots)), self.changed).astype(float)
        own_arcs = Change(shorter, shown=shorter.only(self.asker), lit=shorter.only(*self.changed))
        self.play(own_arcs, Change(nodes, lit=lit), run_time=0.6)
        self.say(*self._what_has_changed())

    @beat
    def _the_relations_rest(self) -> None:
        if self.related:
            self.say(_("Language: tokens that relate to one another"))
            if self.other_traces:
                self._let_the_word_return()
            plain = np.maximum(self.arcs.only(*self.pair), BESIDE)
            self.play(Change(self.arcs, lit=plain), run_time=0.6)
        self.rest()

    def _let_the_word_return(self) -> None:
        gone, arcs, shorter = self.gone, self.arcs, self.shorter_arcs
        apart = self.whole.copy()
        apart[gone > 0] = self.nodes.places[gone > 0]
        before = Change(shorter, strengths=self._of_those_left(arcs.values), shown=1, lit=1)
        self.play(Change(self.nodes, places=apart, lit=1), before, run_time=0.6)
        self.play(Change(self.nodes, places=self.whole, shown=1), run_time=0.4)
        there = 1.0 - gone
        arcs.shown = np.ones_like(arcs.shown)
        arcs.grown = there[:, None] * there[None, :]
        self.add(arcs)
        self.remove(shorter)
        shorter.strengths = shorter.values.copy()
        self.play(Change(arcs, grown=1), run_time=0.5)

    def _lay_out(self) -> None:
        """Find the largest chips that fit in a row; in a narrow frame in a column, where a row would be small."""
        self.sentence = fit(self._place, MOST_TOKENS if self.frame.wide else MOST_ROWS)
        self.asker = int(np.flatnonzero(self.slots == self.followed)[0])
        self._center()

    def _place(self, most: int) -> SentencePlaces | None:
        frame, stage = self.frame, self.frame.stage
        self.slots = self.shown_tokens(most)
        largest = frame.hero * (ALONE if len(self.slots) == 1 else 1)
        upright = frame.tall and len(self.slots) > 1  # there, arcs over a row would be low
        for longest in (9.0, 6.0, 4.5):
            texts = ChipTexts.of(self.trace, self.slots, longest, self.followed)
            found = None if upright else place_row(texts, stage, largest, frame.text)
            found = found or (None if frame.wide else place_column(texts, stage, largest, frame.smallest_text))
            if found:
                return found
        return None

    def _center(self) -> None:
        """Let the chips and their arcs together stand in the middle of the stage."""
        stage, sentence = self.frame.stage, self.sentence
        self.row = sentence.standing == "row"
        spread = float(np.ptp(sentence.without()[:, 0 if self.row else 1]))
        if len(self.slots) == 1:
            self.reach, self.offset = 0.0, np.array([0.0, stage.height / 2 - 1.3 * sentence.region.height])
        elif self.row:
            room = stage.height - sentence.region.height - self.frame.text * 1.6
            steep = 0.55 if self.frame.wide else 0.85 if self.frame.tall else 0.7
            self.reach = min(room, steep * spread)
            used = sentence.region.height + self.reach
            self.offset = np.array([0.0, (stage.height - used) / 2 - self.frame.text * 0.4])
        else:
            self.reach = min(stage.width - sentence.region.width - self.frame.text, 1.1 * spread)
            used = sentence.region.width + self.reach
            self.offset = np.array([(stage.width - used) / 2, 0.0])
        self.whole = sentence.without() + self.offset

    def _build(self) -> None:
        """Make chips and arcs, of the sentence and of the one with a word less."""
        sentence = self.sentence
        places, stage = self.whole, self.frame.stage
        self.nodes = GraphNodes(sentence.texts, stage, places, sentence.size, self.theme, sentence.tall)
        self.arcs = self._arcs(self.trace, self.slots, "")
        self.related = len(self.trace) > 1
        self._choose_pair()
        arcs = [self.arcs]
        shown = self.slots[self.slots >= 0]
        shorter = without_one_word(self.trace, shown, self.settings, self.followed)
        if shorter:
            self.other_traces["shorter"] = shorter.trace
            left = np.isin(self.slots, shorter.kept)
            self.gone: Array = (~left & (self.slots >= 0)).astype(float)
            slots = np.where(left, np.searchsorted(shorter.kept, self.slots), -1)
            self.shorter_arcs = self._arcs(shorter.trace, slots, "shorter.")
            arcs.append(self.shorter_arcs)
            out = self.trace.spans[self.slots[self.gone > 0]]
            self.taken = in_quotes(self.trace.sentence[out.min() : out.max()])
            self.changed = self._most_changed()
        limit = max((float(np.triu(part.values, 1).max()) for part in arcs), default=0.0) or 1.0
        span = max(part.span for part in arcs)
        for part in arcs:
            part.limit, part.span = limit, span

    def _arcs(self, trace: AttentionTrace, slots: NDArray[np.int64], whose: str) -> Arcs:
        weights, standing = trace.weights_of(self.settings.head), self.sentence.standing
        field = self.weights_field.replace("weights", f"{whose}weights")
        return Arcs(self.nodes, weights, self.theme, standing, self.reach, 1.0, slots=slots, field=field)

    def _choose_pair(self) -> None:
        """Choose the token that the asker attends to most, among words where there are any."""
        most = most_attended(self.trace, self.shown_weights, self.followed)
        shown = np.flatnonzero(self.slots == most) if most is not None else np.array([], dtype=int)
        others = np.where(np.arange(len(self.slots)) == self.asker, -1.0, self.arcs.relations[self.asker])
        self.pair = self.asker, int(shown[0]) if len(shown) else int(others.argmax())

    def _of_those_left(self, values: Array) -> Array:
        """Return ``values`` (n, n), 0 where a token is taken out."""
        there = 1.0 - self.gone
        result: Array = values * there[:, None] * there[None, :]
        return result

    def _most_changed(self) -> tuple[int, int]:
        """Return the asker and what it relates to most of the words that it now relates to more; else, less."""
        before, after = self._of_those_left(self.arcs.relations)[self.asker], self.shorter_arcs.relations[self.asker]
        others = (self.slots >= 0) & (self.gone == 0) & (np.arange(len(self.slots)) != self.asker)
        words = others & self.trace.words[self.slots]
        others = words if words.any() else others
        more = others & (after - before >= SEEN)
        told = np.where(more, after, -1.0) if more.any() else np.where(others, np.abs(after - before), -1.0)
        return self.asker, int(told.argmax())

    def _what_has_changed(self) -> tuple[str, Fact, Fact]:
        """Return what has become of the relation between two tokens, and its strength before and after."""
        one, other = (named(self.trace, int(self.slots[place])) for place in self.changed)
        facts = before, after = self.arcs.fact(*self.changed), self.shorter_arcs.fact(*self.changed)
        if after.printed > before.printed:
            short = _("{token} and {other} relate more: {before} → {after}")
            longer = _("Without {word}, {token} and {other} relate more: {before} → {after}")
        elif after.printed < before.printed:
            short = _("{token} and {other} relate less: {before} → {after}")
            longer = _("Without {word}, {token} and {other} relate less: {before} → {after}")
        else:
            short = _("{token} and {other} relate as before: {before} → {after}")
            longer = _("Without {word}, {token} and {other} relate as before: {before} → {after}")
        places = {"word": self.taken, "token": one, "other": other, "before": before.text, "after": after.text}
        said = longer.format(**places)
        return said if caption_length(said) <= CAPTION_LIMIT else short.format(**places), *facts

    def _question_marks(self, possible: OpenArcs, size: float) -> list[Label]:
        """Return question marks, one where each arc from the asker ends."""
        marks = [Label("?", self.theme.ink(QUERY), size, weight="BOLD") for _ in possible.ends]
        for mark, end in zip(marks, possible.ends.tolist(), strict=True):
            mark.move_to((*possible.at(end, ABOVE * size), 0))
        return marks

    def _point_out(self, arcs: Arcs, pair: tuple[int, int]) -> None:
        """Light one arc and its two chips."""
        lit = np.isin(np.arange(len(self.slots)), pair).astype(float)
        self.play(Change(arcs, lit=arcs.only(*pair)), Change(self.nodes, lit=lit), run_time=0.8)

    def _let_go(self, arcs: Arcs) -> None:
        """Let all be lit again."""
        self.play(*(Change(part, lit=1) for part in (self.nodes, arcs)), run_time=0.6)
