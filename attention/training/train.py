"""Train the tiny model to say, in one layer, where a larger one looks and what it makes of the words there."""

import json
import math
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from safetensors.torch import save
from torch import Tensor, nn

from attention.errors import UserError
from attention.files import write_atomically
from attention.one_layer import LAYER, LOOKING_BACK, AttentionModel
from attention.readings import CONTINUATION
from attention.text import LONGEST_NAME, is_printable
from attention.tokenizer import build_tokenizer
from attention.training.corpus import build_segments, read_sentences
from attention.training.learner import Batch, Learner, Lesson, Terms, attention_target, normalise
from attention.training.pronouns import Pronouns
from attention.training.recipe import DEFAULT, Recipe
from attention.training.teacher import Teacher

WEIGHTS, TOKENIZER = "model.safetensors", "tokenizer.json"
LICENCE = "MIT"

_READERS = 2  # batches that the teacher reads at the same time


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
        If ``corpus`` is missing, holds no ``.txt`` file, is too small or not UTF-8; if ``trained_on`` cannot be shown.
    """
    if trained_on is not None and not is_printable(trained_on, LONGEST_NAME):
        raise UserError(f"what it is trained on is one line of at most {LONGEST_NAME} characters")
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
        lessons = _lessons(trained, pronouns, recipe)
        learner = Learner(teacher, recipe)
        losses = _fit(learner, lessons, recipe.epochs, recipe, progress, "train")
        figures = _measure(learner, _lessons(measured, pronouns, recipe), recipe)
        model = learner.fold()
        learner.look_back()
        _fit(learner, lessons, recipe.epochs_looking_back, recipe, progress, "train to look back")
        looking_back = learner.attention
    tenth = math.ceil(len(losses) / 10)
    said = {
        "name": out.resolve().name,
        "trained_on": trained_on or f"{len(books)} text{'s' * (len(books) > 1)}",
        "teacher": teacher.name,
        "licence": LICENCE,
    }
    tensors = model.state_dict() | {
        f"{LOOKING_BACK}{LAYER}{name}": tensor for name, tensor in looking_back.state_dict().items()
    }
    write_atomically(out / WEIGHTS, _in_order(save(_half(tensors), said | _sizes(model))))
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


def _fit(
    learner: Learner, lessons: Sequence[Lesson], epochs: int, recipe: Recipe, progress: Progress, title: str
) -> list[float]:
    """Train in place what goes on learning, and return the loss of each step."""
    parameters = [parameter for parameter in learner.parameters() if parameter.requires_grad]
    optimiser = torch.optim.Adam(parameters, lr=recipe.learning_rate, betas=(0.9, 0.99))
    steps = epochs * len(lessons)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps, recipe.warm_up))
    task = progress.add_task(title, total=steps)
    losses: list[float] = []
    for _ in range(epochs):
        for index in torch.randperm(len(lessons)).tolist():
            loss = learner.loss(lessons[index], recipe)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
            progress.update(task, advance=1, description=f"{title}, loss {losses[-1]:.3f}")
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
    """Yield the texts in batches of one length each, with what the teacher makes of them.

    The teacher reads two batches at a time, each on one thread, as more would add up in another order.
    """
    factor = _punctuation_factor(teacher.vocabulary, recipe.punctuation)
    by_length = defaultdict(list)
    for segment in segments:
        by_length[len(segment)].append(segment)
    texts = [
        ids
        for length, same in sorted(by_length.items())
        for ids in torch.split(torch.tensor(same), max(1, recipe.batch_tokens // length))
    ]

    def read(ids: Tensor) -> Batch:
        reading = teacher.read(ids)
        target = attention_target(reading.attention, factor[ids], recipe.sharpness)
        pronouns = normalise(reading.pronouns.masked_fill(torch.eye(ids.shape[1], dtype=torch.bool), 0))
        return Batch(ids, reading.hidden.half(), target.half(), pronouns.half())

    task = progress.add_task(title, total=len(segments))
    with ThreadPoolExecutor(_READERS, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        for batch in pool.map(read, texts):
            yield batch
            progress.update(task, advance=len(batch.token_ids))


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


def _half(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.half().contiguous() for name, tensor in tensors.items()}


def _sizes(model: AttentionModel) -> dict[str, str]:
    """Return what the file says about its tensors; safetensors keeps strings only."""
    vocabulary, d_model = model.token_vectors.shape
    d_k = model.attention.w_query.shape[1]
    return {
        "d_model": str(d_model),
        "d_k": str(d_k),
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
