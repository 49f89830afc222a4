"""Arrays and what JSON can say, by name, as the bytes of one safetensors file, without pickle and PyTorch."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save


def pack(values: Mapping[str, Any], title: str) -> bytes:
    """Return ``values`` as a file, what is no array as JSON in its metadata under ``title``; None is left out."""
    arrays = {name: np.ascontiguousarray(value) for name, value in values.items() if isinstance(value, np.ndarray)}
    others = {name: value for name, value in values.items() if name not in arrays and value is not None}
    return save(arrays, metadata={title: json.dumps(others)})


def unpack(content: bytes, title: str) -> dict[str, Any]:
    """Return what :func:`pack` was given.

    Raises
    ------
    ValueError
        If ``content`` is damaged or something else.
    """
    try:
        arrays = load(content)  # checks the header, too
        header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
        others: dict[str, Any] = json.loads(header["__metadata__"][title])
        return arrays | others
    except (SafetensorError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(str(error)) from None
