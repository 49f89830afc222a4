"""File names from sentences: safe on every system, and guessable."""

import hashlib

from slugify import slugify

_LONGEST = 60  # characters, far below what file systems take
# what Windows takes for devices
_DEVICES = {"con", "prn", "aux", "nul"} | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}


def slug(sentence: str) -> str:
    """Return a file name for ``sentence``: lower-case ASCII letters, digits and hyphens, never empty.

    Letters of other scripts are written in Latin ones. Different sentences may share a slug: add :func:`tag` then.

    >>> slug("The cat sat."), slug("../../etc")
    ('the-cat-sat', 'etc')
    """
    name = slugify(sentence, max_length=_LONGEST, word_boundary=True)
    return f"{name or 'sentence'}-{tag(sentence)}" if name in _DEVICES or not name else name


def tag(sentence: str) -> str:
    """Return eight hexadecimal digits that tell ``sentence`` from others."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:8]
