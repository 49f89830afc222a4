"""Where each family of models keeps what its attention is made of."""

import re
from dataclasses import dataclass, replace
from typing import Any, Literal

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
        That module's maps to queries, keys and values, or the one map to all three.
    fused
        How that one map holds them: all queries, then all keys, then all values; or for each group of heads that
        share a key, its queries, its key and its value.
    output
        A layer's map from the heads' context to what the attention layer hands on.
    token_table
        The embedding table.
    mapping
        What maps its rows to the length of X, where they are shorter.
    position_tables
        The tables whose rows are added to the token's: of positions, and of segments where there are some.
    norms
        What queries and keys pass through before anything else, if anything: of each head alone, or of all together.
    gain_above_one
        Whether these norms multiply by 1 plus their gain.
    soft_cap
        What the module calls the cap that it keeps scaled scores under, if it has one.
    encoder
        Of a model with an encoder and a decoder, the first: its own attention is the one that is meant.
    cross
        The same of the attention of its decoder's tokens to the encoder's.
    depth, heads
        What the config calls the number of layers, and of heads in each.
    starts_with
        Which token the config has the decoder's text begin with, if it says nothing of one for that.
    bias_returned
        Whether the module gives back the bias that it adds for positions, as it makes it itself.
    shared
        Whether all layers are one module, which is passed through again and again.
    text_part
        Where a model of more than texts keeps the one of these: in its config, and before the names of its tensors.
    longest
        What the config calls the largest number of positions.
    reserved
        How many of these no token can have.
    options
        What the class needs to leave out parts that attention is not made of.
    ignored
        How the names of tensors end that older files have in their layers although they were never learnt.
    refused
        Values of the config that make another kind of model of it, each with what to say then.
    """

    model: str
    layers: str
    attention: str
    projections: tuple[str, ...]
    output: str
    token_table: str
    mapping: str | None = None
    position_tables: tuple[str, ...] = ()
    fused: Literal["in turn", "by group"] = "in turn"
    norms: tuple[str, ...] = ()
    gain_above_one: bool = False
    soft_cap: str | None = None
    encoder: str | None = None
    cross: "Family | None" = None
    depth: str = "num_hidden_layers"
    heads: str = "num_attention_heads"
    starts_with: str = ""
    bias_returned: bool = False
    shared: bool = False
    text_part: tuple[str, str] | None = None
    longest: str = "max_position_embeddings"
    reserved: int = 0
    options: tuple[tuple[str, Any], ...] = ()
    ignored: tuple[str, ...] = ()
    refused: tuple[tuple[str, Any, str], ...] = ()

    def layer_of(self, tensor: str) -> int | None:
        """Return the number of the layer that a tensor of the checkpoint belongs to, None for one outside of them."""
        found = re.search(rf"(?:^|\.){re.escape(self.layers)}\.(\d+)\.", tensor)
        return int(found[1]) if found else None

    def text_config(self, config: dict[str, Any]) -> dict[str, Any]:
        """Return what a config says of the model that reads texts."""
        part = config.get(self.text_part[0]) if self.text_part else config
        return part if isinstance(part, dict) else {}

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
    ignored=("rotary_emb.inv_freq",),
)
_GEMMA3 = replace(_LLAMA, model="Gemma3TextModel", norms=("q_norm", "k_norm"), gain_above_one=True)
_NEOX = Family(
    model="GPTNeoXModel",
    layers="layers",
    attention="attention",
    projections=("query_key_value",),
    fused="by group",
    output="attention.dense",
    token_table="embed_in",
    ignored=("attention.bias", "attention.masked_bias", "rotary_emb.inv_freq"),
)
_BLOOM = replace(
    _NEOX,
    model="BloomModel",
    layers="h",
    attention="self_attention",
    output="self_attention.dense",
    token_table="word_embeddings",
    ignored=(),
)
_T5 = Family(
    model="T5Model",
    layers="encoder.block",
    attention="layer.0.SelfAttention",
    projections=("q", "k", "v"),
    output="layer.0.SelfAttention.o",
    token_table="shared",
    encoder="encoder",
    bias_returned=True,
    longest="",
)
_T5_CROSS = replace(
    _T5,
    layers="decoder.block",
    attention="layer.1.EncDecAttention",
    output="layer.1.EncDecAttention.o",
    depth="num_decoder_layers",
    starts_with="pad_token_id",
)
_BART = Family(
    model="BartModel",
    layers="encoder.layers",
    attention="self_attn",
    projections=("q_proj", "k_proj", "v_proj"),
    output="self_attn.out_proj",
    token_table="shared",
    position_tables=("encoder.embed_positions",),
    encoder="encoder",
)
_BART_CROSS = replace(
    _BART,
    layers="decoder.layers",
    attention="encoder_attn",
    output="encoder_attn.out_proj",
    position_tables=("decoder.embed_positions",),
    depth="decoder_layers",
    heads="decoder_attention_heads",
    starts_with="eos_token_id",
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
    "gpt_neox": _NEOX,
    "gemma": replace(_LLAMA, model="GemmaModel"),
    "gemma2": replace(_LLAMA, model="Gemma2Model", soft_cap="attn_logit_softcapping"),
    "gemma3_text": _GEMMA3,
    "gemma3": replace(_GEMMA3, text_part=("text_config", "language_model.")),
    "phi3": replace(_LLAMA, model="Phi3Model", projections=("qkv_proj",)),
    "olmo2": replace(_LLAMA, model="Olmo2Model", norms=("q_norm", "k_norm")),
    "smollm3": replace(_LLAMA, model="SmolLM3Model"),
    "modernbert": Family(
        model="ModernBertModel",
        layers="layers",
        attention="attn",
        projections=("Wqkv",),
        output="attn.Wo",
        token_table="embeddings.tok_embeddings",
    ),
    "electra": replace(_BERT, model="ElectraModel", mapping="embeddings_project", options=()),
    "albert": replace(
        _BERT,
        model="AlbertModel",
        layers="encoder.albert_layer_groups",
        attention="albert_layers.0.attention",
        output="albert_layers.0.attention.dense",
        mapping="encoder.embedding_hidden_mapping_in",
        shared=True,
        refused=(
            ("num_hidden_groups", 1, "its layers are shared in several groups"),
            ("inner_group_num", 1, "each of its layers is several"),
        ),
    ),
    "opt": Family(
        model="OPTModel",
        layers="decoder.layers",
        attention="self_attn",
        projections=("q_proj", "k_proj", "v_proj"),
        output="self_attn.out_proj",
        token_table="decoder.embed_tokens",
        mapping="decoder.project_in",
        position_tables=("decoder.embed_positions",),
    ),
    "falcon": replace(
        _BLOOM,
        model="FalconModel",
        refused=(("alibi", False, "Transformers adds Falcon's ALiBi twice in the weights that it reports"),),
    ),
    "bloom": _BLOOM,
    "t5": replace(_T5, cross=_T5_CROSS),
    "bart": replace(_BART, cross=_BART_CROSS),
}
