"""Clip 1: raw text, tokens, embeddings, model: the primer."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from attention.text import right_to_left
from scenes.drawing.arrays import Array, corners
from scenes.drawing.change import Change
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.drawing.outlines import CAP_HEIGHT, outline
from scenes.drawing.text_fitting import shorten
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.fonts import MONO
from scenes.mobjects.label import LINE, Caption, Label, Part
from scenes.mobjects.stage_strip import StageStrip
from scenes.mobjects.token_chips import TokenChips
from scenes.places.arrange import flow
from scenes.places.chip_lines import ID_DROP, ID_SIZE, ChipLines, place_chips
from scenes.places.chip_texts import PADDING, TALL, ChipTexts
from scenes.places.fitting import fit
from scenes.places.layout import Region, visible_slots
from scenes.tokenization_parts.primer import Primer
from scenes.tokenization_parts.splitting_text import SplittingText
from scenes.tokenization_parts.vocabulary_list import VocabularyList

SHIPPED = "tiny"  # the model that comes with the package


class Tokenization(ExplainerScene):
    """The sentence as text, the stages that lie ahead, its tokens, and their ids."""

    stage = "text"

    def construct(self) -> None:
        """Play the storyboard's row for clip 1."""
        self._lay_out()
        self._build()
        self._the_text_stands_alone()
        self._four_stages_lie_ahead()
        self._the_stages_become_the_strip()
        self._the_text_breaks_into_tokens()
        if self.special.any():
            self._the_tokenizer_adds_tokens()
        if self.continues.any():
            self._words_may_take_several_tokens()
        if self.unknown.any():
            self._the_vocabulary_lacks_a_token()
        self._one_token_finds_its_id()
        self._every_token_finds_its_id()
        self._the_ids_rest()

    @beat
    def _the_text_stands_alone(self) -> None:
        self.strip.set_opacity(0)
        self.add(self.text)
        self.say("Everything begins as raw text")
        self.wait(1.2)

    @beat
    def _four_stages_lie_ahead(self) -> None:
        self.say("Four stages: raw text, tokens, embeddings, model")
        first, *others = self.primer.stages
        self.play(Change(self.text, points=self._shrunk(first.picture), opacity=0), *self.appear(first.parts))
        for stage, arrow in zip(others, self.primer.arrows, strict=True):
            self.play(*self.appear([arrow, *stage.parts]), run_time=0.6)
        if self.trace.model == SHIPPED:
            self.say("This model is tiny, so that all of it can be shown")
        else:
            self.say("Every number that follows is computed by this model")
        self.play(*self.appear(self.facts_about_the_model), run_time=0.5)
        self.wait(1.8)

    @beat
    def _the_stages_become_the_strip(self) -> None:
        self.say("The strip at the top says where we are")
        names = [stage.name for stage in self.primer.stages]
        others = [part for part in self.primer.parts if part not in names]
        self.play(*self.fade([*others, *self.facts_about_the_model], 0), run_time=0.4)
        self.play(*(Change(name, points=place) for name, place in zip(names, self._strip_places(), strict=True)))
        back = Change(self.text, points=self.frame.stage.corners, opacity=1)
        self.play(Change(self.strip, opacity=1), *self.fade(names, 0), back, run_time=0.7)
        self.remove(*self.primer, *self.facts_about_the_model)

    @beat
    def _the_text_breaks_into_tokens(self) -> None:
        self.say("A tokenizer breaks the text into pieces: tokens")
        count = len(self.trace)
        order = np.linspace(0, 1, count)[:, None] if count > 1 else None
        away = np.full(count, 0.0)
        away[self.slots[self.slots >= 0]] = 1
        self.play(
            Change(self.text, places=self._landing(), order=order, overlap=0.45),
            Change(self.text, parted=1, shown=away),
            Change(self.strip, lit=StageStrip.at("tokens")),
            run_time=2.2,
        )
        covered = Change(self.text, opacity=0, rate_func=lambda share: float(share == 1))  # by the chips' own letters
        self.play(*self.appear(self.chips), covered, run_time=0.6)
        self.remove(self.text)
        self.wait(0.8)

    @beat
    def _the_tokenizer_adds_tokens(self) -> None:
        self.say("Outlined tokens are no text: the tokenizer adds them")
        self.play(*self._light(self.special), run_time=0.5)
        self.wait(1.2)
        self.play(*self._light(np.ones_like(self.special)), run_time=0.4)

    @beat
    def _words_may_take_several_tokens(self) -> None:
        self.say("Some words take several tokens, standing closer")
        follows = np.append(self.continues[1:], False)
        self.play(*self._light(self.continues | follows), run_time=0.5)
        self.wait(0.9)
        side = "right" if right_to_left(self.trace.sentence) else "left"
        self.say(f"A piece that continues a word is square on its {side}")
        self.play(*self._light(self.continues), run_time=0.5)
        self.wait(1.2)
        self.play(*self._light(np.ones_like(self.continues)), run_time=0.4)

    @beat
    def _the_vocabulary_lacks_a_token(self) -> None:
        self.say("A dashed token is unknown: the vocabulary lacks it")
        self.play(*self._light(self.unknown), run_time=0.5)
        self.wait(1.2)
        self.play(*self._light(np.ones_like(self.unknown)), run_time=0.4)

    @beat
    def _one_token_finds_its_id(self) -> None:
        self.say("The vocabulary is a fixed list of tokens")
        self.play(*self.appear([self.vocabulary_name, self.vocabulary]), run_time=0.6)
        self.wait(0.6)
        self.say("A token's number in that list is its id")
        lit = np.arange(len(self.slots)) == self.first
        self.play(
            *self._light(lit),
            Change(self.vocabulary, lit=self.vocabulary.at([int(self.slots[self.first])])),
            run_time=0.5,
        )
        self._send_ids([self.first], run_time=1.2)
        self.wait(0.4)

    @beat
    def _every_token_finds_its_id(self) -> None:
        others = [place for place in self.ids if place != self.first]
        if others:
            self.say("So does every other token find its id")
            self.play(*self._light(np.ones(len(self.slots))), Change(self.vocabulary, lit=1), run_time=0.4)
            self._send_ids(others, run_time=1.2 + 0.06 * len(others))
        twins = self._twins()
        if twins:
            self.say("The same token has the same id, wherever it stands")
            tokens = [int(self.slots[place]) for place in twins]
            lit = np.isin(np.arange(len(self.slots)), twins)
            self.play(*self._light(lit), Change(self.vocabulary, lit=self.vocabulary.at(tokens)), run_time=0.5)
            self.wait(1.4)

    @beat
    def _the_ids_rest(self) -> None:
        self.say("What the model reads: a list of ids, no letters")
        self.play(*self._light(np.ones(len(self.slots))), Change(self.vocabulary, lit=1), run_time=0.5)
        self.rest()

    def _lay_out(self) -> None:
        """Find the places of text, stages, chips and vocabulary."""
        frame, gap = self.frame, self.frame.text
        self.model_region, rest = frame.stage.cut_bottom(4.2 * gap, gap * 0.4)
        self.primer_region = rest.middle(rest.width, frame.text * (12 if frame.wide else 24))
        if frame.height > frame.width:
            chips, list_region = frame.stage.cut_top(0.56 * frame.stage.height, gap)
        else:
            share = 0.72 if frame.wide else 0.62
            chips, list_region = frame.stage.cut_left(share * frame.stage.width, gap * 1.2)
        _, self.list_region = list_region.cut_top(gap * 1.2, gap * 0.3)
        self.chip_lines = fit(lambda most: self._place_chips(chips, most))

    def _place_chips(self, region: Region, most: int) -> ChipLines | None:
        frame, trace = self.frame, self.trace
        self.slots = visible_slots(len(trace), most)
        self.texts = ChipTexts.of(trace, self.slots)
        ids = [str(trace.token_ids[slot]) if slot >= 0 else "" for slot in self.slots.tolist()]
        backward = right_to_left(trace.sentence)
        return place_chips(self.texts, ids, region, frame.text * 1.9, frame.smallest_text * 1.18, backward)

    def _landing(self) -> Array:
        """Return where each token's letters stand inside of its chip; those of hidden tokens gather at the ellipsis."""
        size = self.chip_lines.size
        places = np.zeros((len(self.trace), 3))
        hidden = self.chip_lines.centers[self.slots < 0]
        left, top = self.frame.stage.left, self.frame.stage.top
        for token in range(len(self.trace)):
            place = np.flatnonzero(self.slots == token)
            x, y = (self.chip_lines.centers[place] if place.size else hidden)[0]
            text = outline(self.text.labels[token])
            drop = CAP_HEIGHT / 2 if text.path else (text.top - text.bottom) / 2
            places[token] = x - text.width * size / 2 - left, top - y + drop * size, size
        return places

    def _strip_places(self) -> list[Array]:
        """Return where the four names go: onto the names in the strip, that of the model between all the rest."""
        strip, rise = self.strip, self.strip.size * (LINE - CAP_HEIGHT) / 2
        places = []
        for name, stage in zip(self.primer.stages, ("text", "tokens", "embeddings", "scores"), strict=True):
            region = strip.region(stage)
            width = name.name.natural_width * strip.size
            x = max(region.center[0], self.frame.safe.left + width / 2)
            places.append(Region(x - width / 2, region.bottom - rise, x + width / 2, region.top + rise).corners)
        return places

    def _build(self) -> None:
        """Make every part in its place."""
        trace, frame, theme = self.trace, self.frame, self.theme
        labels = ChipTexts.of(trace, np.arange(len(trace))).labels
        self.text = SplittingText(trace, labels, frame.stage, frame.text * 1.9, frame.smallest_text, theme.text)
        self.continues, self.unknown, self.special = self.texts.continues, self.texts.unknown, self.texts.special
        self.chips = [self._chip(place) for place in range(len(self.slots))]
        self.ids = {place: self._id(place) for place in np.flatnonzero(self.slots >= 0).tolist()}
        self.primer = Primer(trace, self.head, self.primer_region, frame, theme)
        self.facts_about_the_model = self._facts_about_the_model()
        self.vocabulary = VocabularyList(trace, self.list_region, frame.text, frame.smallest_text, theme)
        self.vocabulary_name = Label("vocabulary", theme.text, frame.small_text, weight="BOLD")
        top = self.vocabulary.points[0, 1] + frame.text * 0.7
        self.vocabulary_name.move_to((self.vocabulary.get_center()[0], top, 0))
        words = trace.words[self.slots] & (self.slots >= 0)
        self.first = int(words.argmax())

    def _chip(self, place: int) -> TokenChips:
        texts = ChipTexts.of(self.trace, self.slots[place : place + 1])
        size = self.chip_lines.size
        chip = TokenChips(texts, "row", size, self.theme)
        x, y = self.chip_lines.centers[place]
        return chip.place(x, y, (outline(texts.labels[0]).width + 2 * PADDING) * size, TALL * size)

    def _id(self, place: int) -> Label:
        token = int(self.slots[place])
        fact = Fact(f"token_ids[{token}]", float(self.trace.token_ids[token]), 0)
        label = Label([(fact, self.theme.text)], self.theme.text, self.chip_lines.size * ID_SIZE, MONO)
        x, y = self.chip_lines.centers[place]
        label.move_to((x, y - ID_DROP * self.chip_lines.size, 0))
        return label

    def _facts_about_the_model(self) -> list[DrawnMobject]:
        """Return what the model is, in a few words that stand in lines below the stages."""
        trace, theme, size = self.trace, self.theme, self.frame.text * (1.0 if self.frame.wide else 0.65)
        heads, d_model, d_k = (
            (Fact(source, float(value), 0), theme.text)
            for source, value in (
                ("queries.shape[0]", trace.heads),
                ("embeddings.shape[1]", trace.embeddings.shape[1]),
                ("queries.shape[2]", trace.d_k),
            )
        )
        name = trace.model if trace.layers == 1 else f"layer {trace.layer} (from 0) of {trace.model}"
        name = shorten(name, self.model_region.width / size)
        rows: list[list[Part]] = [
            [("one layer of self-attention" if trace.model == SHIPPED else name, theme.quiet)],
            [heads, ("head" if trace.heads == 1 else "heads", theme.quiet)],
            [("d_model", theme.quiet), d_model],
            [("d_k", theme.quiet), d_k],
        ]
        words: list[DrawnMobject] = [Label(row, theme.text, size) for row in rows]
        above, below = self.model_region.cut_top(self.model_region.height / 2)
        flow(words, above, size * 0.7)
        if trace.trained_on is None:
            return words
        training = Caption(f"trained on {trace.trained_on}", theme.quiet, size, below.width)
        training.move_to((*below.center, 0))
        return [*words, training]

    def _light(self, lit: NDArray[np.generic]) -> list[Change]:
        """Light some of the chips, and the ids below them as far as they are there."""
        there = {place: label for place, label in self.ids.items() if label in self.mobjects}
        chips = [Change(chip, lit=float(on)) for chip, on in zip(self.chips, lit.tolist(), strict=True)]
        return chips + [Change(label, opacity=0.35 + 0.65 * float(lit[place])) for place, label in there.items()]

    def _send_ids(self, places: Sequence[int], run_time: float) -> None:
        """Let each id fly from its place in the vocabulary to its chip, one after the other."""
        flights = []
        for turn, place in enumerate(places):
            label, size = self.ids[place], self.vocabulary.size / self.chip_lines.size / ID_SIZE
            home = label.points.copy()
            label.place(*self.vocabulary.id_place(int(self.slots[place])), label.width * size, label.height * size)
            turn_share, flight, blink = turn / max(len(places) - 1, 1), max(0.35, 1 / len(places)), 0.03
            flights.append(Change(label, points=home, order=np.array(turn_share), overlap=flight))
            start = np.array(turn_share * (1 - flight) / (1 - blink))  # seen from the moment it leaves
            flights.append(Change(label.set_opacity(0), opacity=1, order=start, overlap=blink))
        self.play(*flights, run_time=run_time)

    def _shrunk(self, target: DrawnMobject) -> Array:
        """Return the text's corners when it is as small as ``target`` and stands there."""
        scale = target.width / self.frame.stage.width
        x, y, _ = target.get_center()
        return corners(x, y, self.frame.stage.width * scale, self.frame.stage.height * scale)

    def _twins(self) -> list[int]:
        """Return the places of the first token that is there more than once, none if there is no such token."""
        ids = [int(self.trace.token_ids[slot]) if slot >= 0 else -1 for slot in self.slots.tolist()]
        known = [bool(slot >= 0) and not self.trace.unknown[slot] for slot in self.slots.tolist()]
        for own, is_known in zip(ids, known, strict=True):
            if is_known and ids.count(own) > 1:
                return [place for place, other in enumerate(ids) if other == own]
        return []
