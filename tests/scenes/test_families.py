"""Every clip with other models: a BERT with real weights, and small ones of other families; layout and truth."""

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from attention import UserError
from attention.settings import FRAMES, FrameName, Settings
from scenes.clips import CLIPS, Clip, film_clips, find_clip
from scenes.mobjects.token_chips import TokenChips
from scenes.output.preparing import prepare
from scenes.score_matrix import ScoreMatrix
from tests.attention.checkpoints import make, minilm
from tests.latin import pairs_meet
from tests.recomputed import recompute_layer
from tests.scenes.audit import audit, audit_rests
from tests.scenes.played import of, play
from tests.scenes.truth import assert_printed_as_known, assert_true

pytestmark = pytest.mark.apart

SENTENCE = "The cat sat on the mat because it was tired."
CHOICES: dict[str, dict[str, Any]] = {
    "minilm": {"layer": 2, "head": 3},
    "llama": {"layer": 1, "head": 1},
    "gpt2": {"layer": 0, "head": "mean"},
    "mpnet": {"layer": 1, "head": 0, "hide_special": True},
    "gemma2": {"layer": 0, "head": 1},  # soft cap, local window, own divisor, scaled rows, shared keys
    "olmo2": {"layer": 1, "head": 2},  # norms of all heads together
    "phi3": {"layer": 2, "head": 3},  # one matrix for all three, rotation of a part
    "smollm3": {"layer": 1, "head": 0},  # no positions
    "modernbert": {"layer": 1, "head": 1, "hide_special": True},  # a window to both sides
    "albert": {"layer": 2, "head": 0},  # layers that are one, rows that are mapped
    "bloom": {"layer": 0, "head": "mean"},  # ALiBi
    "t5": {"layer": 2, "head": 1},  # an encoder, a bias for distances, scores that are not scaled
}
GERMAN = "Die Katze saß auf der Matte, weil sie müde war."
EVERY = pytest.mark.parametrize("clip", film_clips(heads=2), ids=lambda clip: clip.scene)
DIFFER = (
    "Embeddings",
    "QueryKeyValue",
    "ScoreMatrix",
    "BroaderPicture",
    "PyTorchCode",
)  # say what a family does otherwise
TOLD = [
    (clip, kind)
    for clip in film_clips(heads=2)
    for kind in CHOICES
    if kind in ("minilm", "llama", "gpt2", "mpnet") or clip.scene in DIFFER
]


@pytest.fixture(scope="session")
def folder_of(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made: dict[str, Path] = {"minilm": minilm()}

    def find(kind: str) -> Path:
        if kind not in made:
            made[kind] = make(tmp_path_factory.mktemp(kind), kind)
        return made[kind]

    return find


@pytest.mark.parametrize(
    ("clip", "kind", "frame"),
    [
        *pairs_meet(film_clips(heads=2), ("minilm", "llama", "gemma2"), FRAMES),
        *(
            pytest.param(*case, marks=pytest.mark.full)
            for case in product(film_clips(heads=2), ("smollm3", "t5"), FRAMES)
        ),
    ],
    ids=lambda each: getattr(each, "scene", each),
)
def test_no_picture_at_rest_has_a_fault(clip: Clip, kind: str, frame: FrameName, folder_of: Any) -> None:
    choices = CHOICES[kind] | {"model": str(folder_of(kind)), "frame": frame}
    findings = audit_rests(clip.scene_class(), sentence=SENTENCE, **choices)
    assert not findings, "\n".join(map(str, findings))


@pytest.mark.full
@EVERY
@pytest.mark.parametrize("kind", CHOICES)
@pytest.mark.parametrize("frame", FRAMES)
def test_no_frame_has_a_fault(clip: Clip, kind: str, frame: FrameName, folder_of: Any) -> None:
    choices = CHOICES[kind] | {"model": str(folder_of(kind)), "frame": frame}
    findings = audit(clip.scene_class(), sentence=SENTENCE, **choices)
    assert not findings, "\n".join(map(str, findings))


@pytest.mark.parametrize(("clip", "kind"), TOLD, ids=lambda each: each if isinstance(each, str) else each.scene)
def test_every_number_is_true(clip: Clip, kind: str, folder_of: Any) -> None:
    choices = CHOICES[kind] | {"model": str(folder_of(kind))}
    scene, mobjects = play(clip.scene_class(), sentence="The cats sat on the mat.", **choices)
    others = {name: recompute_layer(other) for name, other in getattr(scene, "other_traces", {}).items()}
    assert assert_true(mobjects, recompute_layer(scene.trace), others) >= len(scene.trace)
    assert_printed_as_known(mobjects)


@pytest.mark.parametrize(
    ("field", "kind", "name"),
    [
        ("projected_queries", "llama", "QueryKeyValue"),
        ("position_bias", "mpnet", "ScoreMatrix"),
        ("capped_scores", "gemma2", "ScoreMatrix"),
    ],
)
def test_the_check_notices_one_changed_number(field: str, kind: str, name: str, folder_of: Any) -> None:
    clip = find_clip(name)
    choices = CHOICES[kind] | {"model": str(folder_of(kind))}
    scene, mobjects = play(clip.scene_class(), sentence="The cats sat.", **choices)
    numbers = recompute_layer(scene.trace)
    numbers[field] = numbers[field] + 0.05
    with pytest.raises(AssertionError):
        assert_true(mobjects, numbers)


@pytest.mark.parametrize("name", ["ScoreMatrix", "BroaderPicture"])
@pytest.mark.parametrize("frame", FRAMES)
def test_a_bias_has_room(name: str, frame: FrameName, folder_of: Any) -> None:
    choices = CHOICES["bloom"] | {"model": str(folder_of("bloom")), "frame": frame}
    findings = audit(find_clip(name).scene_class(), sentence=SENTENCE, **choices)
    assert not findings, "\n".join(map(str, findings))


@pytest.mark.parametrize(("kind", "frame", "decoder"), pairs_meet(["t5", "bart"], FRAMES, [GERMAN, "Katze"]))
def test_another_texts_tokens_stand_beside_the_scores(
    kind: str, frame: FrameName, decoder: str, folder_of: Any
) -> None:
    findings = audit(ScoreMatrix, sentence=SENTENCE, decoder=decoder, model=str(folder_of(kind)), frame=frame)
    assert not findings, "\n".join(map(str, findings))


@pytest.mark.parametrize("kind", ["t5", "bart"])
def test_every_number_between_two_texts_is_true(kind: str, folder_of: Any) -> None:
    choices = {"model": str(folder_of(kind)), "layer": 1, "head": 1}
    scene, mobjects = play(ScoreMatrix, sentence="The cats sat.", decoder="Die Katzen saßen da.", **choices)
    assert scene.trace.source is not None
    assert assert_true(mobjects, recompute_layer(scene.trace)) >= 2 * scene.trace.weights[0].size
    assert_printed_as_known(mobjects)
    chips = [set(chips.texts.labels) - {""} for chips in of(TokenChips, mobjects)]
    assert any(shown <= set(scene.trace.labels) for shown in chips)
    assert any(shown <= set(scene.trace.source.labels) for shown in chips)


@pytest.mark.parametrize("clip", [clip for clip in CLIPS if clip.scene != "ScoreMatrix"], ids=lambda clip: clip.scene)
def test_other_clips_draw_nothing_of_two_texts(clip: Clip, folder_of: Any) -> None:
    choices = Settings(sentence=SENTENCE, other="The cat is on a mat.", decoder=GERMAN, model=str(folder_of("t5")))
    with pytest.raises(UserError, match="take the clip ScoreMatrix") as refused:
        clip.scene_class()(settings=choices)
    assert clip.scene in str(refused.value)
    with pytest.raises(UserError, match="take the clip ScoreMatrix"):
        prepare([clip], choices)


def test_what_is_masked_has_no_number(folder_of: Any) -> None:
    scene, _ = play(ScoreMatrix, sentence="The cats sat.", **CHOICES["llama"], model=str(folder_of("llama")))
    assert np.isnan(scene.all.weights.values[np.triu_indices(len(scene.trace), 1)]).all()  # type: ignore[attr-defined]
