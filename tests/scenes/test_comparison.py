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
from scenes.comparison_parts.pair_map import PairMap
from scenes.comparison_parts.pair_plane import pair_plane
from scenes.comparison_parts.pair_words import words_around
from scenes.content.pair import Pair, read_pair
from scenes.look.theme import THEMES
from scenes.places.layout import Frame
from tests.attention.checkpoints import make, minilm, reported
from tests.recomputed import Numbers, recompute
from tests.scenes.audit import audit, audit_rests
from tests.scenes.played import of, play
from tests.scenes.test_audit import SENTENCES
from tests.scenes.truth import assert_printed_as_known, assert_true, cosine

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
        def say(self, text: str) -> None:
            captions.append(text)
            super().say(text)

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
    return numbers | {"weights": reported(Path(folder), token_ids)[layer]}


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


@pytest.mark.parametrize("field", ["embeddings", "output"])
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
    assert pair.before.value == pytest.approx(cosine(numbers["embeddings"][a], others["embeddings"][b]), abs=1e-4)
    assert pair.after.value == pytest.approx(cosine(numbers["output"][a], others["output"][b]), abs=1e-4)
    assert pair.before.value < 0.95  # one row of the table, but at two positions


def test_bars_are_as_high_as_their_weights_on_one_scale() -> None:
    scene, mobjects = play(Comparison)
    bars = list(of(ChipBars, mobjects))
    assert len({part.limit for part in bars}) == 1
    assert bars[0].limit == pytest.approx(max(fact.value for part in bars for fact in part.facts()))
    for part, trace, token in zip(scene.bars, scene.pair.traces, scene.pair.word.tokens, strict=True):
        weights = recompute(trace.sentence)["weights"][token]
        np.testing.assert_allclose([fact.value for fact in part.facts()], weights, atol=1e-4)
        assert (part.grown == 1).all()


def test_higher_is_what_is_more_like_the_first_output() -> None:
    pair = read(*DEFAULT_PAIR)
    drawn = PairMap(pair, Frame("16:9").stage, Frame("16:9"), THEMES["dark"])
    outputs = [recompute(trace.sentence)["output"][k] for trace, k in zip(pair.traces, pair.word.tokens, strict=True)]
    differences = [cosine(word.direction, outputs[0]) - cosine(word.direction, outputs[1]) for word in drawn.words]
    heights = drawn.true_places[4:, 1]
    np.testing.assert_allclose(heights / heights[0], np.array(differences) / differences[0], atol=1e-3)
    assert drawn.true_places[2, 1] > drawn.true_places[3, 1]
    assert drawn.true_places[2:4, 0].mean() > drawn.true_places[:2, 0].mean()


def test_the_plane_shows_two_pairs_as_far_apart_as_they_are() -> None:
    rng = np.random.default_rng(0)
    one, two, three = np.linalg.qr(rng.normal(size=(8, 3)))[0].T
    before, after = np.array([one, one]), np.array([two, three])
    plane = pair_plane(before, after, np.zeros((0, 8)))
    np.testing.assert_allclose(plane @ plane.T, np.eye(2), atol=1e-9)
    shown = np.concatenate([before, after]) @ plane.T
    np.testing.assert_allclose(shown[0], shown[1], atol=1e-9)
    assert np.hypot(*(shown[2] - shown[3])) == pytest.approx(np.sqrt(2))
    assert shown[2, 1] > shown[3, 1]


@pytest.mark.parametrize("others", [np.zeros((0, 4)), np.eye(4)])
def test_vectors_that_are_all_alike_have_a_plane_too(others: np.ndarray[Any, Any]) -> None:
    same = np.tile([1.0, 0.0, 0.0, 0.0], (2, 1))
    plane = pair_plane(same, same, others)
    assert np.isfinite(plane).all()
    assert plane[0] @ plane[1] == pytest.approx(0)


def test_words_on_the_map_are_rows_of_the_table_that_lean_to_one_output() -> None:
    pair = read(*DEFAULT_PAIR)
    table = recompute(pair.first.sentence)["table"]
    table = table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-12)
    words = words_around(pair, 0, 4)
    names = [word.text for word in words]
    assert len(set(names)) == len(names)
    assert {"river", "loan"} <= set(names)
    assert "bank" not in names
    for word in words:
        assert (table @ word.direction).max() == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("name", PAIRS)
def test_arrows_end_at_badges_and_cross_no_chip(name: str, frame: FrameName) -> None:
    shape = Frame(frame)
    drawn = PairMap(read(*PAIRS[name]), shape.stage.cut_bottom(shape.stage.height * 0.4)[0], shape, THEMES["dark"])
    for which, way in enumerate(drawn.ways):
        np.testing.assert_allclose(way[[0, -1]], drawn.places[[which, 2 + which]], atol=1e-9)
        others = [index for index in range(4) if index not in (which, 2 + which)]
        inside = np.abs(way[:, None] - drawn.box_places[others]) < drawn.boxes[others] / 2 - 0.1 * drawn.size
        assert not inside.all(axis=-1).any()


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("name", PAIRS)
def test_the_two_stand_one_over_the_other_and_never_touch(name: str, frame: FrameName) -> None:
    shape = Frame(frame)
    drawn = PairMap(read(*PAIRS[name]), shape.stage.cut_bottom(shape.stage.height * 0.4)[0], shape, THEMES["dark"])
    for pins in (slice(0, 2), slice(2, 4)):
        apart = np.abs(np.subtract(*drawn.box_places[pins]))
        assert (apart >= drawn.boxes[pins].mean(axis=0) - 1e-3).any()


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
        (*DEFAULT_PAIR, {}, "the same vector in both", "a bit apart"),
        ("The bat flew out of the cave.", "He hit the ball with a bat.", {}, "two positions", "closer together"),
        (*DEFAULT_PAIR, {"layer": 5, "model": "minilm"}, "layers below", "attention parts the two"),
        ("The cat sat.", "The cat sat.", {}, "the same vector in both", "What it sees is alike"),
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
    named = []
    for sentence in DEFAULT_PAIR:
        pair = read(*DEFAULT_PAIR)
        trace, token = next(
            (t, k) for t, k in zip(pair.traces, pair.word.tokens, strict=True) if t.sentence == sentence
        )
        row = recompute(sentence)["weights"][token].copy()
        told = [label.isalnum() and label.lower() not in FUNCTION_WORDS for label in trace.labels]
        row[[k for k, one in enumerate(told) if k == token or not one]] = -1
        named.append(trace.labels[int(row.argmax())])
    assert f"Content words: most to “{named[0]}” here, “{named[1]}” there" in captions


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
        assert [slots.tolist() for slots in scene.slots] == [list(range(len(trace))) for trace in scene.pair.traces]
