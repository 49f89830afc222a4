"""Clip 3: language is tokens that relate to one another."""

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.drawing.arrays import Array
from scenes.drawing.change import Change
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.fonts import MONO
from scenes.look.theme import WEIGHT
from scenes.mobjects.graph_nodes import GraphNodes
from scenes.mobjects.label import Label, Part
from scenes.mobjects.weighted_graph import WeightedGraph
from scenes.places.chip_texts import ChipTexts
from scenes.places.fitting import fit
from scenes.places.layout import visible_slots
from scenes.relationships_parts.arcs import Arcs
from scenes.relationships_parts.sentence_places import SentencePlaces, place_sentence
from scenes.relationships_parts.shorter_sentence import without_one_word

DIMMED = 0.3


class Relationships(ExplainerScene):
    """Arcs over the sentence, as strong as the attention both ways; then one word is gone, and the others relate anew.

    ``other_traces`` holds the trace of the shorter sentence, if there is one.
    """

    stage = None
    averages = True

    def construct(self) -> None:
        """Play the storyboard's row for clip 3."""
        self.other_traces: dict[str, AttentionTrace] = {}
        self._lay_out()
        self._build()
        self._a_sentence_is_a_row_of_tokens()
        if self.related:
            self._the_tokens_relate()
            self._one_relation_stands_out()
        else:
            self._the_only_token_relates_to_itself()
        if self.other_traces:
            self._one_word_is_taken_out()
            self._the_others_relate_anew()
            self._the_word_returns()
        self._the_relations_rest()

    @beat
    def _a_sentence_is_a_row_of_tokens(self) -> None:
        self.carry_over(self.nodes)
        self.say("A sentence is a row of tokens")
        self.wait(1.0)

    @beat
    def _the_tokens_relate(self) -> None:
        self.say("Its tokens relate: arcs join those that attend")
        self.arcs.grown[:] = 0
        count = len(self.slots)
        later = np.broadcast_to(np.arange(count) / max(count - 1, 1), (count, count))
        self.play(Change(self.arcs, grown=1, order=later, overlap=0.3), run_time=2.8)
        self.say("Width: the mean of the attention weights both ways")
        self.wait(1.2)

    @beat
    def _one_relation_stands_out(self) -> None:
        self.say("These two words relate most")
        number = self._number([(self.arcs.fact(*self.pair), self.theme.ink(WEIGHT))], self.arcs, self.pair)
        self._point_out(self.arcs, self.pair, number)
        self.wait(1.0)
        self._let_go(self.arcs, number)

    @beat
    def _the_only_token_relates_to_itself(self) -> None:
        self.say("A token alone has nothing to relate to but itself")
        loop = WeightedGraph(
            self.nodes,
            self.shown_weights,
            self.theme,
            slots=self.slots,
            field=self.weights_field,
            number_size=self.number_size,
        )
        loop.loops[:] = [0.0, 1.0]
        loop.labelled[:] = True
        loop.grown[:] = 0
        loop.printed[:] = 0
        self.play(Change(loop, grown=1), run_time=1.4)
        self.play(Change(loop, printed=1), run_time=0.5)
        self.wait(2.0)
        self.say("So all of its attention goes there")
        self.wait(2.4)

    @beat
    def _one_word_is_taken_out(self) -> None:
        self.say("Now one word is taken out")
        nodes, gone = self.nodes, self.gone
        self.play(
            Change(nodes, lit=np.where(gone, 1.0, DIMMED)),
            Change(self.arcs, lit=np.maximum(gone[:, None], gone[None, :])),
        )
        away = self.whole + np.outer(gone, [0.0, -1.2 * nodes.sizes[0]] if self.row else [-1.0 * nodes.sizes[0], 0.0])
        there = 1.0 - gone
        self.play(
            Change(nodes, shown=there, places=away, lit=1),
            Change(self.arcs, shown=there[:, None] * there[None, :], lit=1),
        )
        closed = self.sentence.without(gone)
        closed[gone > 0] = away[gone > 0]
        self.play(Change(nodes, places=closed), run_time=0.8)

    @beat
    def _the_others_relate_anew(self) -> None:
        self.say("The model reads the rest: all relations change")
        shorter = self.shorter_arcs
        shorter.strengths = np.where(shorter.values > 0, self.arcs.strengths, 0.0)
        self.add(shorter)
        self.remove(self.arcs)
        self.play(Change(shorter, strengths=shorter.values), run_time=2.2)
        self.wait(0.4)
        self.say("This relation has changed most")
        ink = self.theme.ink(WEIGHT)
        parts: list[Part] = [
            (self.arcs.fact(*self.changed), self.theme.quiet),
            ("→", self.theme.quiet),
            (shorter.fact(*self.changed), ink),
        ]
        number = self._number(parts, shorter, self.changed)
        self._point_out(shorter, self.changed, number)
        self.wait(1.2)
        self._let_go(shorter, number)

    @beat
    def _the_word_returns(self) -> None:
        self.say("The word is back, and so are its relations")
        gone, arcs, shorter = self.gone, self.arcs, self.shorter_arcs
        apart = self.whole.copy()
        apart[gone > 0] = self.nodes.places[gone > 0]
        before = np.where(shorter.values > 0, arcs.values, 0.0)
        self.play(Change(self.nodes, places=apart), Change(shorter, strengths=before), run_time=1.0)
        self.play(Change(self.nodes, places=self.whole, shown=1), run_time=0.7)
        there = 1.0 - gone
        arcs.shown = np.ones_like(arcs.shown)
        arcs.grown = there[:, None] * there[None, :]
        self.add(arcs)
        self.remove(shorter)
        shorter.strengths = shorter.values.copy()
        self.play(Change(arcs, grown=1), run_time=1.0)

    @beat
    def _the_relations_rest(self) -> None:
        self.say("Language: tokens that relate to one another")
        self.rest(2.0 if self.other_traces else 3.0)

    def _lay_out(self) -> None:
        """Find the largest chips that fit in a row, or in a column where a row could not be read."""
        self.number_size = self.frame.text if self.frame.wide else self.frame.smallest_text * 1.05
        self.sentence = fit(self._place)
        self._center()

    def _place(self, most: int) -> SentencePlaces | None:
        frame, stage = self.frame, self.frame.stage
        self.slots = visible_slots(len(self.trace), most)
        for longest in (9.0, 6.0, 4.5):
            texts = ChipTexts.of(self.trace, self.slots, longest)
            found = place_sentence(texts, stage, frame.text * 1.4, frame.smallest_text)
            if found and (found.standing == "row" or found.region.width < 0.4 * stage.width):
                return found
        return None

    def _center(self) -> None:
        """Let the chips and their arcs together stand in the middle of the stage."""
        stage, sentence = self.frame.stage, self.sentence
        self.row = sentence.standing == "row"
        spread = float(np.ptp(sentence.without()[:, 0 if self.row else 1]))
        if self.row:
            room = stage.height - sentence.region.height - self.number_size * 1.6
            self.reach = min(room, 0.55 * spread)
            used = sentence.region.height + self.reach
            self.offset = np.array([0.0, (stage.height - used) / 2 - self.number_size * 0.4])
        else:
            room = stage.width - sentence.region.width - self.number_size * 7.5
            self.reach = min(room, 0.7 * spread)
            used = sentence.region.width + self.reach
            self.offset = np.array([(stage.width - used) / 2 - self.number_size * 3, 0.0])
            self.offset[0] = max(self.offset[0], 0.0)
        self.whole = sentence.without() + self.offset

    def _build(self) -> None:
        """Make chips and arcs, of the sentence and of the one with a word less."""
        sentence = self.sentence
        places, stage = self.whole, self.frame.stage
        self.nodes = GraphNodes(sentence.texts, stage, places, sentence.size, self.theme, sentence.tall)
        self.arcs = self._arcs(self.trace, self.slots, "")
        strongest = self._strongest(self.arcs.values)
        self.related, self.pair = strongest is not None, strongest or (0, 0)
        arcs = [self.arcs]
        shown = self.slots[self.slots >= 0]
        shorter = without_one_word(self.trace, shown, self.settings)
        if shorter:
            self.other_traces["shorter"] = shorter.trace
            left = np.isin(self.slots, shorter.kept)
            self.gone: Array = (~left & (self.slots >= 0)).astype(float)
            slots = np.where(left, np.searchsorted(shorter.kept, self.slots), -1)
            self.shorter_arcs = self._arcs(shorter.trace, slots, "shorter.")
            arcs.append(self.shorter_arcs)
            both = (self.arcs.values > 0) & (self.shorter_arcs.values > 0)
            differences = np.where(both, np.abs(self.arcs.values - self.shorter_arcs.values), 0.0)
            self.changed = self._strongest(differences) or (0, 0)
        limit = max((float(np.triu(part.values, 1).max()) for part in arcs), default=0.0) or 1.0
        for part in arcs:
            part.limit = limit

    def _arcs(self, trace: AttentionTrace, slots: NDArray[np.int64], whose: str) -> Arcs:
        weights, standing = trace.weights_of(self.settings.head), self.sentence.standing
        field = self.weights_field.replace("weights", f"{whose}weights")
        return Arcs(self.nodes, weights, self.theme, standing, self.reach, 1.0, slots=slots, field=field)

    def _strongest(self, values: Array) -> tuple[int, int] | None:
        """Return the places of the two different words with the largest value; None where there are no two tokens."""
        upper = np.triu(np.where(values > 0, values, -3.0), 1) + np.tril(np.full(values.shape, -3.0))
        labels = [label.lower() for label in self.sentence.texts.labels]
        words = self.trace.words[self.slots] & (self.slots >= 0)
        same = np.array([[first == second for second in labels] for first in labels])
        upper -= same | ~words[:, None] | ~words[None, :]  # any two words before all else
        first, second = np.unravel_index(upper.argmax(), upper.shape)
        return (int(first), int(second)) if upper[first, second] > -2 else None

    def _number(self, parts: list[Part], arcs: Arcs, pair: tuple[int, int]) -> Label:
        """Return numbers that stand where an arc is farthest from its chips, and within the stage."""
        label = Label(parts, self.theme.text, self.number_size, MONO)
        x, y = arcs.top(*pair)
        if self.row:
            stage, half = self.frame.stage, label.width / 2
            label.move_to((np.clip(x, stage.left + half, stage.right - half), y + self.number_size * 0.9, 0))
        else:
            label.move_to((x + self.number_size * 0.5 + label.width / 2, y, 0))
        return label

    def _point_out(self, arcs: Arcs, pair: tuple[int, int], number: Label) -> None:
        """Light one arc, its two chips and its number."""
        lit = np.full(len(self.slots), DIMMED)
        lit[list(pair)] = 1
        self.play(
            Change(arcs, lit=arcs.only(*pair)),
            Change(self.nodes, lit=lit),
            Change(number.set_opacity(0), opacity=1),
            run_time=0.8,
        )

    def _let_go(self, arcs: Arcs, number: Label) -> None:
        self.play(Change(arcs, lit=1), Change(self.nodes, lit=1), Change(number, opacity=0), run_time=0.6)
        self.remove(number)
