"""Model files that somebody made to do harm, from a seeded generator; run as a program, each must end in one line."""

import contextlib
import json
import random
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from attention import UserError, trace
from tests.recomputed import FOLDER

MEMORY = 1_000_000_000  # bytes that any of them may take on top of the libraries and a sound model
SENTENCE = "The cat sat on the mat 12 🙂."
NUMBERS = [-1, 0, 1, 3, 10**6, 10**9, 10**12, 10**30, 0.5, 1e300, "1", "9" * 5000, "\x1b[31m", None, [], {}, True]

Attack = Callable[[Path, random.Random], None]


def tiny_sizes(folder: Path, draw: random.Random) -> None:
    def change(settings: dict[str, str]) -> None:
        for name in draw.sample(sorted(settings), draw.randint(1, 3)):
            settings[name] = str(draw.choice(NUMBERS))

    _rewrite(folder, change)


def tiny_lacks(folder: Path, draw: random.Random) -> None:
    _rewrite(folder, lambda settings: settings.pop(draw.choice(sorted(settings))))


def tiny_numbers(folder: Path, draw: random.Random) -> None:
    def change(tensors: dict[str, torch.Tensor]) -> None:
        name = draw.choice(sorted(tensors))
        tensors[name] = draw.choice(
            [
                tensors[name] * torch.nan,
                tensors[name].float() * 3e38,
                tensors[name][:1],
                tensors[name].long(),
                torch.zeros(0),
                torch.ones(1000, 1000, 1),
            ]
        )

    _rewrite(folder, lambda _: None, change)


def config(folder: Path, draw: random.Random) -> None:
    file = folder / "config.json"
    content = json.loads(file.read_text())
    names = [name for name, value in content.items() if isinstance(value, int)]
    more = [
        "num_labels",
        "head_dim",
        "id2label",
        "layer_types",
        "rope_parameters",
        "num_key_value_heads",
        "pruned_heads",
    ]
    for name in draw.sample(names + more, draw.randint(1, 2)):
        content[name] = draw.choice(NUMBERS)
    file.write_text(json.dumps(content))


def tokenizer(folder: Path, draw: random.Random) -> None:
    file = folder / "tokenizer.json"
    content = json.loads(file.read_text())
    grow = {"type": "Replace", "pattern": {"Regex": "."}, "content": "a" * 40}
    attack = draw.randrange(7)
    if attack == 0:
        content["normalizer"] = {"type": "Sequence", "normalizers": [grow] * draw.randint(5, 9)}
    elif attack == 1:
        piece = {"Sequence": {"id": "A", "type_id": 0}}
        single = {"type": "TemplateProcessing", "single": [piece] * 90, "pair": [], "special_tokens": {}}
        content["post_processor"] = {"type": "Sequence", "processors": [single] * 6}
    elif attack == 2:
        content["padding"] = {"strategy": {"Fixed": 10**9}, "direction": "Right", "pad_to_multiple_of": None}
        content["padding"] |= {"pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"}
    elif attack == 3:
        content["model"]["vocab"] = {piece: 10**8 + at for at, piece in enumerate(content["model"]["vocab"])}
    elif attack == 4:
        content["model"]["vocab"] = {"cat": 0}
        content["added_tokens"] = []
    elif attack == 5:
        content[draw.choice(sorted(content))] = draw.choice([None, [], {}, 3, {"type": "Sequence"}])
    else:
        content["model"]["unk_token"] = "\x1b[31m"
    file.write_text(json.dumps(content))


def noise(folder: Path, draw: random.Random) -> None:
    file = draw.choice(sorted(folder.glob("*.*")))
    content = bytearray(file.read_bytes())
    for _ in range(draw.randint(1, 20)):
        content[draw.randrange(min(len(content), 3000))] = draw.randrange(256)
    file.write_bytes(content[: draw.choice([len(content), len(content) // 2, 10])])


def _rewrite(
    folder: Path,
    change: Callable[[dict[str, str]], Any],
    change_tensors: Callable[[dict[str, torch.Tensor]], Any] = lambda _: None,
) -> None:
    file = folder / "model.safetensors"
    with safe_open(file, framework="pt") as opened:
        settings = opened.metadata()
    tensors = load_file(file)
    change(settings)
    change_tensors(tensors)
    save_file(tensors, file, settings)


def limit_memory() -> None:
    """Let this process take little more than it has taken, where the system can say so."""
    with contextlib.suppress(ImportError, OSError):
        import resource

        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, taken + MEMORY))


def main(place: Path, checkpoint: Path, count: int) -> None:
    """Attack in many ways, and print what each of them led to."""
    attacks: list[tuple[Path, Attack]] = [
        *((FOLDER, attack) for attack in (tiny_sizes, tiny_lacks, tiny_numbers, tokenizer, noise)),
        *((checkpoint, attack) for attack in (config, tokenizer, noise)),
    ]
    for sound in (FOLDER, checkpoint):
        trace(SENTENCE, str(sound))
    limit_memory()
    draw = random.Random(17)
    for number in range(count):
        sound, attack = attacks[number % len(attacks)]
        folder = Path(shutil.copytree(sound, place / f"{number}", ignore=shutil.ignore_patterns("*.md")))
        attack(folder, draw)
        try:
            told = f"traced {trace(SENTENCE, str(folder)).model}"
        except UserError as error:
            told = f"refused {error}"
        except BaseException as error:
            told = f"FAILED {error!r}"
        print(json.dumps([f"{number} {attack.__name__}", told]), flush=True)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
