"""Clip 3: language is tokens that relate to one another."""

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.captioned_scene import CAPTION_LIMIT
from scenes.content.asking import in_quotes, kind_of_tokens, named, question, whole_words
from scenes.drawing.arrays import Array
from scenes.drawing.change import Change
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.fonts import MONO
from scenes.look.theme import QUERY
from scenes.mobjects.graph_nodes import GraphNodes
from scenes.mobjects.label import Label, Part
from scenes.mobjects.weighted_graph import WeightedGraph
from scenes.places.chip_texts import ChipTexts
from scenes.places.fitting import fit
from scenes.relationships_parts.arcs import Arcs
from scenes.relationships_parts.open_arcs import OpenArcs
from scenes.relationships_parts.sentence_places import SentencePlaces, place_column, place_row
from scenes.relationships_parts.shorter_sentence import relations, without_one_word

ALONE = 3.0  # size of a token that is the only one, in heroes
LARGER = 1.2  # numbers over a row of chips, by those elsewhere
MARK = 1.1  # size of a question mark, in heroes
ABOVE = 0.7  # how far it is from the foot of its arc, in its own size
ASKED = 0.5  # how far tokens are lit that are asked about
BESIDE = 0.4  # how far the other arcs are lit at the end
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
        self.afterwards(lambda: self._let_go([possible, *marks]))

    @beat
    def _the_tokens_relate(self) -> None:
        self.say("The thicker an arc, the more two tokens relate")
        self.arcs.grown[:] = 0
        count = len(self.slots)
        later = np.broadcast_to(np.arange(count) / max(count - 1, 1), (count, count))
        self.play(Change(self.arcs, grown=1, order=later, overlap=0.3), run_time=2.6)
        self.wait(0.5)

    @beat
    def _one_relation_stands_out(self) -> None:
        first, second = (named(self.trace, int(self.slots[place])) for place in self.pair)
        self.say(f"Of {self.among}s, {first} relates most to {second}")
        arcs, ink, quiet = self.arcs, self.theme.text, self.theme.quiet
        there, back = arcs.one_way(*self.pair), arcs.one_way(*self.pair[::-1])
        mean: list[Part] = [(arcs.fact(*self.pair), ink), ("= mean of", quiet)]
        of: list[Part] = [(there, ink), ("and", quiet), (back, ink)]
        numbers = self._numbers([mean, of], arcs, self.pair)
        self._point_out(arcs, self.pair, numbers)
        self.afterwards(lambda: self._let_go(numbers, arcs))

    @beat
    def _the_only_token_relates_to_itself(self) -> None:
        self.carry_over(self.nodes)
        self.say("A token alone has nothing to relate to but itself")
        loop = WeightedGraph(
            self.nodes, self.shown_weights, self.theme, field=self.weights_field, number_size=self.frame.text
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
        self.say(f"Now {self.taken} is taken out")
        nodes, gone = self.nodes, self.gone
        own = np.maximum(gone[:, None], gone[None, :])
        self.play(Change(nodes, lit=gone), Change(self.arcs, lit=own), run_time=0.7)
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
        self.play(Change(nodes, places=closed), run_time=0.8)

    @beat
    def _the_others_relate_anew(self) -> None:
        self.say("The model reads the rest: all relations change")
        shorter = self.shorter_arcs
        shorter.strengths = self._of_those_left(self.arcs.values)
        self.add(shorter)
        self.remove(self.arcs)
        self.play(Change(shorter, strengths=shorter.values), run_time=2.2)
        self.wait(0.4)
        ink = self.theme.text
        before, after = self.arcs.fact(*self.changed), shorter.fact(*self.changed)
        self.say(self._what_has_changed(before, after), before, after)
        parts: list[Part] = [(before, ink), ("→", self.theme.quiet), (after, ink)]
        numbers = self._numbers([parts], shorter, self.changed)
        self._point_out(shorter, self.changed, numbers)
        self.afterwards(lambda: self._let_go(numbers, shorter))

    @beat
    def _the_word_returns(self) -> None:
        self.say(f"{self.taken} is back, and so are its relations")
        gone, arcs, shorter = self.gone, self.arcs, self.shorter_arcs
        apart = self.whole.copy()
        apart[gone > 0] = self.nodes.places[gone > 0]
        before = self._of_those_left(arcs.values)
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
            plain = np.maximum(self.arcs.only(*self.pair), BESIDE)
            self.play(Change(self.arcs, lit=plain), run_time=0.6)
        self.rest()

    def _lay_out(self) -> None:
        """Find the largest chips that fit in a row; in a narrow frame in a column, where a row would be small."""
        self.sentence = fit(self._place)
        self.asker = int(np.flatnonzero(self.slots == self.followed)[0])
        self._center()

    def _place(self, most: int) -> SentencePlaces | None:
        frame, stage = self.frame, self.frame.stage
        self.slots = self.shown_tokens(most)
        largest = frame.hero * (ALONE if len(self.slots) == 1 else 1)
        for longest in (9.0, 6.0, 4.5):
            texts = ChipTexts.of(self.trace, self.slots, longest, self.followed)
            found = place_row(texts, stage, largest, frame.text if frame.tall else frame.smallest_text)
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
        """Choose the token that the asker relates most to, among words where the text is of words."""
        kind = kind_of_tokens(self.trace)
        every = whole_words(self.trace) if kind == "word" else np.ones(len(self.trace), dtype=bool)
        every[self.followed] = False
        means = relations(self.shown_weights)[self.followed]
        shown = (self.slots >= 0) & every[self.slots]
        self.pair = self.asker, int(np.where(shown, self.arcs.means[self.asker], -1.0).argmax())
        all_of_them = np.max(means, where=every, initial=-1.0) <= means[self.slots[self.pair[1]]]
        self.among = f"all {kind}" if all_of_them else f"these {kind}"

    def _of_those_left(self, values: Array) -> Array:
        """Return ``values`` (n, n), 0 where a token is taken out."""
        there = 1.0 - self.gone
        result: Array = values * there[:, None] * there[None, :]
        return result

    def _most_changed(self) -> tuple[int, int]:
        """Return two tokens whose relation has changed so that it can be read: the asker's with a word, else any."""
        before, after = self._of_those_left(self.arcs.means), self.shorter_arcs.means
        change = np.abs(before - after)
        own = np.where(self.trace.words[self.slots] & (self.slots >= 0), change[self.asker], 0.0)
        own[self.asker] = 0.0
        other = int(own.argmax())
        if f"{before[self.asker, other]:.2f}" != f"{after[self.asker, other]:.2f}":
            return self.asker, other
        return _largest(change)

    def _what_has_changed(self, before: Fact, after: Fact) -> str:
        """Return what has become of the relation between two tokens."""
        one, other = (named(self.trace, int(self.slots[place])) for place in self.changed)
        how = "more" if after.value > before.value else "less"
        text = f"{one} and {other} relate {how}: {before.text} → {after.text}"
        longer = f"Without {self.taken}, {text}"
        return longer if len(longer) <= CAPTION_LIMIT else text

    def _question_marks(self, possible: OpenArcs, size: float) -> list[Label]:
        """Return question marks, one where each arc from the asker ends."""
        marks = [Label("?", self.theme.ink(QUERY), size, weight="BOLD") for _ in possible.ends]
        for mark, end in zip(marks, possible.ends.tolist(), strict=True):
            mark.move_to((*possible.at(end, ABOVE * size), 0))
        return marks

    def _numbers(self, lines: list[list[Part]], arcs: Arcs, pair: tuple[int, int]) -> list[Label]:
        """Return numbers where an arc is farthest from its chips, over a row or at the side of a column."""
        x, y = arcs.top(*sorted(pair))
        gap, stage = 0.3 * self.frame.text, self.frame.stage
        if self.row:
            one_line = [[part for line in lines for part in line]]
            labels = self._lines(one_line if self.frame.wide else lines, LARGER * self.frame.text)
            self._stand(labels, x, y + sum(label.height for label in labels) / 2 + gap)
            return labels
        text, small = self.frame.text, self.frame.small_text
        inner = float(self.whole[:, 0].max()) + self.sentence.size
        for size, side in (*product(np.linspace(text, small, 4).tolist(), (1, -1)), (small, 0)):
            labels = self._lines(lines, size)
            half = max(label.width for label in labels) / 2
            center = x + side * (2 * gap + half)
            if inner < center - half - gap and center + half + gap < stage.right:
                break
        self._stand(labels, center, y)
        return labels

    def _stand(self, labels: list[Label], x: float, y: float) -> None:
        """Stand lines under each other around a place, within the stage."""
        stage, line = self.frame.stage, labels[0].height
        across = max(label.width for label in labels) / 2 + 0.2 * line  # with their ground
        up = len(labels) * line / 2
        x = float(np.clip(x, stage.left + across, stage.right - across))
        y = float(np.clip(y, stage.bottom + up, stage.top - up))
        for index, label in enumerate(labels):
            label.move_to((x, y + up - (index + 0.5) * line, 0))

    def _lines(self, lines: list[list[Part]], size: float) -> list[Label]:
        return [Label(line, self.theme.text, size, MONO, plate=self.theme.plate) for line in lines]

    def _point_out(self, arcs: Arcs, pair: tuple[int, int], numbers: list[Label]) -> None:
        """Light one arc, its two chips and its numbers."""
        lit = np.isin(np.arange(len(self.slots)), pair).astype(float)
        self.play(
            Change(arcs, lit=arcs.only(*pair)),
            Change(self.nodes, lit=lit),
            *self.appear(numbers),
            run_time=0.8,
        )

    def _let_go(self, parts: Sequence[DrawnMobject], *arcs: Arcs) -> None:
        """Let all be lit again, and what pointed something out go."""
        lit = [Change(part, lit=1) for part in (self.nodes, *arcs)]
        self.play(*lit, *(Change(part, opacity=0, remover=True) for part in parts), run_time=0.6)


def _largest(values: Array) -> tuple[int, int]:
    """Return the two different places with the largest of symmetric ``values`` (n, n)."""
    first, second = np.unravel_index(np.triu(values, 1).argmax(), values.shape)
    return int(first), int(second)
