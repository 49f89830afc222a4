"""Checkpoints that are damaged, incomplete, unknown or hostile: one line for each, and nothing of theirs is run."""

import json
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from attention import UserError, trace
from attention.digests import file_digest
from tests.attention.checkpoints import make, minilm

SENTENCE = "The cat sat on the mat."
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("whole"), "bert")


@pytest.fixture
def checkpoint(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "checkpoint")


def assert_refused(folder: Path | str, *says: str, **options: Any) -> None:
    with pytest.raises(UserError) as caught:
        trace(SENTENCE, str(folder), **options)
    assert "\n" not in str(caught.value)
    assert all(part in str(caught.value) for part in says), caught.value


def change_json(file: Path, **changes: Any) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


class Payload:
    """A pickle of this creates a file when it is read without care."""

    def __reduce__(self) -> tuple[Callable[[str], Any], tuple[str]]:
        return os.mkdir, ("owned",)


@pytest.mark.parametrize("file", ["config.json", "model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize("damage", ["half", b"", b"\x80\x04\x95 pickle", b"[1]", b"[" * 100_000])
def test_a_damaged_file_is_named(checkpoint: Path, file: str, damage: bytes | str) -> None:
    content = (checkpoint / file).read_bytes()
    (checkpoint / file).write_bytes(content[: len(content) // 2] if isinstance(damage, str) else damage)
    assert_refused(checkpoint, file)


@pytest.mark.parametrize("file", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_missing_file_is_named(checkpoint: Path, file: str) -> None:
    (checkpoint / file).unlink()
    assert_refused(checkpoint, file)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"model_type": None}, ["lacks model_type"]),
        ({"model_type": 3}, ["lacks model_type"]),
        ({"model_type": "whisper"}, ["'whisper'", "bert, roberta", "gpt2", "qwen3"]),
        ({"auto_map": {"AutoModel": "modeling.Own"}}, ["auto_map", "never run"]),
        ({"quantization_config": {"quant_method": "gptq"}}, ["quantised"]),
        ({"hidden_size": "large"}, ["config.json", "hidden_size"]),
        ({"hidden_size": 30}, ["do not fit together"]),
        ({"hidden_size": 64}, ["another shape"]),
        ({"num_attention_heads": 5}, ["do not fit together"]),
        ({"num_hidden_layers": -1}, ["config.json"]),
        ({"vocab_size": 10}, ["word_embeddings", "another shape"]),
    ],
)
def test_a_config_that_cannot_be_right_is_named(checkpoint: Path, changes: dict[str, Any], says: list[str]) -> None:
    change_json(checkpoint / "config.json", **changes)
    assert_refused(checkpoint, *says)


def test_a_missing_layer_is_named(checkpoint: Path) -> None:
    assert_refused(checkpoint, "layers are 0 to 2", layer=3)
    assert_refused(checkpoint, "layers are 0 to 2", layer=-1)


def test_a_tensor_is_never_made_up(checkpoint: Path) -> None:
    tensors = load_file(checkpoint / "model.safetensors")
    gone = "bert.encoder.layer.0.attention.self.key.weight"
    save_file({name: tensor for name, tensor in tensors.items() if name != gone}, checkpoint / "model.safetensors")
    assert_refused(checkpoint, "lack", "encoder.layer.0.attention.self.key.weight")
    save_file({"other": torch.ones(2)}, checkpoint / "model.safetensors")
    assert_refused(checkpoint, "lack")


def test_a_variant_that_holds_more_is_not_taken_for_the_family(checkpoint: Path) -> None:
    tensors = load_file(checkpoint / "model.safetensors")
    tensors["bert.encoder.layer.0.attention.self.distance_embedding.weight"] = torch.ones(127, 8)
    save_file(tensors, checkpoint / "model.safetensors")
    assert_refused(checkpoint, "distance_embedding", "variant")


def test_older_names_of_tensors_are_known(whole: Path, checkpoint: Path, tmp_path: Path) -> None:
    tensors = load_file(checkpoint / "model.safetensors")
    older = {"LayerNorm.weight": "LayerNorm.gamma", "LayerNorm.bias": "LayerNorm.beta"}
    for new, old in older.items():
        tensors = {name.replace(new, old): tensor for name, tensor in tensors.items()}
    save_file(tensors, checkpoint / "model.safetensors")
    np.testing.assert_array_equal(trace(SENTENCE, str(checkpoint), 2).weights, trace(SENTENCE, str(whole), 2).weights)
    gpt2 = make(tmp_path / "gpt2", "gpt2")
    before = trace(SENTENCE, str(gpt2)).weights
    tensors = load_file(gpt2 / "model.safetensors")
    tensors["transformer.h.0.attn.bias"] = torch.ones(1, 1, 64, 64).tril()
    tensors["transformer.h.0.attn.masked_bias"] = torch.tensor(-1e4)
    save_file(tensors, gpt2 / "model.safetensors")
    np.testing.assert_array_equal(trace(SENTENCE, str(gpt2)).weights, before)


def test_weights_that_are_no_numbers_are_refused(checkpoint: Path) -> None:
    tensors = load_file(checkpoint / "model.safetensors")
    tensors["bert.encoder.layer.0.attention.self.key.bias"] *= torch.nan
    save_file(tensors, checkpoint / "model.safetensors")
    assert_refused(checkpoint, "weights differ", "nan")


def test_another_models_tokenizer_is_refused(checkpoint: Path) -> None:
    shutil.copy(minilm() / "tokenizer.json", checkpoint / "tokenizer.json")
    assert_refused(checkpoint, "belongs to another")


def test_several_files_of_weights_are_one_model(whole: Path, checkpoint: Path) -> None:
    index = split_weights(checkpoint)
    np.testing.assert_array_equal(trace(SENTENCE, str(checkpoint)).weights, trace(SENTENCE, str(whole)).weights)
    (checkpoint / "model-2.safetensors").unlink()
    assert_refused(checkpoint, "model-2.safetensors", "missing")
    change_json(index, weight_map={"bert": "../checkpoint/model-1.safetensors"})
    assert_refused(checkpoint, "no file of weights")
    change_json(index, weight_map={"bert": "config.json"})
    assert_refused(checkpoint, "no file of weights")
    change_json(index, weight_map={})
    assert_refused(checkpoint, "model.safetensors.index.json")


def split_weights(folder: Path) -> Path:
    tensors = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    names = sorted(tensors)
    places = {name: f"model-{1 + at * 2 // len(names)}.safetensors" for at, name in enumerate(names)}
    for shard in set(places.values()):
        save_file({name: tensors[name] for name in names if places[name] == shard}, folder / shard)
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": places}))
    return index


@pytest.mark.parametrize("file", ["config.json", "tokenizer_config.json"])
def test_code_of_a_checkpoint_is_not_run(checkpoint: Path, file: str) -> None:
    (checkpoint / "own.py").write_text("import os\nos.mkdir('owned')\nclass Own: ...\n")
    if not (checkpoint / file).exists():
        (checkpoint / file).write_text("{}")
    named = dict.fromkeys(("AutoConfig", "AutoModel", "AutoModelForMaskedLM"), "own.Own")
    change_json(checkpoint / file, auto_map=named | {"AutoTokenizer": ["own.Own", "own.Own"]})
    assert_refused(checkpoint, "auto_map", file)
    assert not Path("owned").exists()


def test_code_that_the_library_has_taken_in_is_not_needed(tmp_path: Path) -> None:
    folder = make(tmp_path, "phi3")
    (folder / "modeling_phi3.py").write_text("import os\nos.mkdir('owned')\n")
    before = trace(SENTENCE, str(folder)).weights
    named = {"AutoConfig": "configuration_phi3.Phi3Config", "AutoModelForCausalLM": "modeling_phi3.Phi3ForCausalLM"}
    change_json(folder / "config.json", auto_map=named)
    np.testing.assert_array_equal(trace(SENTENCE, str(folder)).weights, before)
    assert not Path("owned").exists()
    change_json(folder / "config.json", auto_map=named | {"AutoModel": "modeling.Own"})
    assert_refused(folder, "auto_map", "never run")


def test_a_pickle_is_read_only_if_wanted(whole: Path, checkpoint: Path) -> None:
    torch.save(load_file(checkpoint / "model.safetensors"), checkpoint / "pytorch_model.bin")
    (checkpoint / "model.safetensors").unlink()
    assert_refused(checkpoint, "pytorch_model.bin", "--allow-pickle")
    read = trace(SENTENCE, str(checkpoint), allow_pickle=True)
    np.testing.assert_array_equal(read.weights, trace(SENTENCE, str(whole)).weights)


@pytest.mark.parametrize("legacy", [False, True])
def test_code_in_a_pickle_is_not_run(checkpoint: Path, legacy: bool) -> None:
    (checkpoint / "model.safetensors").unlink()
    if legacy:
        (checkpoint / "pytorch_model.bin").write_bytes(pickle.dumps(Payload()))
    else:
        torch.save({"weight": Payload()}, checkpoint / "pytorch_model.bin")
    assert_refused(checkpoint, "--allow-pickle")
    assert_refused(checkpoint, "pytorch_model.bin", "more than weights", allow_pickle=True)
    assert not Path("owned").exists()


def test_weights_without_pickle_are_preferred(whole: Path, checkpoint: Path) -> None:
    torch.save({"weight": Payload()}, checkpoint / "pytorch_model.bin")
    read = trace(SENTENCE, str(checkpoint), allow_pickle=True)
    np.testing.assert_array_equal(read.weights, trace(SENTENCE, str(whole)).weights)
    assert not Path("owned").exists()


def test_an_older_vocabulary_makes_the_same_tokens(tmp_path: Path) -> None:
    folder = tmp_path / "minilm"
    shutil.copytree(minilm(), folder, ignore=shutil.ignore_patterns("tokenizer.json"))
    for sentence in (SENTENCE, "Unbelievably, the café's [MASK] 🙂 sat!"):
        assert trace(sentence, str(folder)).tokens == trace(sentence, str(minilm())).tokens


@pytest.mark.parametrize("name", ["bert-base-uncased", "sentence-transformers/all-MiniLM-L6-v2"])
def test_a_name_is_told_how_to_become_a_folder(name: str) -> None:
    folder = name.rpartition("/")[2]
    for given in (name, f"https://huggingface.co/{name}"):
        assert_refused(given, "nothing is downloaded", f"hf download {name} --local-dir {folder}", f"--model {folder}")


@pytest.mark.parametrize("name", ["nowhere; rm -rf x", "../nowhere", "a/b/c", "--help", "~nobody-of-this-name/x"])
def test_what_is_no_name_is_not_put_into_a_command(name: str) -> None:
    with pytest.raises(UserError) as caught:
        trace(SENTENCE, name)
    assert "hf download" not in str(caught.value)


@pytest.mark.parametrize(("text", "says"), [("word " * 10_000, "at most 62"), ("\u0301", "no token")])
def test_text_that_does_not_fit_is_refused_before_the_model_is_read(tmp_path: Path, text: str, says: str) -> None:
    folder = make(tmp_path, "roberta", max_position_embeddings=64)
    (folder / "model.safetensors").write_bytes(b"damaged")
    if says == "no token":
        shutil.copy(minilm() / "tokenizer.json", folder / "tokenizer.json")
    with pytest.raises(UserError, match=says):
        trace(text, str(folder))


def test_the_longest_text_is_taken(tmp_path: Path) -> None:
    folder = str(make(tmp_path, "roberta", max_position_embeddings=18))
    assert len(trace("The" + " the" * 13, folder)) == 16
    with pytest.raises(UserError, match="17 tokens, the model takes at most 16"):
        trace("The" + " the" * 14, folder)
    with pytest.raises(UserError, match="cannot read the text"):
        trace("The" + " the" * 13, str(make(tmp_path / "late", "roberta", max_position_embeddings=18, pad_token_id=9)))
    without = make(tmp_path / "without", "bert", max_position_embeddings=512)
    config = json.loads((without / "config.json").read_text())
    del config["max_position_embeddings"]
    (without / "config.json").write_text(json.dumps(config))
    with pytest.raises(UserError, match="602 tokens, the model takes at most 512"):
        trace("the " * 600, str(without))
    folder = str(make(tmp_path / "long", "llama", max_position_embeddings=100_000))
    with pytest.raises(UserError, match="at most 1024"):
        trace("the " * 2000, folder)


def test_without_the_extra_its_name_is_given(whole: Path) -> None:
    code = (
        "import sys; sys.modules['transformers'] = None\n"
        "from attention import trace, UserError\n"
        f"try: trace('Never traced before.', {str(whole)!r})\n"
        "except UserError as error: print(error)"
    )
    assert "pip install '.[models]'" in in_a_process(code)


def test_no_network_is_reached_for(whole: Path, tmp_path: Path) -> None:
    shutil.copytree(minilm(), tmp_path / "old", ignore=shutil.ignore_patterns("tokenizer.json"))
    code = (
        "import socket, sys\n"
        "def refuse(*_): print('network'); raise OSError('no network')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from attention import trace\n"
        f"print(len(trace('Alone.', {str(whole)!r})), len(trace('Alone.', {str(tmp_path / 'old')!r})))"
    )
    told = in_a_process(code, HF_HUB_OFFLINE="0", HF_ENDPOINT="http://192.0.2.1")
    assert "network" not in told
    assert told.split()[-1] == "4"


def in_a_process(code: str, **environment: str) -> str:
    variables = {**os.environ, "PYTHONPATH": str(REPOSITORY), **environment}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=variables, timeout=60
    ).stdout


def test_a_digest_is_kept_until_the_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attention.digests._LARGE", 1)
    file = tmp_path / "weights"
    file.write_bytes(b"one")
    first = file_digest(file)
    assert file_digest(file) == first
    state = file.stat()
    file.write_bytes(b"two")
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))  # as a copy that keeps times would
    assert file_digest(file) != first
