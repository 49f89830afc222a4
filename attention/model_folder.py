"""The models that there are: what each of them can do, and how one is found.

What attention is computed of is a :class:`Model`. Another kind of model is another class with these four members, and a
line in :func:`find_model` that knows its folder.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from attention.attention_trace import AttentionTrace
from attention.errors import UserError
from attention.head_weights import HeadWeights
from attention.model_files import model_file_digest
from attention.pretrained.checkpoint import CONFIG, HUB_NAME, find_checkpoint

TINY = "tiny"
WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"
_HUB = "https://huggingface.co/"


class Model(Protocol):
    """What can be run on a sentence."""

    @property
    def path(self) -> Path:
        """Its folder."""

    @property
    def digest(self) -> str:
        """What changes when its files do, or how they are read."""

    def trace(self, sentence: str, layer: int, decoder: str | None = None) -> AttentionTrace:
        """Return all that one of its layers computes of a tidied ``sentence``.

        With ``decoder``, a tidied text, it is the attention of the decoder that writes this to the encoder of the
        sentence.

        Raises
        ------
        UserError
            If it does not take the sentence, has no such layer, or a file is damaged.
        """

    def head_weights(self, sentence: str) -> HeadWeights:
        """Return the weights of all heads of all layers for a tidied ``sentence``; errors as :meth:`trace` has them."""


@dataclass(frozen=True)
class ModelFolder:
    """A folder with ``model.safetensors`` (weights) and ``tokenizer.json``, of a model of this package."""

    path: Path
    digest: str  # SHA-256 of both files and of the way it looks, in hexadecimal: changes when the model does
    causal: bool = False  # whether a token looks at itself and earlier ones only

    @property
    def weights(self) -> Path:
        """The file of weights."""
        return self.path / WEIGHTS

    @property
    def tokenizer(self) -> Path:
        """The file of the tokenizer."""
        return self.path / TOKENIZER

    def trace(self, sentence: str, layer: int, decoder: str | None = None) -> AttentionTrace:
        """Return all that the one layer computes; see :meth:`Model.trace`."""
        from attention import forward  # imports PyTorch, which takes seconds

        if decoder is not None:
            raise UserError("this model has no decoder that attends to an encoder, as T5 and BART have: omit --decoder")
        return forward.compute_trace(sentence, self, layer)

    def head_weights(self, sentence: str) -> HeadWeights:
        """Return the weights of all heads; see :meth:`Model.head_weights`."""
        return HeadWeights.of(self.trace(sentence, 0))


def find_model(model: str, *, hide_special: bool = False, causal: bool = False, allow_pickle: bool = False) -> Model:
    """Return the model that is meant by ``model``: ``"tiny"``, which comes with the package, or the path of a folder.

    A folder with ``config.json`` is a checkpoint of Hugging Face Transformers, any other a model of this package.

    Parameters
    ----------
    model
        As it says above.
    hide_special
        Whether to leave out the tokens that the tokenizer adds; a model of this package has none.
    causal
        Whether a token looks at itself and earlier ones only; a model of this package has matrices of its own for that.
    allow_pickle
        Whether to read weights that are only there as a pickle.

    Raises
    ------
    UserError
        If there is no such folder, or a file is missing from it or cannot be read; if it is a checkpoint of a kind that
        is not known, or one that is asked to look otherwise than it was trained to.
    """
    path = Path(__file__).parent / TINY if model == TINY else _folder(model)
    if (path / CONFIG).exists():
        if causal:
            raise UserError(
                f"{model}: --causal is for {TINY!r} and models of `attention train`; "
                "a checkpoint of others looks as it was trained to: leave --causal out"
            )
        return find_checkpoint(path, hide_special, allow_pickle)
    digest = hashlib.sha256(f"{path.name} {causal} ".encode(errors="surrogateescape"))
    for file in (path / WEIGHTS, path / TOKENIZER):
        if not file.exists():
            raise UserError(
                f"{file}: missing, and so is the {CONFIG} of a Hugging Face checkpoint: "
                "give the folder with all files of a model"
            )
        digest.update(model_file_digest(file).encode())
    return ModelFolder(path, digest.hexdigest(), causal)


def _folder(model: str) -> Path:
    try:
        path = Path(os.path.expanduser(model))  # noqa: PTH111 (pathlib's fails for a user who is not there)
        if path.is_dir():
            return path.resolve()
        if path.is_file():
            raise UserError(f"{path}: a file: give the folder with all files of a model")
    except (OSError, ValueError):  # a name that no system takes
        pass
    raise UserError(_no_folder(model))


def _no_folder(model: str) -> str:
    if not HUB_NAME.fullmatch(name := model.removeprefix(_HUB).rstrip("/")):
        return f"no model {model!r}: give '{TINY}' or the path of a model's folder"
    folder = name.rpartition("/")[2]
    return (
        f"no model {model!r} in this folder, and nothing is downloaded: give '{TINY}' or the path of a model's folder. "
        f"To get it from the Hugging Face Hub: hf download {name} --local-dir {folder}, and then: --model {folder}"
    )
