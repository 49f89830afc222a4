"""A clip apart from the film: what each head of a model does."""

import numpy as np

from attention.heads import HABITS, MIXED
from attention.surveying import chosen_survey
from scenes.content.habits import PLAIN, captions, counted, habit_names, in_words, name_of
from scenes.drawing.change import Change, row_order
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.explainer_scene import ExplainerScene, beat
from scenes.head_gallery_parts.gallery_places import FrontPlaces, arrange_heads, place_front
from scenes.look.theme import WEIGHT, probability_scale
from scenes.mobjects.head_maps import HeadMaps
from scenes.mobjects.label import Label, Part
from scenes.mobjects.ring import Ring
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.token_chips import TokenChips
from scenes.places.arrange import flow
from scenes.places.fitting import MOST_TOKENS
from scenes.places.layout import Region
from scenes.words import _


class HeadGallery(ExplainerScene):
    """All heads as true little matrices; those of each habit light up; the chosen one comes to the front.

    Where the heads of all layers could not be seen, they are those of the chosen layer.
    """

    stage = "weights"

    def construct(self) -> None:
        """Play all heads, their habits, and one of them."""
        self.survey = chosen_survey(self.settings)
        self._build()
        self._every_head_has_weights_of_its_own()
        self._heads_have_habits()
        self._one_comes_to_the_front()
        self._its_attention_is_shared_out()
        self._the_head_rests()

    @beat
    def _every_head_has_weights_of_its_own(self) -> None:
        self.maps.shown[:] = self.maps.captioned[:] = 0
        order = np.arange(len(self.maps.shown)) // self.maps.grid.columns / max(self.maps.grid.rows - 1, 1)
        self.play(Change(self.maps, shown=1, order=order, overlap=0.4), run_time=1.8)
        self.say(_("Each head has attention weights of its own"))
        self.say(self._how_many())

    @beat
    def _heads_have_habits(self) -> None:
        self.say(_("What do they do? Measured on {number} sentences", number=self.survey.on_set.sentences))
        self.add(*self.legend.values())
        shown = np.array([self.survey.names[place] for place in self.maps.grid.heads])
        told = [habit for habit in self.legend if habit != MIXED] or [MIXED]  # which says little
        for habit in told:
            has, label = shown == habit, self.legend[habit]
            self.say(in_words(self.survey, habit, int(has.sum()), len(has)))
            captioned = np.maximum(self.maps.captioned, has)
            self.play(
                Change(self.maps, lit=has.astype(float), captioned=captioned), Change(label, opacity=1), run_time=0.6
            )
        everything = [Change(self.maps, lit=1, captioned=1), *self.fade(self.legend.values(), 1)]
        self.afterwards(lambda: self.play(*everything, run_time=0.4))

    @beat
    def _one_comes_to_the_front(self) -> None:
        place = self.settings.layer, self.head
        self.say(_("Head {head} of layer {layer}, for a closer look", head=self.head, layer=self.settings.layer))
        ring = Ring(self.maps.region(*place), self.theme.text)
        chosen = np.array([float(each == place) for each in self.maps.grid.heads])
        self.add(ring.set_opacity(0))
        self.play(
            Change(ring, opacity=1),
            Change(self.maps, lit=chosen, captioned=0, named=0),
            *self.fade(self.legend.values(), 0),
            run_time=0.6,
        )
        self.remove(*self.legend.values())
        self.front.points = self.maps.region(*place).corners
        self.front.printed[:] = 0
        self.add(self.front)
        self.play(
            Change(self.front, points=self.places.matrix.places.cells.corners),
            *self._make_room(ring),
            run_time=1.4,
        )
        self.add(*(part.set_opacity(0) for part in (*self.chips, self.title)))
        self.play(
            Change(self.front, printed=1),
            *(Change(part, opacity=1) for part in (*self.chips, self.title)),
            run_time=0.8,
        )

    @beat
    def _its_attention_is_shared_out(self) -> None:
        self.say(_("Where its attention goes, measured as shares"))
        self.shares.shown[:] = 0
        self.add(self.shares, *(name.set_opacity(0) for name in self.share_names))
        self.play(
            Change(self.shares, shown=1, order=row_order(*self.shares.shape)),
            *(Change(name, opacity=1) for name in self.share_names),
            run_time=1.8,
        )
        self.wait(1.4)

    @beat
    def _the_head_rests(self) -> None:
        habit = str(self.survey.names[self.settings.layer, self.head])
        self.say(in_words(self.survey, habit, 1, 1))
        if habit != MIXED:
            around = Ring(self.shares.region(rows=HABITS.index(habit)), self.theme.text).set_opacity(0)
            self.add(around)
            self.play(Change(around, opacity=1), run_time=0.5)
        self.rest()

    def _how_many(self) -> str:
        layers, heads = self.survey.names.shape
        if layers * heads == 1:
            return _("This model has one: one matrix of weights")
        if self._one_layer:
            return _(
                "Here are the {heads} of layer {layer}, of {layers} layers",
                heads=heads,
                layer=self.settings.layer,
                layers=layers,
            )
        if layers == 1:
            return _("This model has {heads} of them", heads=heads)
        return _(
            "{layers} layers with {heads} each: {total} ways to attend",
            layers=layers,
            heads=heads,
            total=layers * heads,
        )

    def _make_room(self, ring: Ring) -> list[Change]:
        """Return the animations that move all heads aside, with the ring around one; a single head goes."""
        if len(self.maps.grid.heads) == 1:
            return [Change(self.maps, opacity=0), Change(ring, opacity=0)]
        aside = self.maps.fitted(self.places.others)
        around = self.maps.region(self.settings.layer, self.head, inside=aside)
        return [
            Change(self.maps, points=aside.corners, lit=1),
            Change(ring, points=around.corners),
        ]

    def _build(self) -> None:
        """Make the grid of heads with its legend, and what comes to the front."""
        frame, survey = self.frame, self.survey
        below, room = frame.stage.cut_bottom(frame.small_text * (1.4 if frame.wide else 3.4), frame.text * 0.6)
        slots = self.shown_tokens(MOST_TOKENS)
        grid = arrange_heads(captions(survey), self.settings.layer, len(slots), frame, room)
        self.maps = HeadMaps(
            survey.weights, grid, frame.smallest_text, self.theme, slots=slots, plain={*map(name_of, PLAIN)}
        )
        self.maps.move_to((*room.center, 0))
        self._one_layer = len(grid.heads) < survey.names.size
        self._build_legend(below)
        names = habit_names(survey)
        self.share_names: list[DrawnMobject] = [
            Label(name_of(names[habit]), self.theme.text, frame.small_text) for habit in HABITS
        ]
        # Translators: over a column of numbers; the first space becomes a new line
        measured_on = _("this sentence"), _("{number} sentences", number=survey.on_set.sentences)
        self.columns = [
            [Label(line, self.theme.quiet, frame.smallest_text) for line in words.split(maxsplit=1)]
            for words in measured_on
        ]
        widest = (
            max(name.width for name in self.share_names),
            max(line.width for lines in self.columns for line in lines),
        )
        others = (1.0, 0.0) if len(grid.heads) == 1 else grid.size
        tokens = self.shown_tokens, self.followed
        self.places: FrontPlaces = place_front(self.trace, frame, tokens, widest, len(HABITS), others)
        self._build_front()
        self._build_shares()

    def _build_legend(self, region: Region) -> None:
        """Make a label for each habit, with the number of heads that have it."""
        names = habit_names(self.survey)
        self.legend: dict[str, DrawnMobject] = {}
        for habit, count in counted(self.survey, self.settings.layer if self._one_layer else None).items():
            parts: list[Part] = [(name_of(names[habit]), self.theme.text), (count, self.theme.quiet)]
            self.legend[habit] = Label(parts, self.theme.text, self.frame.small_text).set_opacity(0)
        flow(list(self.legend.values()), region, self.frame.small_text * 0.8)

    def _build_front(self) -> None:
        """Make the chosen head's matrix with the tokens' names, and its own."""
        theme, matrix, weights = self.theme, self.places.matrix, self.trace.weights[self.head]
        self.front = Tensor(
            np.where(self.trace.mask, weights, np.nan),
            probability_scale(WEIGHT, theme),
            field=f"all_weights[{self.settings.layer}][{self.head}]",
            rows=matrix.slots,
            columns=matrix.slots,
            decimals=2,
            smallest=self.frame.smallest_number,
        )
        rows = TokenChips(matrix.texts, "column", matrix.size, theme)
        columns = TokenChips(matrix.texts, matrix.standing, matrix.size, theme)
        rows.points, columns.points = matrix.places.row_names.corners, matrix.places.column_names.corners
        self.chips = [rows, columns]
        name = captions(self.survey)[self.settings.layer][self.head]
        where = _("layer {layer}, head {head}:", layer=self.settings.layer, head=self.head)
        self.title = Label([(where, theme.quiet), (name, theme.text)], theme.text, self.frame.small_text)
        region = self.places.title
        self.title.move_to((region.left + self.title.width / 2, region.center[1], 0))

    def _build_shares(self) -> None:
        """Make the table of the chosen head's shares, one row for each habit."""
        theme, frame, region = self.theme, self.frame, self.places.shares
        layer, head = self.settings.layer, self.head
        self.shares = Tensor(
            self.survey.shares[layer, head],
            probability_scale(WEIGHT, theme),
            field=f"shares[{layer}][{head}]",
            decimals=2,
            smallest=frame.smallest_number,
        )
        self.shares.points = region.corners
        names = self.places.share_names
        for row, label in enumerate(self.share_names):
            label.move_to((names.right - label.width / 2, self.shares.region(rows=row).center[1], 0))
        for column, lines in enumerate(self.columns):
            x = self.shares.region(columns=column).center[0]
            for above, label in enumerate(reversed(lines)):
                label.move_to((x, region.top + label.height * (above + 0.55), 0))
            self.share_names += lines
