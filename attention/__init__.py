"""Compute: a sentence in, every number of its self-attention out.

>>> from attention import trace
>>> trace("The cat sat.").weights.shape
(1, 4, 4)
"""

from attention.attention_trace import AttentionTrace, Neighbours
from attention.errors import UserError
from attention.tracing import trace

__all__ = ["AttentionTrace", "Neighbours", "UserError", "trace"]
