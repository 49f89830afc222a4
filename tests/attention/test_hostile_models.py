"""Model files that somebody made to do harm: one line each, and no more memory than a sound model takes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from attention import UserError, trace
from attention.model_folder import find_model
from tests.attention.checkpoints import make
from tests.recomputed import FOLDER, rewrite

REPOSITORY = Path(__file__).parents[2]
NAMES = ("model.safetensors", "tokenizer.json")


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    folder = tmp_path / "my-model"
    folder.mkdir()
    for name in NAMES:
        shutil.copy(FOLDER / name, folder)
    return folder


@pytest.fixture
def bert(tmp_path: Path) -> Path:
    return make(tmp_path / "bert", "bert")


def refusal(folder: Path) -> str:
    with pytest.raises(UserError) as caught:
        trace("The cat sat on the mat.", str(folder))
    assert str(caught.value).isprintable()
    return str(caught.value)


def test_each_of_many_attacks_ends_in_a_line(bert: Path, tmp_path: Path) -> None:
    (tmp_path / "attacks").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.attention.hostile", tmp_path / "attacks", bert, "120"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        timeout=300,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == 120, done.stderr
    for attack, end in told:
        assert end.startswith(("refused ", "traced ")), (attack, end)
        assert end.isprintable(), (attack, end)
        assert len(end) < 1000, (attack, end)
    assert sum(end.startswith("refused ") for _, end in told) > 60


@pytest.mark.parametrize(
    ("name", "size"), [("vocabulary", "10000000"), ("d_model", "1000000000"), ("d_k", "0"), ("max_tokens", "-1")]
)
def test_sizes_are_compared_with_the_tensors(tiny: Path, name: str, size: str) -> None:
    rewrite(tiny, lambda _, settings: settings.update({name: size}))
    assert "damaged" in refusal(tiny)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"num_labels": 10**9}, None),
        ({"intermediate_size": 10**9}, "another shape of encoder.layer.0.intermediate"),
        ({"num_hidden_layers": 10**9}, "lack layers"),
        ({"num_attention_heads": 10**9}, "do not fit together"),
        ({"max_position_embeddings": 10**9}, "another shape of embeddings.position_embeddings"),
    ],
)
def test_a_config_is_compared_with_the_tensors(bert: Path, changes: dict[str, int], says: str | None) -> None:
    file = bert / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))
    if says is None:
        assert len(trace("The cat sat.", str(bert))) > 3
    else:
        assert says in refusal(bert)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("name", [*NAMES, "config.json"])
def test_what_has_no_end_is_not_read(bert: Path, name: str) -> None:
    for replace in (os.mkfifo, lambda file: file.symlink_to("/dev/zero")):
        (bert / name).unlink()
        replace(bert / name)
        assert f"{name}: the model's file cannot be read (not a regular file)" in refusal(bert)


@pytest.mark.parametrize("name", NAMES)
def test_a_pointer_of_git_lfs_is_told(tiny: Path, bert: Path, name: str) -> None:
    for folder in (tiny, bert):
        (folder / name).write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
        assert "run git lfs pull" in refusal(folder)


def test_a_pointer_in_place_of_a_config_or_an_index_is_told(bert: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"
    (bert / "model.safetensors").rename(bert / "model-1.safetensors")
    for name in ("model.safetensors.index.json", "config.json"):
        (bert / name).write_text(pointer)
        assert f"{name}: only a pointer of Git LFS" in refusal(bert)


def test_a_file_is_not_taken_for_a_folder(bert: Path) -> None:
    assert "give the folder" in refusal(bert / "model.safetensors")


def test_a_folder_without_config_is_told_what_it_lacks(bert: Path) -> None:
    (bert / "config.json").unlink()
    for layer in (0, 3):
        with pytest.raises(UserError, match=r"without the config\.json"):
            trace("The cat sat.", str(bert), layer)
    (bert / "model.safetensors").rename(bert / "pytorch_model.bin")
    assert "config.json" in refusal(bert)


def test_a_pickles_refusal_gives_no_bad_advice(bert: Path) -> None:
    (bert / "model.safetensors").unlink()
    for content in ({"weight": print}, {"weight": torch.ones(1).expand(10**9)}):
        torch.save(content, bert / "pytorch_model.bin")
        with pytest.raises(UserError) as caught:
            trace("The cat sat.", str(bert), allow_pickle=True)
        assert "get the checkpoint's model.safetensors" in str(caught.value)
        assert "weights_only" not in str(caught.value)


@pytest.mark.parametrize("name", [None, "", "\x1b[31mred", "n" * 200, "two\nlines"])
def test_a_model_without_a_usable_name_is_called_as_its_folder(tiny: Path, name: str | None) -> None:
    rewrite(tiny, lambda _, settings: settings.pop("name") if name is None else settings.update(name=name))
    assert trace("The cat sat.", str(tiny)).model == "my-model"


@pytest.mark.parametrize(
    ("named", "called"),
    [
        ("google/bert-small", "google/bert-small"),
        ("bert-small", "bert-small"),
        ("/home/somebody/out", "bert"),
        ("./out", "bert"),
        ("\x1b[31m", "bert"),
        (3, "bert"),
        (None, "bert"),
    ],
)
def test_a_checkpoint_is_called_as_it_says(bert: Path, named: object, called: str) -> None:
    file = bert / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"_name_or_path": named}))
    assert trace("The cat sat.", str(bert)).model == called


def test_a_tokenizer_of_another_model_is_refused(tiny: Path) -> None:
    rewrite(
        tiny,
        lambda tensors, settings: (
            tensors.update(token_vectors=tensors["token_vectors"][:50]),
            settings.update(vocabulary="50"),
        ),
    )
    assert "belongs to another one" in refusal(tiny)


def test_a_vocabulary_without_a_word_for_the_unknown_is_refused(tiny: Path) -> None:
    file = tiny / "tokenizer.json"
    content = json.loads(file.read_text())
    content["model"]["vocab"] = {"cat": 0}
    file.write_text(json.dumps(content))
    assert "tokenizer cannot read the text" in refusal(tiny)


def test_weights_that_are_no_numbers_or_give_none_are_refused(tiny: Path) -> None:
    file = tiny / "model.safetensors"
    rewrite(tiny, lambda tensors, _: tensors.update(position_vectors=tensors["position_vectors"] * float("nan")))
    assert "not all of them are numbers" in refusal(tiny)
    shutil.copy(FOLDER / file.name, file)
    rewrite(tiny, lambda tensors, _: tensors.update(token_vectors=tensors["token_vectors"].astype("f4") * 1e36))
    assert "no numbers" in refusal(tiny)


def test_a_very_small_vocabulary_has_fewer_neighbours(tiny: Path) -> None:
    content = json.loads((tiny / "tokenizer.json").read_text())
    pieces = ["[UNK]", "cat", "sat", "."]
    content["model"]["vocab"] = {piece: at for at, piece in enumerate(pieces)}
    (tiny / "tokenizer.json").write_text(json.dumps(content))
    rewrite(
        tiny,
        lambda tensors, settings: (
            tensors.update(token_vectors=tensors["token_vectors"][:4]),
            settings.update(vocabulary="4"),
        ),
    )
    assert [set(texts) for texts in trace("cat sat.", str(tiny)).neighbours.texts] == [
        {"sat", "."},
        {"cat", "."},
        {"cat", "sat"},
    ]


def test_the_shipped_model_says_what_it_was_trained_on() -> None:
    """A file that `attention.training.train.train` wrote says so if that was given ``trained_on``."""
    t = trace("The cat sat.")
    assert (t.model, t.trained_on) == ("tiny", "27 public-domain children's books")
    assert find_model("tiny").path == FOLDER


def test_a_checkpoint_says_nothing_of_its_training(bert: Path) -> None:
    assert trace("The cat sat.", str(bert)).trained_on is None
    tensors = load_file(bert / "model.safetensors")
    save_file(tensors, bert / "model.safetensors", {"trained_on": "lies", "format": "pt"})
    assert trace("The cat sat.", str(bert)).trained_on is None
