"""A checkpoint's model with its first layers, made by Transformers of tensors that this package reads."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from attention.errors import UserError, first_line
from attention.pretrained.checkpoint import CONFIG, Checkpoint
from attention.pretrained.library import no_network


class LoadedModel(NamedTuple):
    """A model with its first layers, in float32, and what its config says of all of it."""

    module: nn.Module
    layers: int  # of the whole model
    heads: int  # of each layer
    kv_heads: int  # of these, how many have keys and values of their own
    most_tokens: int  # in a text


@lru_cache(maxsize=2)
def load_model(checkpoint: Checkpoint, layer: int | None) -> LoadedModel:
    """Return the model with its layers up to ``layer``, as those after it change nothing in them; all, if it is None.

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
        config = _config(checkpoint, model_class)
        layers, heads = config.num_hidden_layers, config.num_attention_heads
        last = layers - 1 if layer is None else layer
        if not 0 <= last < layers:
            raise UserError(f"layer {layer}: this model's layers are 0 to {layers - 1}")
        _keep_layers(config, last + 1)
        tensors = _read_tensors(checkpoint, last)
        try:
            model, found = model_class.from_pretrained(
                None,  # no folder to look into: the tensors are these
                config=config,
                state_dict=tensors,
                dtype=torch.float32,
                attn_implementation="eager",  # the only one that gives back its weights
                output_loading_info=True,
                ignore_mismatched_sizes=True,  # they are named below
                **dict(checkpoint.family.options),
            )
        except Exception as error:  # of many kinds: whatever does not fit together
            raise UserError(
                f"{checkpoint.path}: config and weights do not fit together ({first_line(error)})"
            ) from None
    _check_complete(checkpoint, found)
    kv_heads = getattr(config, "num_key_value_heads", None) or heads
    return LoadedModel(model.eval(), layers, heads, kv_heads, checkpoint.family.most_tokens(config.to_dict()))


def _config(checkpoint: Checkpoint, model_class: Any) -> Any:
    values = checkpoint.config()
    try:
        config = model_class.config_class.from_dict(values)
        config.use_cache = False
        if config.num_hidden_layers < 1 or config.num_attention_heads < 1:
            raise ValueError("no layer or no head")
        return config
    except Exception as error:  # of many kinds, as each value has its own check
        raise UserError(f"{checkpoint.path / CONFIG}: damaged ({first_line(error)}): restore the file") from None


def _keep_layers(config: Any, count: int) -> None:
    config.num_hidden_layers = count
    if getattr(config, "layer_types", None):
        config.layer_types = config.layer_types[:count]


def _read_tensors(checkpoint: Checkpoint, layer: int) -> dict[str, Tensor]:
    """Return the tensors of the layers up to ``layer``, and those outside of layers."""

    def wanted(name: str) -> bool:
        return (checkpoint.family.layer_of(name) or 0) <= layer

    read = _read_pickle if checkpoint.pickled else _read_safetensors
    tensors: dict[str, Tensor] = {}
    for file in checkpoint.weights:
        tensors |= read(file, wanted)
    return tensors


def _read_safetensors(file: Path, wanted: Callable[[str], bool]) -> dict[str, Tensor]:
    try:
        with safe_open(file, framework="pt") as opened:
            return {name: opened.get_tensor(name) for name in opened.keys() if wanted(name)}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError) as error:
        raise UserError(f"{file}: the weights are damaged ({first_line(error)}): restore the file") from None


def _read_pickle(file: Path, wanted: Callable[[str], bool]) -> dict[str, Tensor]:
    try:
        content = torch.load(file, map_location="cpu", weights_only=True)  # tensors and no code
        return {name: tensor for name, tensor in content.items() if wanted(name)}
    except Exception as error:  # of many kinds, as a damaged pickle may stop anywhere
        raise UserError(f"{file}: no weights, damaged, or more than weights ({first_line(error)})") from None


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
