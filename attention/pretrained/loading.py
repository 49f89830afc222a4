"""A checkpoint's model with its first layers, made by Transformers of tensors that this package reads."""

import math
import operator
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile, is_zipfile

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from attention.errors import UserError, first_line
from attention.pretrained.checkpoint import CONFIG, Checkpoint
from attention.pretrained.families import Family
from attention.pretrained.library import no_network

_MOST_SHARED = 100  # layers that one module stands for; ALBERT's are 12 or 24
_OF_TASKS = "num_labels", "id2label", "label2id"  # of config.json; heads for tasks are left out


class LoadedModel(NamedTuple):
    """A model with its first layers, in float32, and what its config says of all of it."""

    module: nn.Module
    layers: int  # of the whole model
    heads: int  # of each layer
    kv_heads: int  # of these, how many have keys and values of their own
    most_tokens: int  # in a text


@lru_cache(maxsize=2)
def load_model(checkpoint: Checkpoint, layer: int | None, cross: bool = False) -> LoadedModel:
    """Return the model with its layers up to ``layer``, as those after it change nothing in them; all, if it is None.

    They are the decoder's if its attention to the encoder is meant, ``cross``.

    Raises
    ------
    UserError
        If Transformers is not installed, there is no such layer, the files are damaged, hold other tensors than the
        model has, or are pickles and the checkpoint does not say that this is wanted.
    """
    if checkpoint.pickled and not checkpoint.allow_pickle:
        raise UserError(
            f"{checkpoint.weights[0]}: weights as a pickle, which is not read unless you say so: get the checkpoint's "
            "model.safetensors, or add --allow-pickle"
        )
    with no_network() as transformers:
        model_class = getattr(transformers, checkpoint.family.model)
        read = _of_pickles(checkpoint) if checkpoint.pickled else _of_safetensors(checkpoint)
        read = _of_texts(read, checkpoint.family)
        config = _config(checkpoint, model_class, read.shapes)
        family = (checkpoint.family.cross if cross else None) or checkpoint.family
        layers, heads = getattr(config, family.depth), getattr(config, family.heads)
        last = layers - 1 if layer is None else layer
        if not 0 <= last < layers:
            raise UserError(f"layer {layer}: this model's layers are 0 to {layers - 1}")
        kept = _kept_layers(checkpoint.family, cross, last)
        _keep_layers(config, kept)
        wanted = [name for name in read.shapes if all((stack.layer_of(name) or 0) <= end for stack, end in kept)]
        _check_sizes(checkpoint, model_class, config, {name: read.shapes[name] for name in wanted})
        tensors = {name: read.tensor(name) for name in wanted}
        model, found = _with_tensors(checkpoint, model_class, config, tensors)
    _check_complete(checkpoint, found)
    kv_heads = heads if cross else _kv_heads(config)
    return LoadedModel(model.eval(), layers, heads, kv_heads, checkpoint.family.most_tokens(config.to_dict()))


def _with_tensors(checkpoint: Checkpoint, model_class: Any, config: Any, tensors: dict[str, Tensor]) -> Any:
    """Return the model that holds these tensors, and what Transformers says of each that did not fit."""
    try:
        return model_class.from_pretrained(
            None,  # no folder to look into: the tensors are these
            config=config,
            state_dict=tensors,
            dtype=torch.float32,
            attn_implementation="eager",  # the only one that gives back its weights
            output_loading_info=True,
            ignore_mismatched_sizes=True,  # they are named afterwards
            **dict(checkpoint.family.options),
        )
    except Exception as error:  # of many kinds: whatever does not fit together
        raise UserError(f"{checkpoint.path}: config and weights do not fit together ({first_line(error)})") from None


class _Read(NamedTuple):
    """What the files of weights hold."""

    shapes: dict[str, tuple[int, ...]]
    tensor: Callable[[str], Tensor]


def _of_safetensors(checkpoint: Checkpoint) -> _Read:
    """Return what is there; a tensor is read when it is asked for."""
    places: dict[str, Path] = {}
    shapes: dict[str, tuple[int, ...]] = {}
    for file in checkpoint.weights:
        with _naming_damage(file), safe_open(file, framework="pt") as opened:
            for name in opened.keys():  # noqa: SIM118
                places[name], shapes[name] = file, tuple(opened.get_slice(name).get_shape())

    def tensor(name: str) -> Tensor:
        with _naming_damage(places[name]), safe_open(places[name], framework="pt") as opened:
            found: Tensor = opened.get_tensor(name)
            return found

    return _Read(shapes, tensor)


def _of_texts(read: _Read, family: Family) -> _Read:
    """Return what there is of the part of the model that reads texts, under the names that it has alone."""
    if family.text_part is None:
        return read
    before = family.text_part[1]
    whole = {name.partition(before)[2]: name for name in read.shapes if before in name}
    return _Read({name: read.shapes[own] for name, own in whole.items()}, lambda name: read.tensor(whole[name]))


@contextmanager
def _naming_damage(file: Path) -> Iterator[None]:
    try:
        yield
    except (SafetensorError, OSError, ValueError) as error:
        raise UserError(f"{file}: the weights are damaged ({first_line(error)}): restore the file") from None


def _of_pickles(checkpoint: Checkpoint) -> _Read:
    tensors: dict[str, Tensor] = {}
    for file in checkpoint.weights:
        try:
            if is_zipfile(file) and sum(part.file_size for part in ZipFile(file).infolist()) > file.stat().st_size:
                raise ValueError("packed")
            content = torch.load(file, map_location="cpu", weights_only=True)  # tensors and no code
            tensors |= {name: content[name] for name in content if _is_whole(content[name])}
        except Exception:  # of many kinds, as a damaged pickle may stop anywhere; what they say may be bad advice
            raise UserError(
                f"{file}: no weights, damaged, or more than weights: get the checkpoint's model.safetensors"
            ) from None
    return _Read({name: tuple(tensor.shape) for name, tensor in tensors.items()}, tensors.__getitem__)


def _is_whole(tensor: Tensor) -> bool:
    """Return True for a tensor with as many numbers as its shape says; one number may stand for many."""
    if tensor.numel() * tensor.element_size() > tensor.untyped_storage().nbytes():
        raise ValueError("larger than its storage")
    return True


def _config(checkpoint: Checkpoint, model_class: Any, shapes: dict[str, tuple[int, ...]]) -> Any:
    config_class = model_class.config_class
    values = {name: value for name, value in checkpoint.config().items() if name not in _OF_TASKS}
    try:
        for stack in filter(None, (checkpoint.family, checkpoint.family.cross)):
            named = (stack.depth, config_class.attribute_map.get(stack.depth))
            there = _MOST_SHARED if stack.shared else len(set(map(stack.layer_of, shapes)) - {None})
            if max(values.get(name) or 0 for name in named) > there:
                raise ValueError(f"it speaks of more than {there} layers" if stack.shared else _lacking(stack, there))
        config = config_class.from_dict(values)
        config.use_cache = False
        if config.num_hidden_layers < 1 or config.num_attention_heads < 1:
            raise ValueError("no layer or no head")
        if config.num_attention_heads % _kv_heads(config):
            raise ValueError("heads cannot share so many keys")
        return config
    except Exception as error:  # of many kinds, as each value has its own check
        raise UserError(f"{checkpoint.path / CONFIG}: damaged ({first_line(error)}): restore the file") from None


def _lacking(stack: Family, there: int) -> str:
    if not there and stack.starts_with:
        return "the weights are an encoder's alone, and this is of a model that has a decoder too"
    return f"the weights lack layers: there are {there}"


def _kv_heads(config: Any) -> int:
    if getattr(config, "multi_query", False) and not config.new_decoder_architecture:  # Falcon's first models
        return 1
    own = getattr(config, "num_key_value_heads", None) or getattr(config, "num_kv_heads", None)
    return operator.index(own or config.num_attention_heads)


def _check_sizes(checkpoint: Checkpoint, model_class: Any, config: Any, shapes: dict[str, tuple[int, ...]]) -> None:
    """Refuse a config that speaks of more numbers than there are, before there is memory for any of them."""
    try:
        with torch.device("meta"):
            made = model_class(config, **dict(checkpoint.family.options))
            made.tie_weights()
            parts = dict(made.named_parameters())  # one that has two names is there once
    except Exception as error:  # of many kinds: whatever does not fit together
        raise UserError(f"{checkpoint.path}: config and weights do not fit together ({first_line(error)})") from None
    if sum(part.numel() for part in parts.values()) <= sum(map(math.prod, shapes.values())):
        return
    for name, part in parts.items():
        there = next((shape for own, shape in shapes.items() if f".{own}".endswith(f".{name}")), None)
        if there is None or there != tuple(part.shape):
            says = "the weights lack" if there is None else "config.json speaks of another shape of"
            raise UserError(f"{checkpoint.path}: {says} {name}: get all files of it again")


def _kept_layers(family: Family, cross: bool, last: int) -> list[tuple[Family, int]]:
    """Return the stacks of layers of which not all are needed, each with the number of its last one that is."""
    if family.cross is None:
        return [(family, last)]
    return [(family.cross, last)] if cross else [(family, last), (family.cross, 0)]


def _keep_layers(config: Any, kept: list[tuple[Family, int]]) -> None:
    for stack, last in kept:
        setattr(config, stack.depth, last + 1)
        for each in ("layer_types", "no_rope_layers"):
            if getattr(config, each, None):
                setattr(config, each, getattr(config, each)[: last + 1])


def _check_complete(checkpoint: Checkpoint, found: dict[str, Any]) -> None:
    """Refuse a model of which a tensor was made up, or a layer that holds more than its family knows."""
    for kind, says in (
        ("missing_keys", "the weights lack"),
        ("mismatched_keys", "config.json speaks of another shape of"),
    ):
        names = sorted(name if isinstance(name, str) else str(name[0]) for name in found[kind])
        if names:
            raise UserError(f"{checkpoint.path}: {says} {names[0]} ({len(names)} in all): get all files of it again")
    family = checkpoint.family
    for name in sorted(found["unexpected_keys"]):
        if family.layer_of(name) is not None and not name.endswith(family.ignored):
            raise UserError(
                f"{checkpoint.path}: the weights hold {name}, for which Transformers' {checkpoint.kind} models have no "
                "place: this variant cannot be traced"
            )
