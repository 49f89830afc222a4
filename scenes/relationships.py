"""Clip 3: language is tokens that relate to one another."""

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.content.asking import named, question
from scenes.drawing.arrays import Array
from scenes.drawing.change import Change
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.fonts import MONO
from scenes.look.theme import QUERY, WEIGHT
from scenes.mobjects.graph_nodes import GraphNodes
from scenes.mobjects.label import Label, Part
from scenes.mobjects.weighted_graph import WeightedGraph
from scenes.places.chip_texts import ChipTexts
from scenes.places.fitting import fit
from scenes.relationships_parts.arcs import Arcs
from scenes.relationships_parts.sentence_places import SentencePlaces, place_column, place_row
from scenes.relationships_parts.shorter_sentence import without_one_word

ALONE = 2.0  # size of a token that is the only one, in heroes
FALL = 0.35  # how far a word goes down that is taken out, in em


class Relationships(ExplainerScene):
    """A question, and arcs over the sentence, as strong as the attention both ways; one word goes, and comes back.

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
    def _one_token_has_a_need(self) -> None:
        self.carry_over(self.nodes)
        self.say(question(self.trace, self.followed))
        mark = Label("?", self.theme.ink(QUERY), 1.6 * self.frame.hero, weight="BOLD")
        self._stand_beside(mark, self.nodes.places[self.asker], self.nodes.halves[self.asker])
        lit = (np.arange(len(self.slots)) == self.asker).astype(float)
        self.play(Change(self.nodes, lit=lit), *self.appear([mark]), run_time=0.6)
        self.wait_until_read()
        self.play(Change(self.nodes, lit=1), *self.fade([mark], 0), run_time=0.5)
        self.remove(mark)

    @beat
    def _the_tokens_relate(self) -> None:
        self.say("Arc width: their mean attention, both ways")
        self.arcs.grown[:] = 0
        count = len(self.slots)
        later = np.broadcast_to(np.arange(count) / max(count - 1, 1), (count, count))
        self.play(Change(self.arcs, grown=1, order=later, overlap=0.3), run_time=2.6)
        self.wait(0.5)

    @beat
    def _one_relation_stands_out(self) -> None:
        first, second = (named(self.trace, int(self.slots[place])) for place in self.pair)
        self.say(f"Of all others, {first} relates most to {second}")
        number = self._number([(self.arcs.fact(*self.pair), self.theme.ink(WEIGHT))], self.arcs, self.pair)
        self._point_out(self.arcs, self.pair, number)
        self.wait_until_read()
        self._let_go(self.arcs, number)

    @beat
    def _the_only_token_relates_to_itself(self) -> None:
        self.carry_over(self.nodes)
        self.say("A token alone has nothing to relate to but itself")
        loop = WeightedGraph(
            self.nodes, self.shown_weights, self.theme, field=self.weights_field, number_size=self.number_size
        )
        loop.loops[:] = [0.0, 1.0]
        loop.labelled[:] = True
        loop.grown[:] = 0
        loop.printed[:] = 0
        self.play(Change(loop, grown=1), run_time=1.4)
        self.play(Change(loop, printed=1), run_time=0.5)
        self.say("All of its attention stays with it")

    @beat
    def _one_word_is_taken_out(self) -> None:
        self.say("Now one word is taken out")
        nodes, gone = self.nodes, self.gone
        self.play(Change(nodes, lit=gone), Change(self.arcs, lit=np.maximum(gone[:, None], gone[None, :])))
        fall = FALL * nodes.sizes[0] * np.array([0.0, -1.0] if self.row else [-1.0, 0.0])
        away = self.whole + np.outer(gone, fall)
        there = 1.0 - gone
        self.play(
            Change(nodes, shown=there, places=away, lit=1),
            Change(self.arcs, shown=there[:, None] * there[None, :], lit=1),
        )
        closed = self.sentence.without(gone) + self.offset
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
        if self.related:
            self.say("Language: tokens that relate to one another")
        self.rest(2.0)

    def _lay_out(self) -> None:
        """Find the largest chips that fit in a row; in a narrow frame in a column, where a row would be small."""
        self.number_size = self.frame.text if self.frame.wide else self.frame.small_text
        self.sentence = fit(self._place)
        self.asker = int(np.flatnonzero(self.slots == self.followed)[0])
        self._center()

    def _place(self, most: int) -> SentencePlaces | None:
        frame, stage = self.frame, self.frame.stage
        self.slots = self.shown_tokens(most)
        largest = frame.hero * (ALONE if len(self.slots) == 1 else 1)
        for longest in (9.0, 6.0, 4.5):
            texts = ChipTexts.of(self.trace, self.slots, longest)
            found = place_row(texts, stage, largest, frame.smallest_text if frame.wide else frame.text)
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
        own = self.arcs.only(self.asker) * (1 - np.eye(len(self.slots)))
        strongest = self._strongest(self.arcs.values * own) or (0, 0)
        self.related = len(self.trace) > 1
        self.pair = strongest if strongest[0] == self.asker else strongest[::-1]
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
        label = Label(parts, self.theme.text, self.number_size, MONO, plate=self.theme.plate)
        first, second = sorted(pair)
        self._stand_beside(label, np.array(arcs.top(first, second)), np.zeros(2))
        return label

    def _stand_beside(self, label: Label, place: Array, half: Array) -> None:
        """Stand a label where arcs are: over a row, or at the right of a column."""
        stage, across = self.frame.stage, label.width / 2
        x, y = place.tolist()
        if self.row:
            up = y + half[1] + label.height / 2 + self.number_size * 0.25
            label.move_to((np.clip(x, stage.left + across, stage.right - across), up, 0))
        else:
            label.move_to((x + half[0] + self.number_size * 0.5 + across, y, 0))

    def _point_out(self, arcs: Arcs, pair: tuple[int, int], number: Label) -> None:
        """Light one arc, its two chips and its number."""
        lit = np.isin(np.arange(len(self.slots)), pair).astype(float)
        self.play(
            Change(arcs, lit=arcs.only(*pair)),
            Change(self.nodes, lit=lit),
            Change(number.set_opacity(0), opacity=1),
            run_time=0.8,
        )

    def _let_go(self, arcs: Arcs, number: Label) -> None:
        self.play(Change(arcs, lit=1), Change(self.nodes, lit=1), Change(number, opacity=0), run_time=0.6)
        self.remove(number)
