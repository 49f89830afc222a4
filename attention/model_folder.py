"""Where a model lies on disk and what identifies it; reading its tensors is `attention.forward`'s job."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from attention.errors import UserError

TINY = "tiny"
WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"


@dataclass(frozen=True)
class ModelFolder:
    """A folder with ``model.safetensors`` (weights) and ``tokenizer.json``."""

    path: Path
    digest: str  # SHA-256 of both files, in hexadecimal: changes when the model does

    @property
    def weights(self) -> Path:
        """The file of weights."""
        return self.path / WEIGHTS

    @property
    def tokenizer(self) -> Path:
        """The file of the tokenizer."""
        return self.path / TOKENIZER


def find_model(model: str) -> ModelFolder:
    """Return the folder of ``model``: ``"tiny"``, which comes with the package, or a path.

    Raises
    ------
    UserError
        If there is no such folder, or a file is missing from it or cannot be read.
    """
    path = Path(__file__).parent / TINY if model == TINY else Path(model).expanduser()
    if not path.is_dir():
        raise UserError(f"no model {model!r}: give '{TINY}' or the path of a folder with {WEIGHTS} in it")
    digest = hashlib.sha256()
    for name in (WEIGHTS, TOKENIZER):
        digest.update(_read(path / name))
    return ModelFolder(path.resolve(), digest.hexdigest())


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UserError(f"{file}: the model's file cannot be read ({error.strerror}): restore it") from None


@cache
def source_digest() -> str:
    """Return a SHA-256 of the code that computes traces, so that a trace of older code is never taken for a new one."""
    digest = hashlib.sha256()
    for name in ("attention_trace.py", "forward.py", "model.py", "tokenizer.py"):
        digest.update((Path(__file__).parent / name).read_bytes())
    return digest.hexdigest()
