"""Where each family of models keeps what its attention is made of."""

import re
from dataclasses import dataclass, replace
from typing import Any

from attention.text import LONGEST


@dataclass(frozen=True)
class Family:
    """The names that a family's model in Transformers has for its parts.

    Parameters
    ----------
    model
        The class of the model without any head for a task.
    layers
        The list of its layers.
    attention
        The module of a layer that computes attention weights.
    projections
        That module's maps to queries, keys and values, or the one map to all three side by side.
    output
        A layer's map from the heads' context to what the attention layer hands on.
    token_table
        The embedding table.
    position_tables
        The tables whose rows are added to the token's: of positions, and of segments where there are some.
    norms
        What queries and keys of each head pass through before anything else, if anything.
    longest
        What the config calls the largest number of positions.
    reserved
        How many of these no token can have.
    options
        What the class needs to leave out parts that attention is not made of.
    ignored
        How the names of tensors end that older files have in their layers although they were never learnt.
    """

    model: str
    layers: str
    attention: str
    projections: tuple[str, ...]
    output: str
    token_table: str
    position_tables: tuple[str, ...] = ()
    norms: tuple[str, ...] = ()
    longest: str = "max_position_embeddings"
    reserved: int = 0
    options: tuple[tuple[str, Any], ...] = ()
    ignored: tuple[str, ...] = ()

    def layer_of(self, tensor: str) -> int | None:
        """Return the number of the layer that a tensor of the checkpoint belongs to, None for one outside of them."""
        found = re.search(rf"(?:^|\.){re.escape(self.layers)}\.(\d+)\.", tensor)
        return int(found[1]) if found else None

    def most_tokens(self, config: dict[str, Any]) -> int:
        """Return the length of the longest text that a model with this ``config`` takes, as far as a trace does."""
        positions = config.get(self.longest)
        return min(LONGEST, positions - self.reserved) if isinstance(positions, int) else LONGEST


_BERT = Family(
    model="BertModel",
    layers="encoder.layer",
    attention="attention.self",
    projections=("query", "key", "value"),
    output="attention.output.dense",
    token_table="embeddings.word_embeddings",
    position_tables=("embeddings.position_embeddings", "embeddings.token_type_embeddings"),
    options=(("add_pooling_layer", False),),
)
_ROBERTA = replace(_BERT, model="RobertaModel", reserved=2)
_LLAMA = Family(
    model="LlamaModel",
    layers="layers",
    attention="self_attn",
    projections=("q_proj", "k_proj", "v_proj"),
    output="self_attn.o_proj",
    token_table="embed_tokens",
)

FAMILIES = {  # by what config.json calls the model's type
    "bert": _BERT,
    "roberta": _ROBERTA,
    "xlm-roberta": replace(_ROBERTA, model="XLMRobertaModel"),
    "camembert": replace(_ROBERTA, model="CamembertModel"),
    "distilbert": Family(
        model="DistilBertModel",
        layers="transformer.layer",
        attention="attention",
        projections=("q_lin", "k_lin", "v_lin"),
        output="attention.out_lin",
        token_table="embeddings.word_embeddings",
        position_tables=("embeddings.position_embeddings",),
    ),
    "mpnet": replace(
        _ROBERTA,
        model="MPNetModel",
        attention="attention.attn",
        projections=("q", "k", "v"),
        output="attention.attn.o",
        position_tables=("embeddings.position_embeddings",),
    ),
    "gpt2": Family(
        model="GPT2Model",
        layers="h",
        attention="attn",
        projections=("c_attn",),
        output="attn.c_proj",
        token_table="wte",
        position_tables=("wpe",),
        longest="n_positions",
        ignored=("attn.bias", "attn.masked_bias"),
    ),
    "llama": _LLAMA,
    "mistral": replace(_LLAMA, model="MistralModel"),
    "qwen2": replace(_LLAMA, model="Qwen2Model"),
    "qwen3": replace(_LLAMA, model="Qwen3Model", norms=("q_norm", "k_norm")),
}
