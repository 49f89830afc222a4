"""`OneVector`: how a token's row, its position's vector and their sum stand under each other, some numbers printed."""

from dataclasses import replace

import numpy as np
from manim import Group
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.content.adding_columns import DECIMALS
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.embeddings_parts.embedding_places import place_vectors
from scenes.look.theme import Scale, Theme
from scenes.mobjects.label import Label, Part
from scenes.mobjects.tensor import Tensor, same_size
from scenes.places.layout import Frame, Region
from scenes.words import _, npgettext, pieces

_PALER = 2.02  # limit of the colours, as a multiple of the largest number


class OneVector(Group):
    """The vectors of one token: its row of the table, what its position adds, and what the layer receives.

    Parameters
    ----------
    trace, token
        Whose vectors.
    region
        Where they stand.
    scale
        Gives each number its colour.
    frame, theme
        Give sizes and colours.
    columns
        Which neighbouring numbers are printed.
    alone
        Whether only its row of the table is there.

    Examples
    --------
    .. code-block:: python

        class Sum(DrawingScene):
            def construct(self):
                traced, frame, theme = trace("The cat sat."), Frame("16:9"), THEMES["dark"]
                scale = signed_scale(EMBEDDING, traced.embeddings, theme)
                self.add(*OneVector(traced, 1, frame.stage, scale, frame, theme, np.arange(6)).parts)
    """

    def __init__(
        self,
        trace: AttentionTrace,
        token: int,
        region: Region,
        scale: Scale,
        frame: Frame,
        theme: Theme,
        columns: NDArray[np.int64],
        alone: bool = False,
    ) -> None:
        self.trace, self.token, self.frame, self.theme, self.columns = trace, token, frame, theme, columns
        fields, names = self._vectors()
        if alone:
            fields, names = fields[:1], names[:1]
        rests = self._rests()
        places = place_vectors(frame, region, len(columns), len(fields), [rest.width for rest in rests])
        self.strips = [self._strip(field, self._scale_of(field, scale)) for field in fields]
        same_size(self.strips)
        self.names = [Label(parts, theme.text, frame.text) for parts in names]
        self.rests: list[list[Label]] = []
        for strip, name, place in zip(self.strips, self.names, places, strict=True):
            strip.points = place.corners
            over = place.top + name.height * 0.62
            name.move_to((place.left + name.width / 2, over, 0))
            own = [rest.copy() for rest in rests]
            if frame.wide:
                before, after = own
                before.move_to((place.left - before.width / 2 - 0.4 * frame.text, place.center[1], 0))
                after.move_to((place.right + after.width / 2 + 0.4 * frame.text, place.center[1], 0))
            else:
                own[0].move_to((place.right - own[0].width / 2, over, 0))
            self.rests.append([rest for rest in own if rest.parts[0][0]])
        super().__init__(*self.strips, *self.names)

    def beside(self, index: int) -> list[DrawnMobject]:
        """Return the name of a vector, and what stands for its hidden numbers."""
        return [self.names[index], *self.rests[index]]

    @property
    def parts(self) -> list[DrawnMobject]:
        """All that is drawn."""
        return [*self.strips, *(part for index in range(len(self.strips)) for part in self.beside(index))]

    def _vectors(self) -> tuple[list[str], list[list[Part]]]:
        """Return the fields of the trace, and what each is called."""
        trace, text, quiet = self.trace, self.theme.text, self.theme.quiet
        number = Fact(f"token_ids[{self.token}]", float(trace.token_ids[self.token]), 0)
        fields = ["token_vectors"]
        # Translators: of the embedding table; the number is the token's id
        said = pieces(_("row {number} of the table"), number=number)
        names: list[list[Part]] = [[(piece, quiet if isinstance(piece, str) else text) for piece in said]]
        if trace.position_vectors is not None:
            fields.append("position_vectors")
            names.append([("+", text), (_("vector of position {number}", number=self.token + 1), quiet)])
        if len(fields) > 1 or not trace.embeddings_are_sums:
            fields.append("embeddings")
            into, normalised = _("into layer {layer}: its row of X", layer=trace.layer), _("normalised: its embedding")
            made = into if trace.layer else normalised
            summed = trace.embeddings_are_sums
            names.append([("=", text), (_("its embedding"), quiet)] if summed else [(made, quiet)])
        return fields, names

    def _rests(self) -> list[Label]:
        """Return what says which numbers are hidden: before and after those that are seen, or over them."""
        count, columns = self.trace.embeddings.shape[1], self.columns
        before, after = int(columns[0]), count - int(columns[-1]) - 1
        if not self.frame.wide:
            # Translators: numbers of a vector that are written out, and how many it has
            seen = _("{number} of {total}", number=len(columns), total=count)
            return [self._rest(seen if before or after else "")]
        # Translators: numbers of a vector, before those that are written out, and after them
        left = npgettext("numbers", "{number} more …", "{number} more …", before, number=before)
        right = npgettext("numbers", "… {number} more", "… {number} more", after, number=after)
        return [self._rest(left if before else ""), self._rest(right if after else "")]

    def _rest(self, text: str) -> Label:
        return Label(text, self.theme.quiet, self.frame.text)

    def _scale_of(self, field: str, scale: Scale) -> Scale:
        """Return one scale for all that is added up, in which all numbers can be white; what follows has another."""
        fields = ("token_vectors", "position_vectors", "embeddings")
        together = (
            fields if self.trace.embeddings_are_sums else ("embeddings",) if field == "embeddings" else fields[:2]
        )
        vectors = (getattr(self.trace, name) for name in together)
        largest = max(float(np.abs(vector[self.token, self.columns]).max()) for vector in vectors if vector is not None)
        least = scale.limit if "embeddings" in together else 0.0
        return replace(scale, limit=max(least, _PALER * largest) or 1.0)

    def _strip(self, field: str, scale: Scale) -> Tensor:
        values: NDArray[np.float32] = getattr(self.trace, field)
        return Tensor(
            values,
            scale,
            field=field,
            rows=np.array([self.token]),
            columns=self.columns,
            decimals=DECIMALS,
            smallest=self.frame.smallest_number,
        )
