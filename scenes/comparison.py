"""One word in two sentences: alike before attention, another vector in each after it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.comparison_parts.badge import RADIUS, Badge
from scenes.comparison_parts.chip_bars import ChipBars
from scenes.comparison_parts.comparison_places import ComparisonPlaces, place_comparison
from scenes.comparison_parts.pair_map import PairMap
from scenes.comparison_parts.pair_places import PairPlaces
from scenes.content.focus import strongest_rows
from scenes.content.pair import SECOND, read_pair
from scenes.drawing.arrays import corners
from scenes.drawing.change import Change
from scenes.drawing.fact import Fact
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.theme import EMBEDDING, OUTPUT
from scenes.mobjects.graph_nodes import GraphNodes
from scenes.mobjects.label import Label
from scenes.mobjects.stage_strip import StageStrip
from scenes.places.arrange import flow, stack
from scenes.places.chip_texts import ChipTexts
from scenes.places.fitting import fit

MOST_TOKENS = 28  # of a sentence; of a longer one those with the largest weights are shown
LONGEST_WORD = 18  # characters of a word in a caption
LONGEST_OTHER, LONGEST_PIECE = 11, 9  # of words, and of pieces, where a caption has two
_NOTABLE = 0.2  # by which the cosine has to fall so that attention parts the two


class Comparison(ExplainerScene):
    """A word that two sentences share attends to each; its output goes another way, which two cosines measure.

    ``pair`` holds both traces; facts call the second one ``second``.
    """

    stage = "weights"

    def read_traces(self) -> tuple[AttentionTrace, ...]:
        """Return both sentences' traces."""
        self.pair = read_pair(self.settings)
        return self.pair.traces

    @property
    def subject(self) -> str:
        """Both sentences."""
        return self.pair.sentence

    def construct(self) -> None:
        """Play the storyboard's row for the comparison."""
        self.other_traces = {SECOND: self.pair.second}
        self._lay_out()
        self._build()
        self._two_sentences_share_a_word()
        self._it_attends_to_its_sentence()
        if any(other is not None for other in self.others):
            self._it_attends_to_other_words()
        self._the_sentences_make_room()
        self._before_attention()
        self._after_attention()
        self._the_two_outputs_rest()

    @beat
    def _two_sentences_share_a_word(self) -> None:
        self.add(*self.nodes, *self.badges)
        self.say(f"Two sentences, one word in both: {_quoted(self.pair.word.text)}")
        self.play(*self._light([[own] for own in self.own]), *self._ring(), run_time=0.6)
        self.wait(1.2)
        if max(map(len, self.pair.word.pieces)) > 1:
            pieces = (t.labels[k] for t, k in zip(self.pair.traces, self.pair.word.tokens, strict=True))
            quoted = ", ".join(dict.fromkeys(_quoted(piece, LONGEST_PIECE) for piece in pieces))
            self.say(f"Its last piece stands for the word: {quoted}")
            self.wait(1.4)

    @beat
    def _it_attends_to_its_sentence(self) -> None:
        heads = self.trace.heads
        if self.trace.causal:
            self.say("This model looks back: only what stands before counts")
            self.play(*self._light(self.seen), run_time=0.6)
            self.wait(0.8)
        of_head = "" if heads == 1 else f" in head {self.head}"
        self.say(f"Bars: how much it attends to each token{of_head}")
        for bars in self.bars:
            bars.grown[:] = 0
        self.add(*self.bars)
        moves = [Change(bars, grown=1, order=np.linspace(0, 1, len(bars.grown)), run_time=1.8) for bars in self.bars]
        self.play(*self._light(self.seen), *moves)
        self.wait(1.4)

    @beat
    def _it_attends_to_other_words(self) -> None:
        here, there = (
            _quoted(trace.labels[other], LONGEST_OTHER) if other is not None else "none"
            for trace, other in zip(self.pair.traces, self.others, strict=True)
        )
        where = f"{here} in both" if here.casefold() == there.casefold() else f"{here} here, {there} there"
        self.say(f"{'Content' if self.pair.tells_content else 'Other'} words: most to {where}")
        self.play(*self._light(self._told_words(), with_bars=True), run_time=0.7)
        self.wait(1.8)

    @beat
    def _the_sentences_make_room(self) -> None:
        self.say("A map of vectors, with words of the embedding table")
        alone = [np.arange(len(nodes.places)) == own for nodes, own in zip(self.nodes, self.own, strict=True)]
        self.play(
            *(Change(nodes, shown=one, lit=1) for nodes, one in zip(self.nodes, alone, strict=True)),
            *self.fade([*self.bars, *self.badges], 0),
            run_time=0.2,
        )
        self.map.present[:] = self.map.moved[:] = self.map.shown[:] = 0
        self.add(self.map)
        self.play(*self._go_to(self.places.apart), run_time=0.6)
        self.play(
            Change(self.map, shown=1),
            *self.appear(self.notes),
            Change(self.strip, lit=StageStrip.at(None)),
            *(Change(nodes, shown=1) for nodes in self.nodes),
            *(Change(bars, opacity=float(self.places.apart.bar > 0), lit=1) for bars in self.bars),
            *self.fade(self.badges, 1),
            *self._light(self.seen),
            run_time=0.4,
        )
        self.wait(0.8)

    @beat
    def _before_attention(self) -> None:
        self.say(self._said_before())
        self.play(Change(self.map, present=1, order=np.array([0.0, 1.0]), overlap=0.5), run_time=1.2)
        self.play(*self.appear([self.cosine_head, self.before]), run_time=0.5)
        self.wait(1.2)

    @beat
    def _after_attention(self) -> None:
        heads = self.trace.heads
        taken = "takes in what it attends to" if heads == 1 else f"takes in what all {heads} heads attend to"
        self.say(f"Its output {taken}")
        self.play(Change(self.strip, lit=StageStrip.at("output")), run_time=0.3)
        self.play(Change(self.map, moved=1, order=np.array([0.0, 1.0]), overlap=0.5), run_time=3.0)
        self.play(*self.appear([self.after]), run_time=0.5)
        self.wait(1.2)

    @beat
    def _the_two_outputs_rest(self) -> None:
        self.say(self._verdict())
        self.play(*self._light(self._told_words(), with_bars=True), run_time=0.5)
        self.rest(2.5)

    def _said_before(self) -> str:
        """Return what the word's two rows of X have in common."""
        (one, other), (a, b) = self.pair.traces, self.pair.word.tokens
        if np.allclose(one.embeddings[a], other.embeddings[b], atol=1e-5):
            return "Before attention: the same vector in both"
        if one.layer > 0:
            return "Before: what the layers below have made of it"
        if one.token_ids[a] != other.token_ids[b]:
            return "Before: written otherwise, so two rows of the table"
        return "Before: one row of the table, at two positions"

    def _verdict(self) -> str:
        """Return what attention has made of it."""
        before, after = float(self.pair.before.value), float(self.pair.after.value)
        if self.pair.before.text == self.pair.after.text:
            same = self.pair.after.text == "1.00"
            return "What it sees is alike, and so is what it becomes" if same else "The two stay as close as they were"
        if before > after > before - _NOTABLE:
            return "Two contexts: attention moves them a bit apart"
        if after < before:
            return "Two contexts: attention parts the two"
        return "Here attention brings the two closer together"

    def _lay_out(self) -> None:
        """Find places for both sentences, alone and beside the map, with as many tokens as can be read."""
        self.places = fit(self._place, MOST_TOKENS)

    def _place(self, most: int) -> ComparisonPlaces | None:
        self.slots = [self._strongest(which, most) for which in (0, 1)]
        self.weights = [self._weights(which) for which in (0, 1)]
        numbers = [ChipBars.texts(weights) for weights in self.weights]
        for longest in (9.0, 6.0, 4.5):
            chosen = zip(self.pair.traces, self.slots, self.pair.word.tokens, strict=True)
            self.texts = [ChipTexts.of(trace, slots, longest, own) for trace, slots, own in chosen]
            places = place_comparison(self.texts, numbers, self.frame)
            if places:
                return places
        return None

    def _strongest(self, which: int, most: int) -> NDArray[np.int64]:
        own = self.pair.word.tokens[which]
        weights = self.pair.traces[which].weights[self.head][own].copy()
        weights[own] = 2.0  # it is always shown
        return strongest_rows(weights, np.arange(len(weights)), most)

    def _weights(self, which: int) -> list[Fact | None]:
        allowed = self.pair.traces[which].mask[self.pair.word.tokens[which]]
        return [
            self.pair.weight(which, self.head, slot) if slot >= 0 and allowed[slot] else None
            for slot in self.slots[which].tolist()
        ]

    def _build(self) -> None:
        """Make every part in its place."""
        pair, theme, stage = self.pair, self.theme, self.frame.stage
        self.own = [slots.tolist().index(token) for slots, token in zip(self.slots, pair.word.tokens, strict=True)]
        self.seen = [[index for index, fact in enumerate(weights) if fact] for weights in self.weights]
        self.others = [self._other(which) for which in (0, 1)]
        self.nodes = [
            GraphNodes(texts, stage, centers, self.places.alone.size, theme)
            for texts, centers in zip(self.texts, self.places.alone.centers, strict=True)
        ]
        limit = max(fact.value for weights in self.weights for fact in weights if fact)
        self.bars = [
            ChipBars(nodes, weights, limit, self.places.alone.bar, theme)
            for nodes, weights in zip(self.nodes, self.weights, strict=True)
        ]
        self.badges = [Badge(which + 1, self.places.alone.size, theme) for which in (0, 1)]
        for badge, (x, y) in zip(self.badges, self.places.alone.badges.tolist(), strict=True):
            badge.move_to((x, y, 0))
        for nodes in self.nodes:
            nodes.ringed[:] = 0
        self.map = PairMap(pair, self.places.map, self.frame, theme, self.head)
        self._build_notes()

    def _other(self, which: int) -> int | None:
        """Return the word that the token attends to most, if it is shown."""
        other = self.pair.strongest(which, self.head)
        return other if other is not None and other in self.slots[which] else None

    def _build_notes(self) -> None:
        """Make what the map's height means, and the cosines."""
        frame, theme, pair, places = self.frame, self.theme, self.pair, self.places
        head = Label("cosine of the two" if frame.wide else "cosine", theme.quiet, frame.small_text)
        size = frame.hero if frame.wide else frame.text * 0.95
        before, after = (
            Label([(name, theme.quiet), (fact, theme.ink(color))], theme.text, size)
            for name, fact, color in (("before", pair.before, EMBEDDING), ("after", pair.after, OUTPUT))
        )
        self.cosine_head, self.before, self.after = head, before, after
        if frame.wide:
            stack([head, before, after], places.foot, frame.text * 0.6)
        else:
            flow([head, before, after], places.foot, size * 0.6)
        self.notes = self._axis() if frame.wide else [self._note()]

    def _axis(self) -> list[Label]:
        """Return what stands beside a wide map, at its upper and at its lower edge."""
        size, note = self.frame.text, self.places.note
        ends = [Label(f"{way} more like {of}", self.theme.quiet, size) for way, of in (("↑", 1), ("↓", 2))]
        for label, y in zip(ends, (note.top - size, note.bottom + size), strict=True):
            label.move_to((note.left + label.width / 2, y, 0))
        return ends

    def _note(self) -> Label:
        """Return the line under a narrow map."""
        frame, place = self.frame, self.places.note
        said = ["higher: more like 1, lower: more like 2", "up: more like 1, down: 2"]
        tried = [
            Label(text, self.theme.quiet, size) for text in said for size in (frame.small_text, frame.smallest_text)
        ]
        note = next((one for one in tried if one.width <= place.width), tried[-1])
        note.move_to((*place.center, 0))
        return note

    def _told_words(self) -> list[list[int]]:
        """Return the places of the word and of the other one that it attends to most, in each sentence."""
        return [
            [own] if other is None else [own, self.slots[which].tolist().index(other)]
            for which, (own, other) in enumerate(zip(self.own, self.others, strict=True))
        ]

    def _light(self, lit: Sequence[Sequence[int]], with_bars: bool = False) -> list[Change]:
        """Dim all but some chips of each sentence, and their bars."""
        moves = []
        for nodes, bars, chosen in zip(self.nodes, self.bars, lit, strict=True):
            values = np.isin(np.arange(len(nodes.places)), list(chosen)).astype(float)
            moves.append(Change(nodes, lit=values))
            moves += [Change(bars, lit=values)] if with_bars else []
        return moves

    def _ring(self) -> list[Change]:
        """Put the ring around the word."""
        return [Change(nodes, ringed=nodes.texts.followed) for nodes in self.nodes]

    def _go_to(self, there: PairPlaces) -> list[Change]:
        """Move both sentences with all that belongs to them."""
        moves = []
        for which, nodes in enumerate(self.nodes):
            moves.append(Change(nodes, places=there.centers[which], sizes=there.size))
            moves.append(Change(self.bars[which], reach=there.bar, printed=float(self.places.numbered)))
            (x, y), across = there.badges[which], 2 * RADIUS * there.size
            moves.append(Change(self.badges[which], points=corners(x, y, across, across)))
        return moves


def _quoted(text: str, most: int = LONGEST_WORD) -> str:
    """Return ``text`` in quotes, cut to ``most`` characters."""
    return f"“{text if len(text) <= most else text[: most - 1] + '…'}”"
