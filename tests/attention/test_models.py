"""What attention is computed of is a protocol: another kind of model is another class."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from attention import AttentionTrace
from attention.head_weights import HeadWeights
from attention.model_folder import Model, find_model
from attention.surveying import kept_survey
from attention.tracing import kept_trace


@dataclass
class Calm:
    """The tiny model, but every token attends to all alike."""

    path: Path = Path("calm")
    digest: str = "calm"
    asked: list[str] = field(default_factory=list)

    def trace(self, sentence: str, layer: int, decoder: str | None = None) -> AttentionTrace:  # noqa: ARG002
        self.asked.append(sentence)
        found = find_model("tiny").trace(sentence, layer)
        return replace(found, model="calm", weights=found.weights * 0 + 1 / len(found))

    def head_weights(self, sentence: str) -> HeadWeights:
        return HeadWeights.of(self.trace(sentence, 0))


def test_another_kind_of_model_is_traced_surveyed_and_kept() -> None:
    model: Model = Calm()
    first, second = (kept_trace("The cat sat.", model, 0) for _ in range(2))
    assert (first.model, first.weights[0, 0, 0], second.weights[0, 0, 0]) == ("calm", 0.25, 0.25)
    assert model.asked == ["The cat sat."]
    assert kept_survey("The cat sat.", model).names.tolist() == [["mixed"]]
