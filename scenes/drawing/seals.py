"""A seal beside each segment tells that it is whole, and that it was drawn by the code that draws now.

Manim names a segment after its animation and the arrays and texts of its mobjects, which does not tell how they paint.
"""

import hashlib
import sys
from functools import cache
from pathlib import Path

_ENDING = ".sha256"
_PACKAGE = Path(__file__).parents[1]
_DRAWS_NOTHING = {"commands", "deck", "output"}  # folders of this package


def seal(written: Path, segment: Path) -> None:
    """Write the seal of ``segment``, whose content is in ``written``, before it gets its name."""
    segment.with_suffix(_ENDING).write_text(_digest(written), encoding="ascii")


def is_sealed(segment: Path) -> bool:
    """Return whether the file ``segment`` is as it was sealed, and the same code would draw it."""
    try:
        return segment.with_suffix(_ENDING).read_bytes() == _digest(segment).encode()
    except OSError:
        return False


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.sha256(_code() + hashlib.file_digest(content, "sha256").digest()).hexdigest()


@cache
def _code() -> bytes:
    """Return a digest of this package's code that draws, and of the modules of a user's own that are loaded."""
    ours = (file for file in _PACKAGE.rglob("*.py") if file.relative_to(_PACKAGE).parts[0] not in _DRAWS_NOTHING)
    installed = Path(sys.prefix), Path(sys.base_prefix), _PACKAGE
    loaded = {Path(getattr(module, "__file__", None) or "") for module in list(sys.modules.values())}
    own = (file for file in loaded if file.suffix == ".py" and not any(map(file.is_relative_to, installed)))
    digest = hashlib.sha256()
    for file in (*sorted(ours), *sorted(own)):
        if file.is_file():
            digest.update(file.read_bytes())
    return digest.digest()
