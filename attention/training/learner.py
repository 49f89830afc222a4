"""The tiny model in the form that is trained, and what it is measured against."""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from attention.causal import CausalSelfAttention
from attention.model import SelfAttention
from attention.one_layer import AttentionModel
from attention.training.pronouns import Referents, Seen
from attention.training.recipe import Recipe
from attention.training.teacher import Teacher

_SMALLEST = 1e-9  # keeps logarithms and quotients finite


class Batch(NamedTuple):
    """Texts of the same length, with what the teacher makes of them."""

    token_ids: Tensor  # (batch, n)
    hidden: Tensor  # (batch, n, width), float16
    target: Tensor  # (batch, n, n), float16, a distribution over the other tokens
    pronouns: Tensor  # (batch, n, n), float16, where the heads that know pronouns look among the other tokens

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
    others = normalise((attention * punctuation.unsqueeze(-2)).masked_fill(itself, 0))
    return normalise((others * others.mT).clamp_min(_SMALLEST).pow(sharpness).masked_fill(itself, 0))


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
        self.attention: SelfAttention | CausalSelfAttention = SelfAttention(recipe.d_model, recipe.d_k)
        self.read_out = nn.Linear(recipe.d_model, centred.shape[1])
        with torch.no_grad():
            self.attention.w_value.copy_(torch.eye(recipe.d_model))  # an output starts as a mixture of inputs

    def look_back(self) -> None:
        """From now on, a token sees itself and earlier ones only, and nothing but the layer goes on learning."""
        looking_back = CausalSelfAttention(*self.attention.w_query.shape)
        looking_back.load_state_dict(self.attention.state_dict())
        self.attention = looking_back
        for parameter in (self.projection, self.nudges, self.position_vectors):
            parameter.requires_grad_(False)

    def terms(self, lesson: Lesson, recipe: Recipe) -> Terms:
        """Return the parts of the loss on ``lesson``."""
        batch, referents = lesson
        n = batch.token_ids.shape[1]
        seen = ~torch.eye(n, dtype=torch.bool)  # where a token looks beside itself
        if isinstance(self.attention, CausalSelfAttention):
            seen = seen.tril()
        nudges = functional.embedding(batch.token_ids, self.nudges)
        tokens = (
            functional.embedding(batch.token_ids, self.teacher_vectors) @ self.projection + nudges
        )  # (batch, n, d_model)
        steps = self.attention(tokens + self.position_vectors[:n])
        weights = steps.weights  # (batch, n, n)
        own = weights.diagonal(dim1=1, dim2=2)  # (batch, n)
        scaled = steps.scores / math.sqrt(recipe.d_k)
        others = scaled.masked_fill(~seen, -1e4).log_softmax(dim=-1)  # (batch, n, n)
        target = normalise(batch.target.float() * seen)  # 0 in a row that sees itself alone
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

    def loss(self, lesson: Lesson, recipe: Recipe) -> Tensor:
        """Return what training makes smaller, on ``lesson``."""
        terms = self.terms(lesson, recipe)
        return (
            terms.output
            + recipe.attention_weight * (terms.divergence + recipe.referent_weight * terms.referent)
            + recipe.self_share_weight * terms.share
            + recipe.mixture_weight * terms.mixture
            + recipe.neighbour_weight * terms.neighbours
            + recipe.nudge_weight * terms.nudge
            + recipe.position_weight * terms.position
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
        causal = isinstance(self.attention, CausalSelfAttention)
        model = AttentionModel(len(self.nudges), len(self.position_vectors), d_model, d_k, causal)
        model.token_vectors.copy_(self.teacher_vectors @ self.projection + self.nudges)
        model.position_vectors.copy_(self.position_vectors)
        model.attention.load_state_dict(self.attention.state_dict())
        return model


def normalise(shares: Tensor) -> Tensor:
    """Return each row, (..., n), as shares of 1; a row of zeros stays one."""
    return shares / shares.sum(dim=-1, keepdim=True).clamp_min(_SMALLEST)


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
