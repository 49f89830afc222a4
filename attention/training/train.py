"""Train the tiny model to say, in one layer, where a larger one looks and what it makes of the words there."""

import json
import math
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from safetensors.torch import save
from torch import Tensor, nn
from torch.nn import functional

from attention.files import write_atomically
from attention.model import SelfAttention
from attention.one_layer import AttentionModel
from attention.readings import CONTINUATION
from attention.tokenizer import build_tokenizer
from attention.training.corpus import build_segments, read_sentences
from attention.training.pronouns import Pronouns, Referents, Seen
from attention.training.teacher import Teacher

WEIGHTS, TOKENIZER = "model.safetensors", "tokenizer.json"
LICENCE = "MIT"

_SMALLEST = 1e-9  # keeps logarithms and quotients finite


@dataclass(frozen=True)
class Recipe:
    """The numbers of a training run; the defaults made the weights that the package ships.

    Parameters
    ----------
    d_model, d_k, max_tokens
        Sizes of the model, see :class:`attention.model.AttentionModel`; it has one head and is not causal.
    epochs
        Passes over the corpus.
    batch_tokens
        Tokens in a batch, about.
    learning_rate
        The largest one; it rises over ``warm_up`` steps and falls along a cosine to zero.
    held_out
        Share of the texts that are not trained on but measured at the end.
    position_columns, position_size, longest_wave
        At the start, the position table is sines and cosines in its last ``position_columns`` columns, where the token
        table, ordered by variance, says least. They have this root mean square (the token table's is 1) and wavelengths
        from 2 pi tokens to ``longest_wave`` times that.
    punctuation
        Factor on the teacher's attention to punctuation, which it uses as a place to rest.
    sharpness
        Power of the target of attention, see :func:`attention_target`: one head that points beats one that hesitates.
    attention_weight
        Weight of the loss between the attention to other tokens and the teacher's. The loss of the output has weight 1.
    pronoun_share, pronoun_sharpness
        How much of a pronoun's target is whom it stands for, and power of that, see
        :meth:`attention.training.pronouns.Pronouns.referents`.
    pronoun_weight
        Weight of a pronoun's row in the loss between attentions; that of any other row is 1.
    referent_weight
        Weight of the loss between the shares that a pronoun gives to what it may stand for, and the teacher's.
    self_share, self_share_weight
        What a token should keep to itself, and weight of the mean squared deviation from it.
    mixture_weight
        Weight of the loss that makes the output a mixture of token vectors, without the positions.
    neighbour_weight, neighbour_sample
        Weight of the loss that keeps the cosines between token vectors as they are in the teacher's table, and number
        of tokens compared with each other in a step.
    nudge_weight
        Weight of the loss that keeps a token vector close to the projection of the teacher's.
    position_weight
        Weight of the loss that keeps position vectors short, so that token plus position still looks like the token.
    """

    d_model: int = 96
    d_k: int = 48
    max_tokens: int = 64
    epochs: int = 2
    batch_tokens: int = 2048
    learning_rate: float = 0.01
    warm_up: int = 100
    held_out: float = 0.025
    position_columns: int = 16
    position_size: float = 0.6
    longest_wave: float = 30.0
    punctuation: float = 0.3
    sharpness: float = 1.25
    attention_weight: float = 3.0
    pronoun_share: float = 0.6
    pronoun_sharpness: float = 1.5
    pronoun_weight: float = 3.0
    referent_weight: float = 3.0
    self_share: float = 0.45
    self_share_weight: float = 10.0
    mixture_weight: float = 0.3
    neighbour_weight: float = 2.0
    neighbour_sample: int = 384
    nudge_weight: float = 1.0
    position_weight: float = 0.03


DEFAULT = Recipe()


@dataclass(frozen=True)
class TrainingFigures:
    """What a training run reports. The last five are measured on texts that were held out.

    Parameters
    ----------
    texts, tokens
        Size of what was trained on.
    seconds
        Time that the run took.
    first_loss, last_loss
        Mean loss over the first and over the last tenth of the steps.
    agreement
        Share of tokens whose strongest other token is the one of :func:`attention_target`.
    divergence
        Kullback-Leibler divergence between that target and the attention to other tokens, in nats.
    output_cosine
        Mean cosine between the read-out of the output and the teacher's hidden state.
    self_largest, mean_self_share
        As in :class:`attention.evaluation.Figures`.
    """

    texts: int
    tokens: int
    seconds: float
    first_loss: float
    last_loss: float
    agreement: float
    divergence: float
    output_cosine: float
    self_largest: float
    mean_self_share: float


class Batch(NamedTuple):
    """Texts of the same length, with what the teacher makes of them."""

    token_ids: Tensor  # (batch, n)
    hidden: Tensor  # (batch, n, width), float16
    target: Tensor  # (batch, n, n), float16, a distribution over the other tokens
    pronouns: Tensor  # (batch, n, n), float16, where the head that knows pronouns looks among the other tokens

    @property
    def seen(self) -> Seen:
        """What is counted and aimed at for pronouns."""
        return Seen(self.token_ids, self.pronouns)


class Lesson(NamedTuple):
    """A batch, with where its pronouns should look."""

    batch: Batch
    referents: Referents


class Terms(NamedTuple):
    """The parts of the loss, and what is measured beside it; each a mean over the batch."""

    output: Tensor
    divergence: Tensor
    referent: Tensor
    share: Tensor
    mixture: Tensor
    neighbours: Tensor
    nudge: Tensor
    position: Tensor
    agreement: Tensor
    self_largest: Tensor
    self_share: Tensor


def train(
    corpus: Path,
    out: Path,
    teacher: Teacher,
    *,
    seed: int = 0,
    trained_on: str | None = None,
    recipe: Recipe = DEFAULT,
    console: Console | None = None,
) -> TrainingFigures:
    """Train on the ``.txt`` files of ``corpus`` and write ``model.safetensors`` and ``tokenizer.json`` to ``out``.

    The file of weights says that the model is called as the folder ``out`` is, and what it was ``trained_on``, which
    the film repeats; left out, the number of texts.

    The same seed, corpus and machine give the same bytes. Both files appear when training is done, each of them whole.

    Raises
    ------
    UserError
        If ``corpus`` is missing, holds no ``.txt`` file, is too small or not UTF-8.
    """
    started = time.perf_counter()
    tokenizer = build_tokenizer(teacher.vocabulary)
    books = read_sentences(corpus)
    segments = build_segments(books, tokenizer, recipe.max_tokens, seed)
    out.mkdir(parents=True, exist_ok=True)
    held = max(1, round(len(segments) * recipe.held_out))
    with _repeatable(seed), _progress(console) as progress:
        measured = list(_read(teacher, segments[:held], recipe, progress, "read held-out texts"))
        trained = list(_read(teacher, segments[held:], recipe, progress, "read texts"))
        pronouns = Pronouns(teacher.vocabulary, (batch.seen for batch in trained))
        learner = Learner(teacher, recipe)
        losses = _fit(learner, _lessons(trained, pronouns, recipe), recipe, progress)
        figures = _measure(learner, _lessons(measured, pronouns, recipe), recipe)
        model = learner.fold()
    tenth = math.ceil(len(losses) / 10)
    said = {
        "name": out.resolve().name,
        "trained_on": trained_on or f"{len(books)} text{'s' * (len(books) > 1)}",
        "teacher": teacher.name,
        "licence": LICENCE,
    }
    write_atomically(out / WEIGHTS, _in_order(save(_half(model), said | _sizes(model))))
    write_atomically(out / TOKENIZER, tokenizer.to_str(pretty=False).encode())
    return TrainingFigures(
        texts=len(segments) - held,
        tokens=sum(map(len, segments[held:])),
        seconds=time.perf_counter() - started,
        first_loss=sum(losses[:tenth]) / tenth,
        last_loss=sum(losses[-tenth:]) / tenth,
        agreement=figures.agreement.item(),
        divergence=figures.divergence.item(),
        output_cosine=1 - figures.output.item(),
        self_largest=figures.self_largest.item(),
        mean_self_share=figures.self_share.item(),
    )


def attention_target(attention: Tensor, punctuation: Tensor, sharpness: float = 1.0) -> Tensor:
    """Return where a token should look among the others, (batch, n, n), each row a distribution, the diagonal 0.

    Grammar links two words, whichever of them depends on the other, while the teacher often looks only one way. So the
    target is the product of the attention from one token to the other and back.

    Parameters
    ----------
    attention
        The teacher's, (batch, n, n).
    punctuation
        Factor on the attention to each token, (batch, n).
    sharpness
        Power of the product; above 1, what is large gains.
    """
    itself = torch.eye(attention.shape[-1], dtype=torch.bool)
    others = _normalise((attention * punctuation.unsqueeze(-2)).masked_fill(itself, 0))
    return _normalise((others * others.mT).clamp_min(_SMALLEST).pow(sharpness).masked_fill(itself, 0))


class Learner(nn.Module):
    """The model in the form that is trained: the token table is a projection of the teacher's plus a small nudge.

    So a word that the corpus lacks moves along with those it has. A read-out from the output to the teacher's hidden
    states is thrown away after training.
    """

    teacher_vectors: Tensor  # (vocabulary, width), centred

    def __init__(self, teacher: Teacher, recipe: Recipe) -> None:
        super().__init__()
        centred = teacher.token_vectors - teacher.token_vectors.mean(dim=0)
        components = torch.linalg.svd(centred, full_matrices=False)[2][: recipe.d_model].mT  # (width, d_model)
        self.register_buffer("teacher_vectors", centred)
        self.projection = nn.Parameter(components / (centred @ components).std())
        self.nudges = nn.Parameter(torch.zeros(len(centred), recipe.d_model))
        self.position_vectors = nn.Parameter(_waves(recipe))
        self.attention = SelfAttention(recipe.d_model, recipe.d_k)
        self.read_out = nn.Linear(recipe.d_model, centred.shape[1])
        with torch.no_grad():
            self.attention.w_value.copy_(torch.eye(recipe.d_model))  # an output starts as a mixture of inputs

    def terms(self, lesson: Lesson, recipe: Recipe) -> Terms:
        """Return the parts of the loss on ``lesson``."""
        batch, referents = lesson
        n = batch.token_ids.shape[1]
        itself = torch.eye(n, dtype=torch.bool)
        nudges = functional.embedding(batch.token_ids, self.nudges)
        tokens = (
            functional.embedding(batch.token_ids, self.teacher_vectors) @ self.projection + nudges
        )  # (batch, n, d_model)
        steps = self.attention(tokens + self.position_vectors[:n])
        weights = steps.weights  # (batch, n, n)
        own = weights.diagonal(dim1=1, dim2=2)  # (batch, n)
        scaled = steps.scores / math.sqrt(recipe.d_k)
        others = scaled.masked_fill(itself, -1e4).log_softmax(dim=-1)  # (batch, n, n)
        target = batch.target.float()
        importance = torch.where(referents.rows, recipe.pronoun_weight, 1.0)  # (batch, n)
        return Terms(
            output=1 - functional.cosine_similarity(self.read_out(steps.output), batch.hidden.float(), dim=-1).mean(),
            divergence=(_divergence(target, others) * importance).sum() / importance.sum(),
            referent=_referent_divergence(referents, scaled),
            share=(own - recipe.self_share).square().mean(),
            mixture=1 - functional.cosine_similarity(steps.output, weights.detach() @ tokens, dim=-1).mean(),
            neighbours=self._neighbours(recipe.neighbour_sample),
            nudge=nudges.square().mean(),
            position=self.position_vectors.square().mean(),
            agreement=(others.argmax(dim=-1) == target.argmax(dim=-1)).float().mean(),
            self_largest=(weights.argmax(dim=-1) == torch.arange(n)).float().mean(),
            self_share=own.mean(),
        )

    def _neighbours(self, sample: int) -> Tensor:
        """Return how far cosines within a random sample of the token table are from the teacher's, mean square."""
        ids = torch.randint(len(self.nudges), (sample,))
        theirs = functional.normalize(self.teacher_vectors[ids], dim=1)
        ours = functional.normalize(
            self.teacher_vectors[ids] @ self.projection + functional.embedding(ids, self.nudges), dim=1
        )
        return (ours @ ours.mT - theirs @ theirs.mT).square().mean()

    @torch.no_grad()
    def fold(self) -> AttentionModel:
        """Return the model that is left when the scaffolding is taken away."""
        d_model, d_k = self.attention.w_query.shape
        model = AttentionModel(len(self.nudges), len(self.position_vectors), d_model, d_k)
        model.token_vectors.copy_(self.teacher_vectors @ self.projection + self.nudges)
        model.position_vectors.copy_(self.position_vectors)
        model.attention.load_state_dict(self.attention.state_dict())
        return model


def _divergence(target: Tensor, logarithms: Tensor) -> Tensor:
    """Return the Kullback-Leibler divergence of each row, (..., n), from a target to a model's log-probabilities."""
    return (target * (target.clamp_min(_SMALLEST).log() - logarithms)).sum(dim=-1)


def _referent_divergence(referents: Referents, scaled: Tensor) -> Tensor:
    """Return how far pronouns' shares of what they may stand for are from the teacher's: sum of rows by number of all.

    What else a pronoun looks at does not matter here. A row counts by how much the teacher looks at such pieces at all.
    """
    pointing = referents.trust > 0  # (batch, n)
    shares = referents.shares[pointing].float()  # (pronouns, n)
    logarithms = scaled[pointing].masked_fill(shares == 0, -1e4).log_softmax(dim=-1)
    return (_divergence(shares, logarithms) * referents.trust[pointing]).sum() / pointing.numel()


def _waves(recipe: Recipe) -> Tensor:
    """Return the position table at the start, (max_tokens, d_model): after Vaswani et al. 2017, section 3.5."""
    waves = recipe.position_columns // 2
    speeds = recipe.longest_wave ** -(torch.arange(waves) / waves)  # radians a token
    angles = torch.arange(recipe.max_tokens).unsqueeze(1) * speeds  # (max_tokens, waves)
    table = torch.zeros(recipe.max_tokens, recipe.d_model)
    columns = torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)  # (max_tokens, position_columns)
    table[:, recipe.d_model - columns.shape[1] :] = columns
    return table * recipe.position_size / table.square().mean().sqrt()


def _loss(terms: Terms, recipe: Recipe) -> Tensor:
    return (
        terms.output
        + recipe.attention_weight * (terms.divergence + recipe.referent_weight * terms.referent)
        + recipe.self_share_weight * terms.share
        + recipe.mixture_weight * terms.mixture
        + recipe.neighbour_weight * terms.neighbours
        + recipe.nudge_weight * terms.nudge
        + recipe.position_weight * terms.position
    )


def _fit(learner: Learner, lessons: Sequence[Lesson], recipe: Recipe, progress: Progress) -> list[float]:
    """Train in place and return the loss of each step."""
    parameters = list(learner.parameters())
    optimiser = torch.optim.Adam(parameters, lr=recipe.learning_rate, betas=(0.9, 0.99))
    steps = recipe.epochs * len(lessons)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps, recipe.warm_up))
    task = progress.add_task("train", total=steps)
    losses: list[float] = []
    for _ in range(recipe.epochs):
        for index in torch.randperm(len(lessons)).tolist():
            loss = _loss(learner.terms(lessons[index], recipe), recipe)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
            progress.update(task, advance=1, description=f"train, loss {losses[-1]:.3f}")
    return losses


def _rate(step: int, steps: int, warm_up: int) -> float:
    """Return the learning rate of a step as a share of the largest one."""
    return min(1.0, (step + 1) / warm_up) * (1 + math.cos(math.pi * step / steps)) / 2


@torch.no_grad()
def _measure(learner: Learner, lessons: Sequence[Lesson], recipe: Recipe) -> Terms:
    """Return the mean of each term over the tokens of ``lessons``."""
    sizes = torch.tensor([lesson.batch.token_ids.numel() for lesson in lessons], dtype=torch.float32)
    terms = torch.stack([torch.stack(learner.terms(lesson, recipe)) for lesson in lessons])  # (lessons, terms)
    return Terms(*(sizes @ terms / sizes.sum()))


def _read(
    teacher: Teacher, segments: Sequence[list[int]], recipe: Recipe, progress: Progress, title: str
) -> Iterator[Batch]:
    """Yield the texts in batches of one length each, with what the teacher makes of them."""
    factor = _punctuation_factor(teacher.vocabulary, recipe.punctuation)
    by_length = defaultdict(list)
    for segment in segments:
        by_length[len(segment)].append(segment)
    task = progress.add_task(title, total=len(segments))
    for length, same in sorted(by_length.items()):
        for ids in torch.split(torch.tensor(same), max(1, recipe.batch_tokens // length)):
            reading = teacher.read(ids)
            target = attention_target(reading.attention, factor[ids], recipe.sharpness)
            itself = torch.eye(length, dtype=torch.bool)
            pronouns = _normalise(reading.pronouns.masked_fill(itself, 0))
            yield Batch(ids, reading.hidden.half(), target.half(), pronouns.half())
            progress.update(task, advance=len(ids))


def _lessons(batches: Sequence[Batch], pronouns: Pronouns, recipe: Recipe) -> list[Lesson]:
    """Return the batches with the targets of pronouns' rows drawn towards whom they stand for, where that is said."""
    lessons = []
    for batch in batches:
        referents = pronouns.referents(batch.seen, recipe.pronoun_sharpness)
        drawn = recipe.pronoun_share * referents.pointed.float().sum(dim=-1, keepdim=True)  # 0 for other rows
        target = recipe.pronoun_share * referents.pointed.float() + (1 - drawn) * batch.target.float()
        lessons.append(Lesson(batch._replace(target=target.half()), referents))
    return lessons


def _punctuation_factor(vocabulary: Sequence[str], factor: float) -> Tensor:
    """Return ``factor`` for a piece without letter or digit and 1 for any other, (vocabulary,)."""
    spoken = [any(map(str.isalnum, piece.removeprefix(CONTINUATION))) for piece in vocabulary]
    return torch.where(torch.tensor(spoken), 1.0, factor)


def _normalise(shares: Tensor) -> Tensor:
    return shares / shares.sum(dim=-1, keepdim=True).clamp_min(_SMALLEST)


def _half(model: AttentionModel) -> dict[str, Tensor]:
    return {name: tensor.half().contiguous() for name, tensor in model.state_dict().items()}


def _sizes(model: AttentionModel) -> dict[str, str]:
    """Return what the file says about its tensors; safetensors keeps strings only."""
    vocabulary, d_model = model.token_vectors.shape
    d_k = model.attention.w_query.shape[1]
    return {
        "d_model": str(d_model),
        "d_k": str(d_k),
        "causal": "false",
        "max_tokens": str(len(model.position_vectors)),
        "vocabulary": str(vocabulary),
    }


def _in_order(content: bytes) -> bytes:
    """Return a safetensors file with its header sorted: the library puts the metadata down in random order."""
    end = 8 + int.from_bytes(content[:8], "little")
    header = json.dumps(json.loads(content[8:end]), sort_keys=True, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)  # the format aligns the tensors that follow
    return len(header).to_bytes(8, "little") + header + content[end:]


@contextmanager
def _repeatable(seed: int) -> Iterator[None]:
    """Make what happens inside depend on ``seed`` alone, and leave torch as it was."""
    before, threads = torch.are_deterministic_algorithms_enabled(), torch.get_num_threads()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        torch.use_deterministic_algorithms(True)
        torch.set_num_threads(1)  # sums in another order would give other bytes
        try:
            yield
        finally:
            torch.use_deterministic_algorithms(before)
            torch.set_num_threads(threads)


def _progress(console: Console | None) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console)
