"""`StandingChip`: where a token's chip stands, whatever mobject draws it."""

from typing import NamedTuple


class StandingChip(NamedTuple):
    """One token's chip as it stands on the picture, in scene units."""

    token: int
    x: float  # of its centre
    y: float
    size: float  # of its text, in em
    tall: float  # its height, in em of its text
    lit: float  # 1 is plain, less is dimmed
    ringed: float  # opacity of the ring of the token that is followed
