"""A checkpoint's folder: its files, found and checked before anything in them is trusted."""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attention.attention_trace import AttentionTrace
from attention.errors import UserError
from attention.head_weights import HeadWeights
from attention.model_files import model_file_digest, read_model_text
from attention.pretrained.families import FAMILIES, Family
from attention.text import LONGEST_NAME, is_printable

CONFIG = "config.json"
TOKENIZER = "tokenizer.json"
_WEIGHTS = ("model.safetensors", "model.safetensors.index.json")
_PICKLES = ("pytorch_model.bin", "pytorch_model.bin.index.json")
VOCABULARIES = ("vocab.txt", "vocab.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model")
HUB_NAME = re.compile(r"\w[\w.-]{0,95}(/\w[\w.-]{0,95})?", re.ASCII)
_BESIDE = ("merges.txt", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json")


@dataclass(frozen=True)
class Checkpoint:
    """The folder of a model of a known family."""

    path: Path
    kind: str  # what config.json calls the model's type
    weights: tuple[Path, ...]  # the files that hold the tensors
    digest: str  # SHA-256 of the folder's name, config, tokenizer and weights, and of how they are read, in hexadecimal
    hide_special: bool = False  # whether to leave out the tokens that the tokenizer adds
    allow_pickle: bool = False  # whether to read weights that are only there as a pickle

    @property
    def family(self) -> Family:
        """Where its model keeps what attention is made of."""
        return FAMILIES[self.kind]

    @property
    def name(self) -> str:
        """The name that the Hugging Face cache has for it, else that in config.json, else the folder's."""
        if self.path.parent.name == "snapshots":
            return self.path.parents[1].name.removeprefix("models--").replace("--", "/")
        named = read_json(self.path / CONFIG).get("_name_or_path")  # a path of somebody's disk, in some
        return named if isinstance(named, str) and HUB_NAME.fullmatch(named) else shown_name(self.path)

    @property
    def pickled(self) -> bool:
        """Whether there are no weights but those of a pickle."""
        return self.weights[0].suffix != ".safetensors"

    def config(self) -> dict[str, Any]:
        """Return what config.json says of the model, or of its part for texts."""
        return self.family.text_config(read_json(self.path / CONFIG))

    def trace(self, sentence: str, layer: int, decoder: str | None = None) -> AttentionTrace:
        """Return all that a layer computes; see :meth:`attention.model_folder.Model.trace`."""
        from attention.pretrained import compute, compute_cross  # imports PyTorch and Transformers, which takes seconds

        if decoder is not None:
            return compute_cross.compute_cross_trace(sentence, decoder, self, layer)
        return compute.compute_trace(sentence, self, layer)

    def head_weights(self, sentence: str) -> HeadWeights:
        """Return the weights of all heads; see :meth:`attention.model_folder.Model.head_weights`."""
        from attention.pretrained import compute  # imports PyTorch and Transformers

        return compute.compute_weights(sentence, self)


def find_checkpoint(path: Path, hide_special: bool, allow_pickle: bool) -> Checkpoint:
    """Return the checkpoint in the folder ``path``; parameters are those of :class:`Checkpoint`.

    Raises
    ------
    UserError
        If a file is missing, damaged or cannot be read, or the model is of a kind that cannot be traced.
    """
    kind = _kind(path / CONFIG)
    weights = _weights(path)
    tokenizer = [path / name for name in (TOKENIZER, *VOCABULARIES, *_BESIDE) if (path / name).is_file()]
    _check_own_code(path / "tokenizer_config.json")
    digest = hashlib.sha256(f"{path.name} {hide_special} ".encode(errors="surrogateescape"))
    for file in (path / CONFIG, *tokenizer, *weights):
        digest.update(f"{file.name} {model_file_digest(file)} ".encode(errors="surrogateescape"))
    return Checkpoint(path, kind, weights, digest.hexdigest(), hide_special, allow_pickle)


def shown_name(path: Path) -> str:
    """Return a folder's name as it can be shown."""
    return path.name if is_printable(path.name, LONGEST_NAME) else "model"


def read_json(file: Path) -> dict[str, Any]:
    """Return the object that a JSON file holds.

    Raises
    ------
    UserError
        If it cannot be read or holds something else.
    """
    try:
        content = json.loads(read_model_text(file))
    except (ValueError, RecursionError) as error:
        raise UserError(f"{file}: damaged ({error}): restore the file") from None
    if not isinstance(content, dict):
        raise UserError(f"{file}: damaged (not a JSON object): restore the file")
    return content


def _kind(file: Path) -> str:
    config = read_json(file)
    kind = config.get("model_type")
    if not isinstance(kind, str):
        raise UserError(f"{file}: lacks model_type, which says what kind of model this is: give a model's own folder")
    if kind not in FAMILIES:
        raise UserError(f"{file}: a model of type {kind!r} cannot be traced; those that can: {', '.join(FAMILIES)}")
    for name, value, says in FAMILIES[kind].refused:
        if config.get(name, value) not in (value, None):
            raise UserError(f"{file}: {says} ({name}): this variant of {kind} cannot be traced")
    _check_own_code(file, FAMILIES[kind].model.removesuffix("Model"))
    if config.get("quantization_config"):
        raise UserError(f"{file}: its weights are quantised (quantization_config): take the model with whole weights")
    return kind


def _check_own_code(file: Path, known: str | None = None) -> None:
    """Refuse a file that asks for code, unless it is for classes that Transformers has itself, as their names begin."""
    asked = read_json(file).get("auto_map") if file.exists() else None
    classes = list(asked.values()) if isinstance(asked, dict) else [asked]
    taken_in = known is not None and all(str(each).rpartition(".")[2].startswith(known) for each in classes)
    if asked and not taken_in:
        raise UserError(
            f"{file}: asks for code that comes with the checkpoint (auto_map), and such code is never run; "
            "if the model does without, take that entry out of the file"
        )


def _weights(path: Path) -> tuple[Path, ...]:
    for single, index in (_WEIGHTS, _PICKLES):
        if (path / single).exists():
            return (path / single,)
        if (path / index).exists():
            return _shards(path / index)
    raise UserError(f"{path}: holds no weights ({' or '.join(_WEIGHTS)}): get all files of the checkpoint")


def _shards(index: Path) -> tuple[Path, ...]:
    places = read_json(index).get("weight_map")
    if not isinstance(places, dict) or not places or not all(isinstance(name, str) for name in places.values()):
        raise UserError(f"{index}: damaged (no weight_map): restore the file")
    shards = sorted(set(places.values()))
    for shard in shards:
        if Path(shard).name != shard or Path(shard).suffix != index.suffixes[-3]:
            raise UserError(f"{index}: names {shard!r}, which is no file of weights in the same folder")
        if not (index.parent / shard).is_file():
            raise UserError(f"{index.parent / shard}: missing, one of {len(shards)} files of weights: get it as well")
    return tuple(index.parent / shard for shard in shards)
