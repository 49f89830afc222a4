"""Where a model lies on disk and what identifies it; reading its tensors is `attention.forward`'s job."""

import hashlib
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from attention.errors import UserError
from attention.pretrained.checkpoint import CONFIG, Checkpoint, find_checkpoint

TINY = "tiny"
WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"
_HUB_NAME = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?", re.ASCII)
_COMPUTING = (
    "attention_trace",
    "evaluation",
    "forward",
    "head_weights",
    "heads",
    "model",
    "neighbours",
    "readings",
    "spans",
    "tokenizer",
)


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


def find_model(model: str) -> ModelFolder | Checkpoint:
    """Return where ``model`` lies: ``"tiny"``, which comes with the package, or the path of a folder.

    A folder with ``config.json`` is a checkpoint of Hugging Face Transformers, any other a model of this package.

    Raises
    ------
    UserError
        If there is no such folder, or a file is missing from it or cannot be read; if it is a checkpoint of a kind that
        is not known.
    """
    given = os.path.expanduser(model)  # noqa: PTH111 (pathlib's fails for a user who is not there)
    path = Path(__file__).parent / TINY if model == TINY else Path(given)
    if not path.is_dir():
        raise UserError(_no_folder(model))
    if (path / CONFIG).exists():
        return find_checkpoint(path.resolve())
    digest = hashlib.sha256()
    for name in (WEIGHTS, TOKENIZER):
        digest.update(_read(path / name))
    return ModelFolder(path.resolve(), digest.hexdigest())


def _no_folder(model: str) -> str:
    if not _HUB_NAME.fullmatch(model):
        return f"no model {model!r}: give '{TINY}' or the path of a model's folder"
    folder = model.rpartition("/")[2]
    return (
        f"no model {model!r} in this folder: give '{TINY}' or the path of a model's folder. One with that name on the "
        f"Hugging Face Hub is downloaded by: hf download {model} --local-dir {folder}, and used by: --model {folder}"
    )


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UserError(f"{file}: the model's file cannot be read ({error.strerror}): restore it") from None


@cache
def source_digest() -> str:
    """Return a SHA-256 of the code that computes, so that what older code made is never taken for new."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for file in (*(here / f"{name}.py" for name in _COMPUTING), *sorted((here / "pretrained").glob("*.py"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()
