"""Training on a corpus of a few lines, with a stand-in for the teacher: what is checked is the machinery."""

import dataclasses
import io
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from rich.console import Console
from safetensors import safe_open
from tokenizers import Tokenizer
from torch import Tensor

from attention.errors import UserError
from attention.model_folder import find_model
from attention.one_layer import AttentionModel
from attention.tokenizer import UNKNOWN, build_tokenizer
from attention.training.corpus import build_segments, read_sentences, split_sentences
from attention.training.learner import attention_target
from attention.training.recipe import Recipe
from attention.training.teacher import Reading
from attention.training.train import TrainingFigures, train

NOUNS, VERBS = ["cat", "king", "forest", "bird"], ["saw", "loved", "found"]
PIECES = [UNKNOWN, ".", "!", '"', "the", "a", *NOUNS, *VERBS, "##s"]
RECIPE = Recipe(
    d_model=8, d_k=4, max_tokens=16, epochs=3, batch_tokens=256, warm_up=5, position_columns=4, neighbour_sample=8
)


class StandIn:
    """A teacher of random weights that reads a token together with its neighbours."""

    name = "stand-in"
    vocabulary = PIECES

    def __init__(self) -> None:
        self.token_vectors = torch.randn(len(PIECES), 12, generator=torch.Generator().manual_seed(1))

    def read(self, token_ids: Tensor) -> Reading:
        x = self.token_vectors[token_ids]  # (batch, n, 12)
        places = torch.arange(token_ids.shape[1], dtype=torch.float32)
        near = -(places[:, None] - places).abs()  # (n, n)
        attention = (x @ x.mT / 12 + near).softmax(dim=-1)
        return Reading(attention @ x, attention, attention)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Threads that wait for each other make steps as small as these slow."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    generator = random.Random(0)
    folder = tmp_path / "corpus"
    folder.mkdir()
    for book in ("one.txt", "two.txt"):
        lines = []
        for _ in range(100):
            subject, thing = generator.choice(NOUNS), generator.choice(NOUNS)
            lines.append(f"The {subject} {generator.choice(VERBS)} a {thing}s{generator.choice('.!')}")
        (folder / book).write_text("CHAPTER I\n\n" + "\n".join(lines))
    return folder


def run(corpus: Path, out: Path, seed: int = 0) -> TrainingFigures:
    return train(corpus, out, StandIn(), seed=seed, recipe=RECIPE, console=Console(file=io.StringIO()))


def test_same_seed_same_bytes_other_seed_other_bytes(corpus: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first" / "model", tmp_path / "second" / "model"
    run(corpus, first)
    run(corpus, second)
    run(corpus, tmp_path / "third" / "model", seed=1)
    for name in ("model.safetensors", "tokenizer.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    assert (first / "model.safetensors").read_bytes() != (
        tmp_path / "third" / "model" / "model.safetensors"
    ).read_bytes()


def test_loss_falls_and_figures_are_shares(corpus: Path, tmp_path: Path) -> None:
    figures = run(corpus, tmp_path / "out")
    assert figures.last_loss < figures.first_loss
    assert figures.texts > 50
    assert figures.tokens > figures.texts
    for share in (figures.agreement, figures.self_largest, figures.mean_self_share):
        assert 0 <= share <= 1


def test_nothing_but_the_two_files_is_left(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "model.safetensors").write_text("an older one")
    run(corpus, out)
    assert sorted(file.name for file in out.iterdir()) == ["model.safetensors", "tokenizer.json"]


def test_files_load(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path)
    with safe_open(tmp_path / "model.safetensors", "pt") as file:
        metadata = file.metadata()
        state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    assert {tensor.dtype for tensor in state.values()} == {torch.float16}
    assert metadata["name"] == tmp_path.name
    assert metadata["trained_on"] == "2 texts"
    sizes = [int(metadata[key]) for key in ("vocabulary", "max_tokens", "d_model", "d_k")]
    assert sizes == [len(PIECES), 16, 8, 4]
    model = AttentionModel(*sizes)
    looking_back = {name: state.pop(name) for name in list(state) if name.startswith("causal_")}
    assert {name.removeprefix("causal_") for name in looking_back} == {n for n in state if n.startswith("attention.")}
    model.load_state_dict(state)
    encoding = Tokenizer.from_file(str(tmp_path / "tokenizer.json")).encode("The KINGS!", add_special_tokens=False)
    assert encoding.tokens == ["the", "king", "##s", "!"]
    steps = model(torch.tensor(encoding.ids))
    torch.testing.assert_close(steps.weights.sum(dim=-1), torch.ones(4))


def test_the_matrices_that_look_back_are_others_for_the_same_table(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path)
    text = "The king saw a cats."
    plain, causal = (find_model(str(tmp_path), causal=causal).trace(text, 0) for causal in (False, True))
    np.testing.assert_array_equal(plain.embeddings, causal.embeddings)
    for name in ("w_query", "w_key", "w_value"):
        assert not np.allclose(getattr(plain, name), getattr(causal, name), atol=1e-3)
    np.testing.assert_array_equal(causal.mask, np.tri(len(causal), dtype=bool))


def test_what_looks_back_learns_the_teachers_shares_of_what_it_may_look_at(corpus: Path, tmp_path: Path) -> None:
    tokenizer, teacher = build_tokenizer(PIECES), StandIn()
    run(corpus, tmp_path)
    model = find_model(str(tmp_path), causal=True)
    found, even = [], []
    for sentence in read_sentences(corpus)[0][:50]:
        ids = torch.tensor([tokenizer.encode(sentence, add_special_tokens=False).ids])
        target = attention_target(teacher.read(ids).attention, torch.ones(ids.shape))[0].tril(-1)[2:]
        weights = torch.from_numpy(model.trace(sentence, 0).weights[0]).tril(-1)[2:]
        target, weights = (rows / rows.sum(dim=1, keepdim=True) for rows in (target, weights))
        for other, divergences in ((weights, found), (target.sign() / target.sign().sum(dim=1, keepdim=True), even)):
            divergences.append((target * (target.clamp_min(1e-9) / other.clamp_min(1e-9)).log()).sum(dim=1).mean())
    assert torch.stack(found).mean() < 0.7 * torch.stack(even).mean()


@pytest.mark.parametrize("said", ["", "two\nlines", "x" * 101])
def test_what_it_is_trained_on_can_be_shown(corpus: Path, tmp_path: Path, said: str) -> None:
    with pytest.raises(UserError, match="one line of at most 100 characters"):
        train(corpus, tmp_path / "out", StandIn(), recipe=RECIPE, trained_on=said)
    assert not (tmp_path / "out").exists()


def test_training_leaves_torch_as_it_was(corpus: Path, tmp_path: Path) -> None:
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    run(corpus, tmp_path / "out")
    assert torch.equal(torch.rand(3), expected)
    assert not torch.are_deterministic_algorithms_enabled()


def test_target_is_a_distribution_over_other_tokens_and_takes_both_directions() -> None:
    attention = torch.tensor([[[0.5, 0.4, 0.1], [0.1, 0.1, 0.8], [0.1, 0.1, 0.8]]])
    target = attention_target(attention, torch.ones(1, 3))
    torch.testing.assert_close(target.sum(dim=-1), torch.ones(1, 3))
    assert not target.diagonal(dim1=1, dim2=2).any()
    # off the diagonal, rows renormalised: 0 to 1 is 4/5 and back 1/9, 0 to 2 is 1/5 and back 1/2
    expected = torch.tensor([4 / 45, 1 / 10])
    torch.testing.assert_close(target[0, 0, 1:], expected / expected.sum())


def test_target_turns_away_from_punctuation() -> None:
    attention = torch.full((1, 3, 3), 1 / 3)
    target = attention_target(attention, torch.tensor([[1.0, 1.0, 0.25]]))
    assert target[0, 0, 2] < target[0, 0, 1]


def test_sharpness_makes_the_largest_larger() -> None:
    attention = torch.tensor([[[0.5, 0.4, 0.1], [0.4, 0.2, 0.4], [0.1, 0.1, 0.8]]])
    soft, sharp = (attention_target(attention, torch.ones(1, 3), power) for power in (1.0, 2.0))
    assert sharp.amax(dim=-1).gt(soft.amax(dim=-1)).all()


def test_recipe_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        RECIPE.epochs = 3  # type: ignore[misc]


def test_sentences() -> None:
    text = 'CHAPTER I\nA HEADING.\n\nMr. Fox ran\naway. "Stop!" cried\nDr. Hen. "Why?" It was 3.5 miles.\n\nNo end'
    assert (
        split_sentences(text)
        == [
            "CHAPTER I A HEADING.",
            "Mr. Fox ran away.",
            '"Stop!" cried Dr. Hen.',
            '"Why?"',
            "It was 3.5 miles.",
        ][1:]
    )


def test_segments_have_every_kind_of_length(corpus: Path) -> None:
    segments = build_segments(read_sentences(corpus), build_tokenizer(PIECES), 16, seed=0)
    lengths = {len(segment) for segment in segments}
    assert min(lengths) >= 2
    assert max(lengths) in (14, 16)  # two sentences of 7 tokens fit, three do not
    assert lengths & {2, 3, 4, 5}
    assert segments == build_segments(read_sentences(corpus), build_tokenizer(PIECES), 16, seed=0)
    assert segments != build_segments(read_sentences(corpus), build_tokenizer(PIECES), 16, seed=1)


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (None, "no such folder"),
        ({}, "holds no .txt file"),
        ({"a.md": "One. Two."}, "holds no .txt file"),
        ({"a.txt": "One here. Two there."}, "2 sentences are too few"),
        ({"a.txt": b"\xff\xfe"}, "a.txt: not UTF-8"),
    ],
)
def test_bad_corpus(tmp_path: Path, files: dict[str, str | bytes] | None, reason: str) -> None:
    folder, out = tmp_path / "corpus", tmp_path / "out"
    if files is not None:
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UserError, match=reason) as caught:
        run(folder, out)
    assert "\n" not in str(caught.value)
    assert not out.exists()
