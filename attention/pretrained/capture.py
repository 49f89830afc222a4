"""One run of a model, with what goes into and comes out of the attention of its last layer, or with all weights."""

import inspect
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from attention.errors import UserError, first_line
from attention.pretrained.families import Family


class Captured(NamedTuple):
    """What one run shows, without a dimension for the batch."""

    position_vectors: Tensor | None  # (n, d_model)
    embeddings: Tensor  # (n, d_model), what the projections are multiplied with
    mask: Tensor  # (n, n) bool, True where attending is allowed
    position_bias: Tensor | None  # (heads, n, n)
    rotary: tuple[Tensor, Tensor] | None  # cosines and sines, each (n, d_k)
    weights: Tensor  # (heads, n, n), as the model reports them
    output: Tensor  # (n, d_model)

    def only(self, kept: Tensor) -> "Captured":
        """Return the same for some of the tokens, ``kept`` (n,) bool; weights and output are not those of a run."""
        return Captured(
            position_vectors=None if self.position_vectors is None else self.position_vectors[kept],
            embeddings=self.embeddings[kept],
            mask=self.mask[kept][:, kept],
            position_bias=None if self.position_bias is None else self.position_bias[:, kept][:, :, kept],
            rotary=None if self.rotary is None else (self.rotary[0][kept], self.rotary[1][kept]),
            weights=self.weights[:, kept][:, :, kept],
            output=self.output[kept],
        )


@torch.inference_mode()
def run(model: nn.Module, family: Family, token_ids: Tensor) -> Captured:
    """Run ``model`` on ``token_ids`` (n,) and return what its last layer's attention makes of them.

    Raises
    ------
    UserError
        If the model lacks a part that its family has, stumbles over the tokens, or reports no attention weights.
    """
    layer = last_layer(model, family)
    attention = part(layer, family.attention)
    seen: dict[str, Any] = {}
    watched = {
        **_position_tables(model, family),
        "projection": part(attention, family.projections[0]),
        "output": part(layer, family.output),
        **({"returned": attention} if family.bias_returned else {}),
    }
    with _watching(watched, attention, seen):
        weights = _reported_weights(model, family, token_ids)[-1]
    given = seen["attention"]
    if "output" not in seen:
        raise UserError(f"this model passes {family.output} by: it cannot be traced")
    return Captured(
        position_vectors=_position_vectors(seen, mapping(model, family), len(token_ids)),
        embeddings=seen["projection"][0][0],
        mask=_mask(given, len(token_ids)),
        position_bias=seen["returned"][1][1][0] if family.bias_returned else _bias(given, len(weights)),
        rotary=_rotary(given.get("position_embeddings")) if getattr(attention, "use_rope", True) else None,
        weights=weights,
        output=seen["output"][1][0],
    )


class CapturedCross(NamedTuple):
    """What one run shows of the attention of a decoder's n tokens to an encoder's m."""

    position_vectors: Tensor | None  # (n, d_model)
    embeddings: Tensor  # (n, d_model), what W_Q is multiplied with
    source: Tensor  # (m, d_model), what W_K and W_V are multiplied with
    weights: Tensor  # (heads, n, m), as the model reports them
    output: Tensor  # (n, d_model)


@torch.inference_mode()
def run_cross(model: nn.Module, family: Family, token_ids: Tensor, decoder_ids: Tensor) -> CapturedCross:
    """Run ``model`` on the encoder's ``token_ids`` (m,) and the decoder's (n,); ``family`` is the one of its decoder.

    Raises
    ------
    UserError
        As :func:`run` has them.
    """
    layer = last_layer(model, family)
    attention = part(layer, family.attention)
    seen: dict[str, Any] = {}
    watched = {
        **_position_tables(model, family),
        "query": part(attention, family.projections[0]),
        "key": part(attention, family.projections[1]),
        "output": part(layer, family.output),
    }
    with _watching(watched, attention, seen):
        result = _run_on(model, token_ids, decoder_input_ids=decoder_ids[None])
    return CapturedCross(
        position_vectors=_position_vectors(seen, mapping(model, family), len(decoder_ids)),
        embeddings=seen["query"][0][0],
        source=seen["key"][0][0],
        weights=_whole(result.cross_attentions, family)[-1],
        output=seen["output"][1][0],
    )


@torch.inference_mode()
def run_all(model: nn.Module, family: Family, token_ids: Tensor) -> tuple[Tensor, Tensor]:
    """Run ``model`` once on ``token_ids`` (n,) and return what the attention of each of its layers is.

    Returns
    -------
    tuple
        Weights, (layers, heads, n, n), as the model reports them; masks, (layers, n, n) bool, True where attending is
        allowed.

    Raises
    ------
    UserError
        If the model lacks a part that its family has, or reports no attention weights.
    """
    attentions = [part(layer, family.attention) for layer in _layers(model, family)]
    seen: list[dict[str, Any]] = [{} for _ in attentions]
    with ExitStack() as watches:
        for attention, noted in zip(attentions, seen, strict=True):
            watches.enter_context(_watching({}, attention, noted))
        weights = _reported_weights(model, family, token_ids)
    masks = [_mask(noted["attention"], len(token_ids)) for noted in seen]
    if family.shared:
        masks *= len(weights)
    return torch.stack(weights), torch.stack(masks)


def last_layer(model: nn.Module, family: Family) -> nn.Module:
    """Return the last of the layers that the model was made with."""
    return _layers(model, family)[-1]


def embedding_table(model: nn.Module, family: Family) -> Tensor:
    """Return the table of tokens, (vocabulary, d_model).

    Where its rows are shorter and mapped to that length, it is kept as two factors (Lan et al. 2020, "ALBERT",
    section 3.1): their product is returned.
    """
    table, matrix = part(model, family.token_table), mapping(model, family)
    assert isinstance(table, nn.Embedding)
    return table.weight.detach() if matrix is None else table.weight.detach() @ matrix


def embedding_scale(model: nn.Module, family: Family) -> float | None:
    """Return what the model multiplies a token's row of the table by, None where it takes it as it is."""
    scale = float(getattr(part(model, family.token_table), "embed_scale", 1.0))
    return None if scale == 1.0 else scale


def mapping(model: nn.Module, family: Family) -> Tensor | None:
    """Return the matrix that maps rows of the embedding table to the length of X, None where they have that length."""
    try:
        found = model.get_submodule(family.mapping or "")
    except AttributeError:  # such as ELECTRA's, which is only there where it is needed
        return None
    return found.weight.detach().T if isinstance(found, nn.Linear) else None


def part(module: nn.Module, name: str) -> nn.Module:
    """Return the part of ``module`` that has the dotted ``name``.

    Raises
    ------
    UserError
        If it has none.
    """
    try:
        return module.get_submodule(name)
    except AttributeError:
        raise UserError(f"this model's {type(module).__name__} has no part {name!r}: it cannot be traced") from None


def _layers(model: nn.Module, family: Family) -> nn.ModuleList:
    layers = part(model, family.layers)
    assert isinstance(layers, nn.ModuleList)
    return layers


def _reported_weights(model: nn.Module, family: Family, token_ids: Tensor) -> list[Tensor]:
    """Return the attention weights of each layer, (heads, n, n)."""
    return _whole(_run_on(part(model, family.encoder) if family.encoder else model, token_ids).attentions, family)


def _run_on(model: nn.Module, token_ids: Tensor, **others: Tensor) -> Any:
    try:
        return model(token_ids[None], output_attentions=True, **others)
    except (IndexError, RuntimeError, ValueError) as error:
        raise UserError(f"this model cannot read the text ({first_line(error)}): its config may be wrong") from None


def _whole(reported: tuple[Tensor | None, ...] | None, family: Family) -> list[Tensor]:
    """Return the weights of each layer without a dimension for the batch, if they are all there."""
    found = [weights[0] for weights in reported or () if weights is not None]
    if not found or len(found) < len(reported or ()):
        raise UserError(f"this model reports no attention weights in {family.attention}: it cannot be traced")
    return found


def _position_tables(model: nn.Module, family: Family) -> dict[str, nn.Module]:
    return {f"position {at}": part(model, table) for at, table in enumerate(family.position_tables)}


def _position_vectors(seen: dict[str, Any], matrix: Tensor | None, tokens: int) -> Tensor | None:
    """Return the sum of what these tables gave, (n, d_model)."""
    made = [noted[1] for name, noted in seen.items() if name.startswith("position ")]
    added = [_mapped(vectors.reshape(-1, vectors.shape[-1]), matrix) for vectors in made]
    if not added:
        return None
    return torch.stack([each.expand(tokens, -1) for each in added]).sum(dim=0)


@contextmanager
def _watching(watched: dict[str, nn.Module], attention: nn.Module, seen: dict[str, Any]) -> Iterator[None]:
    """Note in ``seen`` the first input and the output of each module, and what ``attention`` is called with."""
    signature = inspect.signature(attention.forward)

    def note_call(_: nn.Module, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        bound = signature.bind(*arguments, **named).arguments
        seen["attention"] = {**bound.pop("kwargs", {}), **bound}

    def noting(name: str) -> Any:
        def note(_: nn.Module, arguments: tuple[Any, ...], result: Tensor) -> None:
            seen[name] = arguments[0], result

        return note

    handles = [module.register_forward_hook(noting(name)) for name, module in watched.items()]
    handles.append(attention.register_forward_pre_hook(note_call, with_kwargs=True))
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _mask(given: dict[str, Any], tokens: int) -> Tensor:
    added: Tensor | None = given.get("attention_mask", given.get("mask"))
    if added is None:
        return torch.ones(tokens, tokens, dtype=torch.bool)
    return (added.reshape(added.shape[-2:]) == 0).expand(tokens, tokens)


def _mapped(vectors: Tensor, matrix: Tensor | None) -> Tensor:
    return vectors if matrix is None or vectors.shape[-1] != len(matrix) else vectors @ matrix


def _bias(given: dict[str, Any], heads: int) -> Tensor | None:
    """Return what is added to scaled scores for where two tokens stand, (heads, n, n), as the layer is given it.

    That of ALiBi (Press et al. 2022), which grows with an attended token's position, is counted from the attending
    token's own, as in the paper; softmax does not see the difference.
    """
    if given.get("alibi") is not None:
        alibi = given["alibi"].reshape(heads, 1, -1)
        from_own: Tensor = alibi - alibi.mT
        return from_own
    bias: Tensor | None = given.get("position_bias")
    return None if bias is None else bias[0]


def _rotary(values: tuple[Tensor, Tensor] | None) -> tuple[Tensor, Tensor] | None:
    return (values[0][0], values[1][0]) if values else None
