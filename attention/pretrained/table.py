"""The neighbours of tokens in a checkpoint's embedding table, which may have hundreds of thousands of rows."""

import re

import numpy as np
import torch
from torch import Tensor

from attention.attention_trace import Integers, Neighbours
from attention.neighbours import NEIGHBOURS, nearest_rows
from attention.pretrained.tokenizer import CheckpointTokenizer

_SMALLEST = 1e-12  # keeps quotients finite
_TOGETHER = 64  # tokens that are compared with the whole table at a time
_UNUSED = re.compile(r"\[unused\d+\]")  # rows that BERT keeps free for words to come


@torch.inference_mode()
def find_neighbours(table: Tensor, token_ids: Integers, tokenizer: CheckpointTokenizer) -> Neighbours:
    """Find the nearest other rows of ``table``, (vocabulary, d_model), to those of ``token_ids``, by cosine similarity.

    Rows of special tokens and of the unknown one are no neighbours, nor are rows that no token has in any text.
    """
    pieces = _pieces(tokenizer, len(table))
    without = torch.tensor([piece is None for piece in pieces])
    lengths = torch.linalg.vector_norm(table, dim=1).clamp_min(_SMALLEST)
    count = min(NEIGHBOURS, len(table) - int(without.sum()) - 1)
    found = []
    for start in range(0, len(token_ids), _TOGETHER):
        own = torch.from_numpy(token_ids[start : start + _TOGETHER])
        cosines = (table[own] / lengths[own, None]) @ table.T / lengths  # (together, vocabulary)
        cosines[:, without] = -torch.inf
        cosines[torch.arange(len(own)), own] = -torch.inf
        found.append(nearest_rows(cosines.numpy(), count))
    nearest, cosines_found = map(np.concatenate, zip(*found, strict=True))
    texts = tuple(tuple(pieces[index] or "" for index in row) for row in nearest.tolist())
    return Neighbours(
        texts=texts,
        readings=tuple(tuple(tokenizer.read(piece).alone for piece in row) for row in texts),
        cosines=cosines_found,
        vectors=table[torch.from_numpy(nearest)].numpy(),
    )


def _pieces(tokenizer: CheckpointTokenizer, rows: int) -> list[str | None]:
    """Return the piece of each row of the table, None for those that are no neighbours."""
    pieces: list[str | None] = [None] * rows
    for piece, index in tokenizer.backend.get_vocab().items():
        if index < rows and not _UNUSED.fullmatch(piece):
            pieces[index] = piece
    special = {index for index, token in tokenizer.backend.get_added_tokens_decoder().items() if token.special}
    return [None if index in special or index == tokenizer.unknown else piece for index, piece in enumerate(pieces)]
