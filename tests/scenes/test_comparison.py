"""One word in two sentences: its numbers, its map, what is said of it, and how it is laid out."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers

from attention.function_words import FUNCTION_WORDS
from attention.settings import DEFAULT_PAIR, FRAMES, FrameName, Settings
from scenes.comparison import Comparison
from scenes.comparison_parts.chip_bars import ChipBars
from scenes.comparison_parts.fan_places import FanPlaces, seen_on_their_plane
from scenes.comparison_parts.split_fan import SplitFan
from scenes.content.pair import Pair, read_pair
from scenes.drawing.fact import Fact
from scenes.look.theme import THEMES
from scenes.places.layout import Frame
from tests.attention.checkpoints import make, minilm, reported
from tests.recomputed import Numbers, recompute
from tests.scenes.audit import audit, audit_rests
from tests.scenes.played import of, play
from tests.scenes.test_audit import SENTENCES
from tests.scenes.truth import assert_printed_as_known, assert_true, cosine

pytestmark = pytest.mark.apart

LONG = (
    SENTENCES["24 tokens"],
    "All of the children were down at the harbour when the boat with the red sail came back to it that evening.",
)
PAIRS = {
    "bank": DEFAULT_PAIR,
    "2 tokens": ("Hello you", "Hello."),
    "24 tokens": LONG,
    "short and long": ("The boat.", LONG[0]),
    "40 tokens": (SENTENCES["40 tokens"], "ten nine eight " * 13),
    "long word": (SENTENCES["long word"], "He fears pneumonoultramicroscopicsilicovolcanoconiosis."),
    "German": (SENTENCES["German"], "Die Straße ist lang und leer."),
    "Russian": (SENTENCES["Russian"], "На окне стоит большой цветок."),
    "Arabic": (SENTENCES["Arabic"], "السجادة جميلة جدا"),
    "Chinese": (SENTENCES["Chinese"], "狗坐在草地上。"),
    "emoji": (SENTENCES["emoji"], "cats 🙂 sleep"),
    "markup": (SENTENCES["markup"], "let <b> = $y$"),
    "the same": ("The cat sat.", "The cat sat."),
}
QUICK = ("bank", "24 tokens", "markup")

# What each kind of checkpoint calls the module that attention's input goes to, and the one that its output comes from.
ENDS = {
    "bert": ("encoder.layer.{}.attention.self.query", "encoder.layer.{}.attention.output.dense"),
    "gpt2": ("h.{}.attn.c_attn", "h.{}.attn.c_proj"),
}


@pytest.fixture(scope="session")
def gpt2(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(make(tmp_path_factory.mktemp("gpt2"), "gpt2"))


def read(first: str, second: str, **choices: Any) -> Pair:
    return read_pair(Settings(sentence=first, other=second, **choices))


def said(**choices: Any) -> list[str]:
    captions: list[str] = []

    class Told(Comparison):
        def say(self, text: str, *facts: Fact) -> None:
            captions.append(text)
            super().say(text, *facts)

    play(Told, **choices)
    return captions


def of_library(kind: str, folder: str, layer: int, token_ids: np.ndarray[Any, Any]) -> Numbers:
    """Return what the library itself has before attention and after it, and its weights."""
    model = transformers.AutoModel.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
    found: dict[str, torch.Tensor] = {}
    before, after = (model.get_submodule(name.format(layer)) for name in ENDS[kind])
    before.register_forward_pre_hook(lambda _, inputs: found.update(embeddings=inputs[0][0]))
    after.register_forward_hook(lambda _, __, result: found.update(output=result[0]))
    with torch.inference_mode():
        model(torch.from_numpy(token_ids)[None])
    numbers = {name: values.double().numpy() for name, values in found.items()}
    table = model.get_input_embeddings().weight.detach().double().numpy()
    return numbers | {"weights": reported(Path(folder), token_ids)[layer], "token_vectors": table[token_ids]}


@pytest.mark.parametrize("name", PAIRS)
def test_every_number_is_true(name: str) -> None:
    first, second = PAIRS[name]
    scene, mobjects = play(Comparison, sentence=first, other=second)
    second_numbers = recompute(scene.pair.second.sentence)
    assert assert_true(mobjects, recompute(scene.trace.sentence), {"second": second_numbers}) >= 4
    assert_printed_as_known(mobjects)


def test_a_causal_models_numbers_too() -> None:
    first, second = "The cat sat on the mat, and the dog ran.", "She saw a cat on the mat."
    scene, mobjects = play(Comparison, sentence=first, other=second, token="mat", causal=True)
    numbers, others = (recompute(sentence, causal=True) for sentence in (first, second))
    assert_true(mobjects, numbers, {"second": others})
    for bars, trace, token in zip(scene.bars, scene.pair.traces, scene.pair.word.tokens, strict=True):
        assert [weight is None for weight in bars.numbers] == [index > token for index in range(len(trace))]


@pytest.mark.parametrize(("layer", "head"), [(0, 0), (5, 3)])
def test_real_weights_give_what_the_library_gives(layer: int, head: int) -> None:
    folder = str(minilm())
    scene, mobjects = play(Comparison, model=folder, layer=layer, head=head)
    first, second = (of_library("bert", folder, layer, trace.token_ids) for trace in scene.pair.traces)
    assert assert_true(mobjects, first, {"second": second}) >= len(scene.trace) + len(scene.pair.second)
    assert scene.pair.first.labels[scene.pair.word.tokens[0]] == "bank"


def test_so_do_those_of_a_checkpoint_that_looks_back(gpt2: str) -> None:
    pair = {"sentence": "The cat sat on the mat.", "other": "On the mat the dogs sat, too.", "token": "mat"}
    scene, mobjects = play(Comparison, **pair, model=gpt2, layer=1, head=2)
    first, second = (of_library("gpt2", gpt2, 1, trace.token_ids) for trace in scene.pair.traces)
    assert assert_true(mobjects, first, {"second": second}) > 4


@pytest.mark.parametrize("field", ["token_vectors", "output"])
def test_the_check_notices_one_changed_vector(field: str) -> None:
    scene, mobjects = play(Comparison)
    numbers, others = (recompute(trace.sentence) for trace in scene.pair.traces)
    others[field][scene.pair.word.tokens[1]] += 1.0
    with pytest.raises(AssertionError):
        assert_true(mobjects, numbers, {"second": others})


def test_both_cosines_are_those_of_the_vectors() -> None:
    pair = read("She sat by the river bank.", "He robbed the bank.")
    a, b = pair.word.tokens
    numbers, others = recompute(pair.first.sentence), recompute(pair.second.sentence)
    assert pair.before.value == pytest.approx(1)  # one row of the table, wherever the word stands
    assert pair.after.value == pytest.approx(cosine(numbers["output"][a], others["output"][b]), abs=1e-4)


def test_above_the_first_layer_the_word_begins_as_what_the_layers_below_made_of_it() -> None:
    pair = read(*DEFAULT_PAIR, model=str(minilm()), layer=3)
    (one, other), (a, b) = pair.traces, pair.word.tokens
    assert pair.before.value == pytest.approx(cosine(one.embeddings[a], other.embeddings[b]), abs=1e-4)
    assert pair.before.value < 0.99


def test_bars_are_as_high_as_their_weights_on_one_scale() -> None:
    scene, mobjects = play(Comparison)
    bars = list(of(ChipBars, mobjects))
    assert len({part.limit for part in bars}) == 1
    assert bars[0].limit == pytest.approx(max(fact.value for part in bars for fact in part.facts()))
    for part, trace, token in zip(scene.bars, scene.pair.traces, scene.pair.word.tokens, strict=True):
        weights = recompute(trace.sentence)["weights"][token]
        np.testing.assert_allclose([fact.value for fact in part.facts()], weights, atol=1e-4)
        assert (part.grown == 1).all()


def drawn(name: str, frame: FrameName) -> SplitFan:
    shape = Frame(frame)
    return SplitFan(read(*PAIRS[name]), 0, shape.stage.cut_top(shape.stage.height * 0.3)[1], shape, THEMES["dark"])


@pytest.mark.parametrize("name", PAIRS)
def test_the_angle_between_both_arrows_is_the_true_one(name: str) -> None:
    pair, fan = read(*PAIRS[name]), drawn(name, "16:9")
    a, b = pair.word.tokens
    outputs = [recompute(trace.sentence)["output"][k] for trace, k in zip(pair.traces, (a, b), strict=True)]
    arrows = fan.places.tips - fan.places.origin
    assert cosine(*arrows[2:4]) == pytest.approx(cosine(*outputs), abs=2e-3)
    assert np.hypot(*arrows[2]) == pytest.approx(np.hypot(*arrows[3]))
    assert arrows[2, 0] <= arrows[3, 0] + 1e-6  # the first one at the left


def test_a_shadow_is_nearer_to_the_output_that_is_more_like_it() -> None:
    pair, fan = read(*DEFAULT_PAIR), drawn("bank", "16:9")
    outputs = [trace.output[k] for trace, k in zip(pair.traces, pair.word.tokens, strict=True)]
    for anchor, seen in zip(pair.anchors(0), fan.vectors[4:], strict=True):
        row = pair.traces[anchor.which].token_vectors[anchor.token]
        first, second = (cosine(output, row) for output in outputs)
        assert np.sign(first - second) == np.sign(-seen[0])
        np.testing.assert_allclose(fan.vectors[2:4] @ seen, [first, second], atol=1e-5)


def test_vectors_that_are_one_still_have_a_plane() -> None:
    one, other, third = np.eye(3)
    seen = seen_on_their_plane(np.stack([one, one]), np.stack([one, one, other, third]))
    np.testing.assert_allclose(seen[:4], [[0, 1]] * 4, atol=1e-9)
    assert seen[4, 0] < 0 < seen[5, 0]
    assert np.isfinite(seen_on_their_plane(np.stack([one, one]), np.stack([one, one]))).all()


def test_arrows_are_named_by_content_words_that_the_other_sentence_lacks() -> None:
    for first, second, names in (
        (*DEFAULT_PAIR, ("river", "loan")),
        ("He lies in bed.", "He lies about it.", ("bed", "about")),
        ("Hello you", "Hello.", ("you", "Hello")),
        ("The cat sat.", "The cat sat.", ("sat", "cat")),
    ):
        pair = read(first, second)
        assert tuple(pair.traces[which].labels[token] for which, token in pair.anchors(0)) == names


def boxes(places: FanPlaces, size: float, chips: np.ndarray[Any, Any], then: list[int]) -> list[tuple[Any, Any]]:
    badge = np.full(2, 2 * 0.72 * size)
    found = [(places.badges[which], badge) for which in then]
    return found + [(places.chips[k], chips[k]) for k in (*then, 4, 5) if not np.isnan(places.chips[k, 0])]


@pytest.mark.parametrize("then", [[0, 1], [2, 3]], ids=["before", "after"])
@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("name", PAIRS)
def test_badges_and_chips_never_cover_each_other_and_stay_inside(name: str, frame: FrameName, then: list[int]) -> None:
    fan = drawn(name, frame)
    chips = np.array([[chip.texts.width() * chip.size, 1.45 * chip.size] for chip in fan.chips])
    found = boxes(fan.places, fan.size, chips, then)
    for index, (middle, size) in enumerate(found):
        assert (np.abs(middle - fan.region.center) + size / 2 <= [fan.region.width / 2, fan.region.height / 2]).all()
        for other, taken in found[:index]:
            assert (np.abs(middle - other) > (size + taken) / 2 - 1e-6).any() or (
                np.hypot(*(middle - other)) >= (size[1] + taken[1]) / 2 - 1e-6
            )


@pytest.mark.parametrize("frame", FRAMES)
def test_one_arrow_becomes_two(frame: FrameName) -> None:
    places = drawn("bank", frame).places
    assert places.together
    np.testing.assert_allclose(places.badges[:2].mean(axis=0), places.tips[0])
    assert np.hypot(*(places.badges[3] - places.badges[2])) > 2 * 0.72 * drawn("bank", frame).size


@pytest.mark.parametrize("frame", FRAMES)
def test_nor_is_there_a_fault_in_motion(frame: FrameName) -> None:
    findings = audit(Comparison, sentence=DEFAULT_PAIR[0], other=DEFAULT_PAIR[1], frame=frame)
    assert not findings, "\n".join(map(str, findings))


def test_the_pair_without_any_choice_is_the_packages_own() -> None:
    scene, _ = play(Comparison)
    assert tuple(trace.sentence for trace in scene.traces) == DEFAULT_PAIR
    assert scene.subject == " / ".join(DEFAULT_PAIR)


def test_a_model_that_looks_back_says_so() -> None:
    assert not any("looks back" in line for line in said())
    assert any("looks back" in line for line in said(causal=True))


@pytest.mark.parametrize(
    ("first", "second", "choices", "before", "after"),
    [
        (*DEFAULT_PAIR, {}, "the same in both", "two near vectors: cosine 0.94"),
        ("The bat flew out of the cave.", "He hit the ball with a bat.", {}, "the same in both", "vectors: cosine"),
        (*DEFAULT_PAIR, {"layer": 5, "model": "minilm"}, "layers below", "apart, cosine"),
        ("The cat sat.", "The cat sat.", {}, "the same in both", "What it sees is alike"),
    ],
)
def test_what_has_become_of_the_word_is_said(
    first: str, second: str, choices: dict[str, Any], before: str, after: str
) -> None:
    if choices.get("model"):
        choices = choices | {"model": str(minilm())}
    captions = said(sentence=first, other=second, **choices)
    assert before in next(line for line in captions if line.startswith("Before"))
    assert after in captions[-1]


def test_a_word_of_pieces_is_said_to_be_one() -> None:
    captions = said(sentence="Unbelievably real.", other="It is unbelievably good.", token="unbelievably")
    assert captions[1].startswith("Its last piece stands for the word: “")


def test_the_words_it_attends_to_most_are_those_of_the_weights() -> None:
    captions = said()
    named, kept = [], []
    for sentence in DEFAULT_PAIR:
        pair = read(*DEFAULT_PAIR)
        trace, token = next(
            (t, k) for t, k in zip(pair.traces, pair.word.tokens, strict=True) if t.sentence == sentence
        )
        row = recompute(sentence)["weights"][token].copy()
        kept.append(f"{row[token]:.2f}")
        told = [label.isalnum() and label.lower() not in FUNCTION_WORDS for label in trace.labels]
        row[[k for k, one in enumerate(told) if k == token or not one]] = -1
        named.append(trace.labels[int(row.argmax())])
    assert f"It keeps {kept[0]} and {kept[1]} for itself, the rest is context" in captions
    assert f"Small words aside, most to “{named[0]}” and to “{named[1]}”" in captions
    assert f"Shadows on one plane: “{named[0]}” and “{named[1]}”" in captions


def test_a_larger_share_of_a_word_that_both_have_is_not_denied() -> None:
    captions = said(sentence="The queen loved her son.", other="The queen loved the storm.", token="queen")
    assert "Only in one of them: “son” and “storm”" in captions


@pytest.mark.parametrize("name", PAIRS)
def test_it_takes_12_to_35_seconds_and_rests(name: str) -> None:
    first, second = PAIRS[name]
    scene, _ = play(Comparison, sentence=first, other=second)
    assert 12 <= scene.time <= 35
    assert scene.time - scene.chapters[-1][1] >= 1.5 + 0.4  # the caption takes the rest


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.full) for name in PAIRS]
)
def test_no_picture_at_rest_has_a_fault(name: str, frame: FrameName) -> None:
    first, second = PAIRS[name]
    findings = audit_rests(Comparison, sentence=first, other=second, frame=frame)
    assert not findings, "\n".join(map(str, findings))


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("model", ["minilm", "gpt2"])
def test_nor_does_a_checkpoints(model: str, frame: FrameName, gpt2: str) -> None:
    folder = gpt2 if model == "gpt2" else str(minilm())
    for layer in (0, 2):
        findings = audit_rests(Comparison, model=folder, layer=layer, head=1, frame=frame)
        assert not findings, "\n".join(map(str, findings))


@pytest.mark.parametrize("name", ["bank", "24 tokens"])
def test_up_to_24_tokens_are_all_shown(name: str) -> None:
    first, second = PAIRS[name]
    for frame in FRAMES:
        scene, _ = play(Comparison, sentence=first, other=second, frame=frame)
        assert [slots.tolist() for slots in scene.rows_alone.slots] == [
            list(range(len(trace))) for trace in scene.pair.traces
        ]
