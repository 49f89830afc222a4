"""Whom a pronoun stands for, as far as the teacher sees it: the targets for rows of third-person pronouns."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from attention.readings import CONTINUATION

THIRD_PERSON = tuple(
    "he him his himself she her hers herself it its itself they them their theirs themselves".split()  # noqa: SIM905
)
_OTHERS = tuple("i me my mine myself you your yours yourself we us our ours ourselves".split())  # noqa: SIM905

_LEAST, _MOST = 0.01, 3.0  # bounds of a piece's likeness
_LIKELY = 0.6  # the likeness from which on a piece may be what a pronoun stands for
_SMALLEST = 1e-4


class Seen(NamedTuple):
    """Texts of the same length, and where the heads that know pronouns look."""

    token_ids: Tensor  # (batch, n)
    attention: Tensor  # (batch, n, n), rows sum to 1 without the diagonal, which is 0


class Referents(NamedTuple):
    """Where pronouns should look among the earlier pieces that they may stand for; rows of other tokens are 0.

    The rows of ``shares`` and ``pointed`` are distributions, or 0 where there is no such piece.
    """

    rows: Tensor  # (batch, n) bool, True for pronouns
    shares: Tensor  # (batch, n, n), the heads', sharpened
    pointed: Tensor  # (batch, n, n), what is likely anyway counts more, and the largest most
    trust: Tensor  # (batch, n), how much of their attention the heads give to such pieces at all


class Pronouns:
    """What a vocabulary's pieces are to its third-person pronouns, counted over the texts that are trained on.

    Parameters
    ----------
    vocabulary
        The pieces; a piece's position is its token id.
    texts
        To count in: a piece is the likelier what a pronoun stands for, the more the heads look at it from later
        pronouns, in comparison with an even share. So nouns and names are found without a list of them.
    """

    def __init__(self, vocabulary: Sequence[str], texts: Iterable[Seen]) -> None:
        ids = {piece: number for number, piece in enumerate(vocabulary)}
        self.are_pronouns = _marked(len(vocabulary), [ids[word] for word in THIRD_PERSON if word in ids])
        received, even = torch.ones(2, len(vocabulary))
        for seen in texts:
            earlier = _earlier(seen.token_ids.shape[1])
            rows = self.are_pronouns[seen.token_ids].unsqueeze(-1)  # (batch, n, 1)
            for counted, shares in ((received, seen.attention.float() * earlier), (even, earlier)):
                by_piece = (_normalise(shares) * rows).sum(dim=1)  # (batch, n)
                counted.index_add_(0, seen.token_ids.flatten(), by_piece.flatten())
        self.likeness = (received / even).clamp(_LEAST, _MOST)
        words = [any(map(str.isalnum, piece.removeprefix(CONTINUATION))) for piece in vocabulary]
        excluded = self.are_pronouns | _marked(len(vocabulary), [ids[word] for word in _OTHERS if word in ids])
        self.are_candidates = torch.tensor(words) & ~excluded & (self.likeness > _LIKELY)

    def referents(self, seen: Seen, sharpness: float) -> Referents:
        """Return the target for the pronouns of ``seen``; with a ``sharpness`` above 1, the largest share gains."""
        rows = self.are_pronouns[seen.token_ids]  # (batch, n)
        earlier = _earlier(seen.token_ids.shape[1]).bool()
        candidates = earlier & rows.unsqueeze(2) & self.are_candidates[seen.token_ids].unsqueeze(1)  # (batch, n, n)
        shares = seen.attention.float() * candidates
        pointed = (shares * self.likeness[seen.token_ids].unsqueeze(1)).pow(sharpness)
        return Referents(
            rows,
            _normalise(_normalise(shares.pow(sharpness)).clamp_min(_SMALLEST) * candidates).half(),
            _normalise(pointed).half(),
            shares.sum(dim=-1),
        )


def _earlier(n: int) -> Tensor:
    return torch.ones(n, n).tril(-1)


def _marked(size: int, ids: Sequence[int]) -> Tensor:
    marked = torch.zeros(size, dtype=torch.bool)
    marked[list(ids)] = True
    return marked


def _normalise(shares: Tensor) -> Tensor:
    return shares / shares.sum(dim=-1, keepdim=True).clamp_min(1e-9)
