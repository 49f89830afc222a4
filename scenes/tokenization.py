"""Clip 1: raw text, tokens, embeddings, model: the primer."""

import numpy as np
from numpy.typing import NDArray

from scenes.captioned_scene import CAPTION_LIMIT, caption_length
from scenes.drawing.arrays import Array
from scenes.drawing.change import Change
from scenes.drawing.fact import Fact
from scenes.drawing.outlines import CAP_HEIGHT, outline
from scenes.explainer_scene import ExplainerScene, beat
from scenes.mobjects.graph_nodes import GraphNodes
from scenes.mobjects.label import LINE, Label
from scenes.mobjects.stage_strip import StageStrip
from scenes.places.chip_lines import ID_DROP, ID_SIZE
from scenes.places.chip_texts import ChipTexts
from scenes.places.layout import Region
from scenes.tokenization_parts.id_flights import IdFlights
from scenes.tokenization_parts.primer import Primer
from scenes.tokenization_parts.splitting_text import SplittingText
from scenes.tokenization_parts.token_places import place_tokens
from scenes.tokenization_parts.vocabulary_list import VocabularyList, VocabularyRow
from scenes.words import _, ngettext

WHOLE = 2.0  # seconds for which all four stages stand together
FLIGHT = 1.3  # seconds that an id takes
ALL_FLIGHTS = 3.0  # seconds that all the others take at most
QUIET = 0.4  # how far chips are lit whose ids are looked at
_HALF = 0.56  # share of the stage that a short text fills


class Tokenization(ExplainerScene):
    """The sentence as text, the stages that lie ahead, its tokens, and their ids."""

    stage = "text"

    def setup(self) -> None:
        """Put up the sentence alone."""
        super().setup()
        self._build()
        for around in (self.strip, self.note):
            around.set_opacity(0)
        self.add(self.text)

    def construct(self) -> None:
        """Play the storyboard's row for clip 1."""
        self._the_text_stands_alone()
        self._four_stages_lie_ahead()
        self._the_text_breaks_into_tokens()
        if self.special.any():
            self._the_tokenizer_adds_tokens()
        if self.continues.any():
            self._words_may_take_several_tokens()
        if self.unknown.any():
            self._the_vocabulary_lacks_a_token()
        self._one_token_finds_its_id()
        if self._in_small_letters and not self._one_id_however_written:
            self._capitals_do_not_count()
        if len(self.flown) > 1:
            self._every_token_finds_its_id()
        if self._twins().any():
            self._the_same_token_has_the_same_id()
        self._the_ids_rest()

    @beat
    def _the_text_stands_alone(self) -> None:
        self.say(_("Everything begins as raw text"))

    @beat
    def _four_stages_lie_ahead(self) -> None:
        self.say(_("Four stages: raw text, tokens, embeddings, model"))
        raw, (first, *others) = self.primer.raw, self.primer.stages
        raw.narrow[:] = 0
        self.remove(self.text)
        self.play(Change(raw, narrow=1), run_time=1.0)
        self.play(*self.appear([*first.beside, first.name]), run_time=0.3)
        for stage, arrow in zip(others, self.primer.arrows, strict=True):
            self.play(*self.appear([arrow, *stage.parts]), run_time=0.4)
        self.rest(WHOLE)

    @beat
    def _the_text_breaks_into_tokens(self) -> None:
        self.say(_("A tokenizer breaks the text into pieces: tokens"))
        self._the_stages_become_the_strip()
        self.play(Change(self.strip, lit=StageStrip.at("tokens")), run_time=0.4)
        if self.text.parts:
            self._letters_go_to_their_chips()
        else:
            self.play(*self.fade([self.text], 0), run_time=0.2)
        covered = Change(self.text, opacity=0, rate_func=lambda share: float(share == 1))  # by the chips' own letters
        self.play(*self.appear([self.chips]), covered, run_time=0.6)
        self.remove(self.text)

    def _the_stages_become_the_strip(self) -> None:
        raw = self.primer.raw
        names = [stage.name for stage in self.primer.stages[:-1]]  # the model is all the rest of the strip
        risen = [name for name in names if name.get_center()[1] > self.frame.stage.top]  # others would cross the text
        places = zip(names, self._strip_places(), strict=True)
        flights = [Change(name, points=place, run_time=0.5) for name, place in places if name in risen]
        first = self.primer.stages[0].beside  # its name goes through where this stands
        gone = [part for part in self.primer.parts if part not in (raw, *risen, *first)]
        vanishing = [*self._within(0.1, self.fade(first, 0)), *self._within(0.3, self.fade(gone, 0))]
        self.play(*vanishing, *flights)
        shown = [*self.fade([self.strip, *self._notes], 1), *self.fade(risen, 0)]
        self.play(Change(raw, narrow=0, run_time=1.2), *self._within(0.2, shown))
        self.remove(*self.primer)
        self.add(self.text)

    def _within(self, seconds: float, changes: list[Change]) -> list[Change]:
        """Return changes that take so long, of those that are played together with longer ones."""
        for change in changes:
            change.run_time = seconds
        return changes

    @beat
    def _the_tokenizer_adds_tokens(self) -> None:
        self.say(_("Outlined tokens are no text: the tokenizer adds them"))
        self.play(*self._light(self.special), run_time=0.5)
        self.afterwards(self._light_all)

    @beat
    def _words_may_take_several_tokens(self) -> None:
        self.say(_("A square edge: this piece continues a word"))
        self.play(*self._light(self.continues), run_time=0.5)
        self.afterwards(self._light_all)

    @beat
    def _the_vocabulary_lacks_a_token(self) -> None:
        self.say(_("A dashed token is unknown: the vocabulary lacks it"))
        self.play(*self._light(self.unknown), run_time=0.5)
        self.afterwards(self._light_all)

    @beat
    def _one_token_finds_its_id(self) -> None:
        if count := self.trace.vocabulary_size:
            entries = Fact("len(table)", float(count), 0)
            said = _("A vocabulary of {number} tokens: a token's number is its id", number=entries.text)
            self.say(said, entries)
        else:
            self.say(_("The vocabulary is a list: a token's number in it is its id"))
        lines = self.places.beside
        self.play(Change(self.chips, places=lines.centers, sizes=lines.size), run_time=0.9)
        self.play(*self.appear([self.vocabulary, *self.around]), run_time=0.5)
        first = self.flown[0]
        lit = self.vocabulary.at([int(self.places.slots[first])])
        self.play(
            *self._light(np.arange(len(self.places.slots)) == first), Change(self.vocabulary, lit=lit), run_time=0.5
        )
        self.add(self.ids)
        gone = (np.arange(len(self.flown)) == 0).astype(float)
        self.play(Change(self.ids, gone=gone), run_time=FLIGHT)

    @beat
    def _capitals_do_not_count(self) -> None:
        self.say(self._capitals(*self._in_small_letters))

    @beat
    def _every_token_finds_its_id(self) -> None:
        self.say(_("So does every other token find its id"))
        self._light_all()
        seconds, overlap = min(FLIGHT / self.ids.overlap, ALL_FLIGHTS), self.ids.overlap
        tokens = [int(self.places.slots[place]) for place in self.flown]
        rows = Change(self.vocabulary, lit=1, order=self.vocabulary.turns(tokens, self.ids.turns), overlap=overlap)
        self.play(Change(self.ids, gone=1, order=self.ids.turns, overlap=overlap), rows, run_time=seconds)

    @beat
    def _the_same_token_has_the_same_id(self) -> None:
        written = self._one_id_however_written
        alike = _("The same token has the same id, wherever it stands")
        self.say(self._capitals(*written) if written else alike)
        twins = self._twins()
        tokens = self.places.slots[twins].tolist()
        self.play(*self._light(twins), Change(self.vocabulary, lit=self.vocabulary.at(tokens)), run_time=0.5)

    @beat
    def _the_ids_rest(self) -> None:
        self.say(_("What the model reads: ids, no letters"))
        self.play(*self._light(True), *self.fade([self.vocabulary, *self.around], 0), run_time=0.5)
        self.remove(self.vocabulary, *self.around)
        lines = self.places.alone
        self.play(
            Change(self.chips, places=lines.centers, sizes=lines.size, lit=QUIET),
            Change(self.ids, points=self.places.spread(self.ids.region), read=1),
            run_time=0.9,
        )
        self.rest()

    def _build(self) -> None:
        """Make every part in its place."""
        trace, frame, theme = self.trace, self.frame, self.theme
        labels = ChipTexts.of(trace, np.arange(len(trace))).labels
        above = Region(frame.stage.left, frame.stage.bottom, frame.stage.right, frame.open_top)  # no strip yet
        self.places = place_tokens(trace, frame, self.shown_tokens)
        bounds, ranges = (self._largest_text(), frame.smallest_text), self.places.lines(len(trace))
        self.text = SplittingText(trace, labels, frame.stage, *bounds, theme.text, ranges)
        self.text.shown = (~trace.special).astype(float)
        self.primer = Primer(trace, self.text, above, frame, theme)
        texts, lines = self.places.texts, self.places.alone
        self.continues, self.unknown, self.special = texts.continues, texts.unknown, texts.special
        whole = Region(-frame.width / 2, -frame.height / 2, frame.width / 2, frame.height / 2)
        self.chips = GraphNodes(texts, whole, lines.centers, lines.size, theme)
        centers = self.places.beside.centers
        there = np.flatnonzero(self.places.slots >= 0).tolist()
        along = -centers[:, 0] if self.places.backward else centers[:, 0]
        self.flown = sorted(there, key=lambda place: (-centers[place, 1].round(6), along[place]))
        self._build_vocabulary()
        self._build_ids(whole)

    def _largest_text(self) -> float:
        """Return the size of the text alone, at most; a short one fills half of the stage in width or height."""
        stage, line = self.frame.stage, outline(self.trace.sentence)
        half = _HALF * min(stage.width / max(line.width, 1e-6), stage.height / CAP_HEIGHT)
        return max(3.0 * self.frame.hero, half)

    def _build_vocabulary(self) -> None:
        frame, theme, region, slots = self.frame, self.theme, self.places.vocabulary, self.places.slots
        certain = [int(slots[self.flown[0]]), *slots[self._twins()].tolist()]
        size = frame.small_text if self.places.in_row else frame.text
        name = Label(_("vocabulary"), theme.text, size, weight="BOLD")
        self.vocabulary: VocabularyList | VocabularyRow
        self.around: list[Label] = [name]
        if self.places.in_row:
            aside, region = region.cut_left(name.width, frame.text * 0.5)
            self.vocabulary = VocabularyRow(self.trace, certain, region, frame.smallest_text, theme)
            name.move_to((aside.center[0], aside.center[1], 0))
            if self.vocabulary.hidden:
                # Translators: entries of the vocabulary
                more = ngettext("… {number} more", "… {number} more", count := self.vocabulary.hidden, number=count)
                hidden = Label(more, theme.quiet, frame.smallest_text)
                hidden.move_to((aside.center[0], aside.center[1] - name.height / 2, 0))
                name.shift((0, name.height / 2, 0))
                self.around.append(hidden)
            return
        head, region = region.cut_top(frame.text * 1.4, frame.text * 0.2)
        self.vocabulary = self._list(certain, region)
        if self.vocabulary.hidden:
            foot, region = region.cut_bottom(LINE * frame.smallest_text)
            self.vocabulary = self._list(certain, region)
            count = self.vocabulary.hidden
            # Translators: entries of the vocabulary that are tokens of this text
            more = ngettext("… {number} more of this text", "… {number} more of this text", count, number=count)
            hidden = Label(more, theme.quiet, frame.smallest_text)
            hidden.move_to((self.vocabulary.get_center()[0], region.bottom - foot.height / 2, 0))
            self.around.append(hidden)
        name.move_to((self.vocabulary.get_center()[0], self.vocabulary.points[0, 1] + head.height / 2, 0))

    def _list(self, certain: list[int], region: Region) -> VocabularyList:
        frame = self.frame
        sizes = (1.2 * frame.hero, frame.text, frame.smallest_text)
        return VocabularyList(self.trace, certain, region, *sizes, self.theme)

    def _build_ids(self, whole: Region) -> None:
        """Make the ids, in the order in which they fly: those with the longest way in their line first."""
        places, trace, lines = self.places, self.trace, self.places.beside
        tokens = [int(places.slots[place]) for place in self.flown]
        facts = [Fact(f"token_ids[{token}]", float(trace.token_ids[token]), 0) for token in tokens]
        size = lines.size * ID_SIZE
        room = (max(len(fact.text) for fact in facts) * 0.3 + 0.3) * size
        exits = np.array([self.vocabulary.exit_of(token, places.gutter, room) for token in tokens])
        homes = lines.centers[self.flown] - [0, ID_DROP * lines.size]
        self.ids = IdFlights(facts, exits, homes, places.gutter, size, whole, self.theme)

    def _letters_go_to_their_chips(self) -> None:
        shown = np.isin(np.arange(len(self.trace)), self.places.slots) & ~self.trace.special
        if not np.array_equal(shown, self.text.shown):
            self.play(Change(self.text, parted=1, shown=shown), run_time=0.4)
        self.play(Change(self.text, places=self._landing(), parted=1), run_time=1.6)

    def _landing(self) -> Array:
        """Return where each token's letters stand inside of its chip; those of hidden tokens gather at the ellipsis."""
        size, centers = self.places.alone.size, self.places.alone.centers
        left, top = self.text.points[0, :2]
        landing = np.zeros((len(self.trace), 3))
        for token in range(len(self.trace)):
            x, y = centers[self.places.landing(token)]
            text = outline(self.text.labels[token])
            drop = CAP_HEIGHT / 2 if text.path else (text.top - text.bottom) / 2
            landing[token] = x - text.width * size / 2 - left, top - y + drop * size, size
        return landing

    def _strip_places(self) -> list[Array]:
        """Return where the names go that are names in the strip, too."""
        rise = self.strip.size * (LINE - CAP_HEIGHT) / 2
        regions = [self.strip.region(stage) for stage in ("text", "tokens", "embeddings")]
        return [Region(each.left, each.bottom - rise, each.right, each.top + rise).corners for each in regions]

    def _light(self, lit: NDArray[np.bool_] | bool) -> list[Change]:
        """Light some of the chips (by place), and the ids below them."""
        chosen = np.broadcast_to(np.asarray(lit, dtype=float), self.places.slots.shape)
        ids = [Change(self.ids, lit=chosen[self.flown])] if self.ids in self.mobjects else []
        return [Change(self.chips, lit=chosen), *ids]

    def _light_all(self) -> None:
        self.play(*self._light(True), run_time=0.4)

    @property
    def _in_small_letters(self) -> list[str]:
        """The token that finds its id first, and its entry of the vocabulary, if only this has small letters."""
        first = int(self.places.slots[self.flown[0]])
        label, reading = self.trace.labels[first], self.trace.readings[first]
        return [label, reading] if label != reading == label.lower() else []

    @property
    def _one_id_however_written(self) -> list[str]:
        """A token with capitals and the same one with others, if the sentence has it in both ways."""
        labels = [self.trace.labels[token] for token in self.places.slots[self._twins()].tolist()]
        return next(([labels[0], other] for other in labels if other != labels[0]), [])

    def _capitals(self, label: str, other: str) -> str:
        told = _("“{token}” and “{other}”: one id, capitals do not count", token=label, other=other)
        return (
            told
            if caption_length(told) <= CAPTION_LIMIT
            else _("Capitals do not count: small letters have the same id")
        )

    def _twins(self) -> NDArray[np.bool_]:
        """Return which places show the first token that is there more than once."""
        slots = self.places.slots
        ids = np.where((slots >= 0) & ~self.unknown, self.trace.token_ids[slots], -1)
        for own in ids[ids >= 0].tolist():
            if (ids == own).sum() > 1:
                return np.asarray(ids == own)
        return np.zeros(len(slots), dtype=bool)
