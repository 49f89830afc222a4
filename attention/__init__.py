"""Compute: a sentence in, every number of its self-attention out.

>>> from attention import trace
>>> trace("The cat sat.").weights.shape
(1, 4, 4)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from attention.attention_trace import AttentionTrace, Neighbours
    from attention.errors import UserError
    from attention.tracing import trace

__all__ = ["AttentionTrace", "Neighbours", "UserError", "trace"]

_HOMES = {
    "AttentionTrace": "attention_trace",
    "Neighbours": "attention_trace",
    "UserError": "errors",
    "trace": "tracing",
}


def __getattr__(name: str) -> Any:  # when it is needed: the command line begins to import Manim before that
    if name in _HOMES:
        return getattr(import_module(f"attention.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]  # what a notebook completes
