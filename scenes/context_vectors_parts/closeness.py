"""How close a token is to another one before attention and after it, and the lines that say so."""

from collections.abc import Sequence
from dataclasses import dataclass

from attention import AttentionTrace
from scenes.content.asking import named
from scenes.content.cosine import cosine
from scenes.drawing.fact import Fact
from scenes.drawing.writing_direction import isolate_quotes
from scenes.look.theme import EMBEDDING, OUTPUT, Theme
from scenes.mobjects.label import LINE, Label, Part
from scenes.places.layout import Region
from scenes.words import _, pgettext, pieces

_SPACE = 0.45  # between what is said before the token moves and what is said after, in em


@dataclass(frozen=True)
class Closeness:
    """Cosines of one token's vectors with another token's row of the embedding table.

    Parameters
    ----------
    name
        How captions call the other token.
    before
        Cosine of the token's own row with it.
    after
        Cosine of the token's output with it.
    """

    name: str
    before: Fact
    after: Fact

    def told(self, region: Region, size: float, theme: Theme, *, after: bool = True) -> list[Label]:
        """Return what is said before the token moves, and last what is added ``after`` it, in the middle of ``region``.

        Letters are ``size`` em high if they fit on one line, or on two where these have room; else smaller.
        """
        parts: list[list[Part]] = [
            [(isolate_quotes(piece), theme.text) for piece in pieces(_("cosine with {token}:"), token=self.name)],
            # Translators: attention; a number follows
            [(pgettext("vector", "before"), theme.quiet), (self.before, theme.ink(EMBEDDING))],
            # Translators: attention; a number follows
            [("→", theme.quiet), (pgettext("vector", "after"), theme.quiet), (self.after, theme.ink(OUTPUT))],
        ]
        head, *numbers = labels = [Label(part, theme.text, size) for part in parts[: 3 if after else 2]]
        lines = (
            [labels] if _width(labels, size) <= region.width or region.height < 2 * LINE * size else [[head], numbers]
        )
        shrunk = min(1.0, region.width / max(_width(line, size) for line in lines))
        for index, line in enumerate(lines):
            x = region.center[0] - _width(line, size) * shrunk / 2
            y = region.center[1] + ((len(lines) - 1) / 2 - index) * LINE * size
            for label in line:
                label.scale(shrunk)
                label.move_to((x + label.width / 2, y, 0))
                x += label.width + _SPACE * size * shrunk
        return labels


def _width(line: Sequence[Label], size: float) -> float:
    return float(sum(label.width for label in line)) + _SPACE * size * (len(line) - 1)


def closeness(trace: AttentionTrace, token: int, other: int) -> Closeness:
    """Return how close ``token`` is to ``other``.

    Both are compared in one space: the rows of the embedding table, to which outputs of this layer are trained to be
    near.
    """
    row = trace.token_vectors[other]
    before, after = (
        Fact(f"cosine({field}[{token}], token_vectors[{other}])", cosine(getattr(trace, field)[token], row))
        for field in ("token_vectors", "output")
    )
    return Closeness(named(trace, other), before, after)
