"""One word in two sentences: one vector before attention, two after it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.comparison_parts.badge import Badge
from scenes.comparison_parts.chip_bars import ChipBars
from scenes.comparison_parts.comparison_places import BesidePlaces, place_alone, place_beside
from scenes.comparison_parts.going_alone import go_alone, second_half
from scenes.comparison_parts.pair_places import GUTTER, PairPlaces
from scenes.comparison_parts.pair_rows import PairRows
from scenes.comparison_parts.split_fan import SplitFan
from scenes.content.asking import in_quotes
from scenes.content.focus import content_words
from scenes.content.pair import SECOND, read_pair
from scenes.drawing.change import Change
from scenes.drawing.fact import Fact
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.theme import EMBEDDING, OUTPUT
from scenes.mobjects.graph_nodes import GraphNodes
from scenes.mobjects.label import Label
from scenes.mobjects.stage_strip import StageStrip
from scenes.places.arrange import flow, stack
from scenes.places.fitting import first_fit, fit
from scenes.words import _, pgettext

MOST_TOKENS = 28  # of a sentence; of a longer one those with the largest weights are shown
LONGEST_CHIPS = 9.0, 6.0, 4.5  # in em, the best one first
LONGEST_WORD = 18  # characters of a word in a caption
NEAR = 0.8  # a cosine of vectors that are still much alike
LITTLE = 0.1  # a share that is not worth being called the most
LONGEST_PIECE = 9  # of pieces, where a caption has two


class Comparison(ExplainerScene):
    """A word that two sentences share attends to each, and its one vector becomes two, as far apart as a cosine says.

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
        self._the_rest_is_context()
        self._both_contexts_are_arrows()
        self._before_attention()
        self._attention_splits_it()
        self._two_vectors_remain()

    @beat
    def _two_sentences_share_a_word(self) -> None:
        self.add(*self.nodes, *self.badges)
        self.say(_("Two sentences, one word in both: {word}", word=in_quotes(self.pair.word.text, LONGEST_WORD)))
        self.play(*self._light([[own] for own in self.rows_alone.own]), *self._ring(), run_time=0.6)
        self.wait(0.8)
        if max(map(len, self.pair.word.pieces)) > 1:
            pieces = (t.labels[k] for t, k in zip(self.pair.traces, self.pair.word.tokens, strict=True))
            quoted = ", ".join(dict.fromkeys(in_quotes(piece, LONGEST_PIECE) for piece in pieces))
            # Translators: one token or two
            self.say(_("Its last piece stands for the word: {tokens}", tokens=quoted))
            self.wait(1.4)

    @beat
    def _it_attends_to_its_sentence(self) -> None:
        heads = self.trace.heads
        if self.trace.causal:
            self.say(_("This model looks back: only what stands before counts"))
            self.play(*self._light(self.seen), run_time=0.6)
            self.wait(0.8)
        alone = _("Bars: how much it attends to each token")
        of_head = _("Bars: how much it attends to each token in head {head}", head=self.head)
        self.say(alone if heads == 1 else of_head)
        for bars in self.bars:
            bars.grown[:] = 0
        self.add(*self.bars)
        moves = [Change(bars, grown=1, order=np.linspace(0, 1, len(bars.grown)), run_time=1.8) for bars in self.bars]
        self.play(*self._light(self.seen), *moves)
        self.wait(0.6)

    @beat
    def _the_rest_is_context(self) -> None:
        kept = [self.pair.weight(which, self.head, own) for which, own in enumerate(self.pair.word.tokens)]
        alone = not any(self.pair.others(which) for which in (0, 1))
        whole, part = (
            _("It keeps {one} and {other} for itself"),
            _("It keeps {one} and {other} for itself, the rest is context"),
        )
        self.say((whole if alone else part).format(one=kept[0].text, other=kept[1].text), *kept)
        self.play(*self._light([[own] for own in self.rows_alone.own], with_bars=True), run_time=0.5)
        if not alone:
            self.say(self._said_of_context())
            self.play(*self._light(self.rows_alone.told, with_bars=True), run_time=0.7)
            self.wait(0.6)

    @beat
    def _both_contexts_are_arrows(self) -> None:
        self.say(self._said_of_arrows())
        self.play(
            *(Change(nodes, shown=nodes.texts.followed) for nodes in self.nodes),
            *self.fade([*self.bars, *self.badges], 0),
            run_time=0.2,
        )
        self.remove(*self.bars, *self.badges)
        self.add(self.fan, *self.nodes)
        self.play(Change(self.fan, shown=1, rate_func=second_half), *self._go_beside(), run_time=0.8)
        self.remove(*self.nodes)
        for nodes in self.nodes_beside:
            nodes.shown[:] = nodes.texts.followed
        self.add(*self.nodes_beside)
        self.play(
            Change(self.strip, lit=StageStrip.at(None)),
            *(Change(nodes, shown=1) for nodes in self.nodes_beside),
            *self.appear(self.badges_beside),
            run_time=0.4,
        )
        self.wait(0.8)

    @beat
    def _before_attention(self) -> None:
        self.say(self._said_before())
        self.play(Change(self.fan, present=1), run_time=0.8)
        self.play(*self.appear([self.cosine_head, self.before]), run_time=0.5)
        self.wait(0.8)

    @beat
    def _attention_splits_it(self) -> None:
        heads = self.trace.heads
        alone, together = _("Attention mixes in the context"), _("Attention mixes in the context, by all {heads} heads")
        self.say(alone if heads == 1 else together.format(heads=heads))
        self.play(Change(self.strip, lit=StageStrip.at("output")), run_time=0.3)
        self.play(Change(self.fan, moved=1), run_time=2.2)
        self.play(Change(self.fan, told=1), run_time=0.5)

    @beat
    def _two_vectors_remain(self) -> None:
        self.say(self._verdict(), self.pair.after)
        self.play(*self.appear([self.after]), run_time=0.5)
        self.rest(2.0)

    def _said_of_context(self) -> str:
        """Return which words tell the contexts, and what is left aside that gets more."""
        told = [self.pair.telling(which, self.head) for which in (0, 1)]
        # Translators: no word; takes the place of one in quotes
        none, traces = pgettext("word", "none"), self.pair.traces
        names = [none if k is None else in_quotes(trace.labels[k]) for k, trace in zip(told, traces, strict=True)]
        larger_ones = False
        shares = []
        for which, token in enumerate(told):
            trace, own = traces[which], self.pair.word.tokens[which]
            weights, content = trace.weights[self.head][own], content_words(trace)
            larger = [] if token is None else [k for k in self.pair.others(which) if weights[k] > weights[token]]
            if any(content[k] for k in larger):
                return _("Only in one of them: {word} and {other}", word=names[0], other=names[1])
            larger_ones = larger_ones or bool(larger)
            shares.append(0.0 if token is None else weights[token])
        if min(shares) < LITTLE and max(shares) < 1.5 * LITTLE:
            return _("{word} and {other} give it little here", word=names[0], other=names[1])
        if larger_ones:
            return _("Small words aside, most to {word} and to {other}", word=names[0], other=names[1])
        return _("Of the other words, most to {word} and to {other}", word=names[0], other=names[1])

    def _said_of_arrows(self) -> str:
        """Return which words are seen as shadows beside the one that both sentences have."""
        anchors = [a for a, named in zip(self.pair.anchors(self.head), self.fan.named, strict=True) if named]
        names = [in_quotes(self.pair.traces[anchor.which].labels[anchor.token]) for anchor in anchors]
        if len(names) > 1:
            return _("Shadows on one plane: {word} and {other}", word=names[0], other=names[1])
        return _("Shadows on one plane: {word}", word=names[0] if names else in_quotes(self.pair.word.text))

    def _said_before(self) -> str:
        """Return what the word's two vectors have in common."""
        (one, other), (a, b) = self.pair.traces, self.pair.word.tokens
        if one.layer > 0:
            return _("Before: what the layers below have made of it")
        if one.token_ids[a] != other.token_ids[b]:
            return _("Before: written otherwise, so two rows of the table")
        return _("Before attention: one row of the table, the same in both")

    def _verdict(self) -> str:
        """Return what attention has made of it."""
        before, after = self.pair.before, self.pair.after
        if after.printed == before.printed == 1:
            said = _("What it sees is alike, and so is the result: {cosine}")
        elif before.printed == 1 and after.value >= NEAR:
            said = _("Same word, two contexts, two near vectors: cosine {cosine}")
        elif before.printed == 1:
            said = _("Same word, two contexts, two vectors: cosine {cosine}")
        elif before.printed == after.printed:
            said = _("Same word, two contexts: as close as before, cosine {cosine}")
        elif after.value < before.value:
            said = _("Same word, two contexts: apart, cosine {cosine}")
        else:
            said = _("Same word, two contexts: closer, cosine {cosine}")
        return said.format(cosine=after.text)

    def _lay_out(self) -> None:
        """Find places for both sentences, alone and beside the fan, with as many tokens as can be read."""
        self.alone = fit(self._place_alone, MOST_TOKENS)
        self.beside = fit(self._place_beside, MOST_TOKENS)

    def _place_alone(self, most: int) -> PairPlaces | None:
        def place(longest: float) -> PairPlaces | None:
            self.rows_alone = PairRows.of(self.pair, self.head, most, longest)
            self.weights = [self._weights(which, slots) for which, slots in enumerate(self.rows_alone.slots)]
            numbers = [ChipBars.texts(weights) for weights in self.weights]
            return place_alone(self.rows_alone.texts, numbers, self.frame)

        return first_fit(place, LONGEST_CHIPS)

    def _place_beside(self, most: int) -> BesidePlaces | None:
        def place(longest: float) -> BesidePlaces | None:
            self.rows_beside = PairRows.of(self.pair, self.head, most, longest)
            return place_beside(self.rows_beside.texts, self.frame)

        return first_fit(place, LONGEST_CHIPS)

    def _weights(self, which: int, slots: NDArray[np.int64]) -> list[Fact | None]:
        allowed = self.pair.traces[which].mask[self.pair.word.tokens[which]]
        return [
            self.pair.weight(which, self.head, slot) if slot >= 0 and allowed[slot] else None for slot in slots.tolist()
        ]

    def _build(self) -> None:
        """Make every part in its place."""
        pair, theme, alone, beside = self.pair, self.theme, self.alone, self.beside.rows
        self.seen = [[index for index, fact in enumerate(weights) if fact] for weights in self.weights]
        self.nodes, self.nodes_beside = self._nodes(self.rows_alone, alone), self._nodes(self.rows_beside, beside)
        for nodes in self.nodes:
            nodes.ringed[:] = 0
        for nodes, told in zip(self.nodes_beside, self.rows_beside.told, strict=True):
            nodes.lit[:] = np.isin(np.arange(len(nodes.places)), told)
        limit = max(fact.value for weights in self.weights for fact in weights if fact)
        self.bars = [
            ChipBars(nodes, weights, limit, alone.bar, theme)
            for nodes, weights in zip(self.nodes, self.weights, strict=True)
        ]
        self.badges, self.badges_beside = self._badges(alone), self._badges(beside)
        self.fan = SplitFan(pair, self.head, self.beside.fan, self.frame, theme)
        self.fan.shown[:] = self.fan.present[:] = self.fan.moved[:] = self.fan.told[:] = 0
        self._build_cosines()

    def _nodes(self, rows: PairRows, places: PairPlaces) -> list[GraphNodes]:
        return [
            GraphNodes(texts, self.frame.stage, centers, places.size, self.theme)
            for texts, centers in zip(rows.texts, places.centers, strict=True)
        ]

    def _badges(self, places: PairPlaces) -> list[Badge]:
        return [
            Badge(which + 1, places.size, self.theme).move_to((x, y, 0))
            for which, (x, y) in enumerate(places.badges.tolist())
        ]

    def _build_cosines(self) -> None:
        """Make the cosine of both vectors, before and after."""
        frame, theme, pair, foot = self.frame, self.theme, self.pair, self.beside.foot
        # Translators: the numbers are those of two sentences
        said = _("cosine of the angle from 1 to 2") if frame.wide else _("cosine of 1 and 2")
        head = Label(said, theme.quiet, frame.small_text)
        size = frame.hero if frame.wide else frame.text
        before, after = (
            Label([(name, theme.quiet), (fact, theme.ink(color))], theme.text, size)
            for name, fact, color in (
                (pgettext("vector", "before"), pair.before, EMBEDDING),
                (pgettext("vector", "after"), pair.after, OUTPUT),
            )
        )
        self.cosine_head, self.before, self.after = head, before, after
        if frame.tall:
            flow([head, before, after], foot, size * 0.6)
        else:
            stack([head, before, after], foot, frame.text * 0.4)
        if frame.wide:
            for label in (head, before, after):
                label.shift((foot.left + GUTTER * self.beside.rows.size - label.get_left()[0], 0.0, 0.0))

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

    def _go_beside(self) -> list[Change]:
        """Move the word of each sentence to where it stands beside the fan."""
        there, rows = self.beside.rows, self.rows_beside
        ends = [centers[own] for centers, own in zip(there.centers, rows.own, strict=True)]
        return [
            go_alone(nodes, own, end, there.size)
            for nodes, own, end in zip(self.nodes, self.rows_alone.own, ends, strict=True)
        ]
