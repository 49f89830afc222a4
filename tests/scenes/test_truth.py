"""What is on the screen is what an independent computation finds."""

from pathlib import Path

import numpy as np
import pytest

from attention.model_folder import find_model
from scenes.clips import Clip, film_clips, find_clip
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.mobjects.tensor import Tensor
from scenes.score_matrix import ScoreMatrix
from scenes.score_matrix_parts.bars import Bars
from scenes.tokenization import Tokenization
from scenes.tokenization_parts.model_box import ModelBox
from tests.recomputed import recompute, rewrite
from tests.scenes.played import of, play
from tests.scenes.truth import assert_printed_as_known, assert_true

pytestmark = pytest.mark.apart

ROWS = 16  # of a sentence's tokens, at least, that have a number, as do all those whose chips are shown
SENTENCES = [
    "Hi",
    "The king loved his daughter.",
    "The cat sat on the mat because it was tired.",
    "<b> & $x$ #let 🙂 Straße",
    "one two three four five six seven eight nine ten " * 4,
]


@pytest.mark.parametrize("clip", [*film_clips(heads=1), find_clip("Short")], ids=lambda clip: clip.scene)
@pytest.mark.parametrize(
    ("sentence", "causal"), [*((sentence, False) for sentence in SENTENCES), *((each, True) for each in SENTENCES[:3])]
)
def test_every_number_is_true(clip: Clip, sentence: str, causal: bool) -> None:
    scene, mobjects = play(clip.scene_class(), sentence=sentence, causal=causal)
    others = {
        name: recompute(other.sentence, causal=causal) for name, other in getattr(scene, "other_traces", {}).items()
    }
    numbers = recompute(scene.trace.sentence, causal=causal)
    shown = max(len(part.standing_chips()) for part in mobjects if isinstance(part, DrawnMobject))
    assert assert_true(mobjects, numbers, others) >= max(shown, min(len(scene.trace), ROWS))
    assert_printed_as_known(mobjects)


def test_what_a_causal_model_may_not_look_at_has_no_number() -> None:
    scene, mobjects = play(ScoreMatrix, sentence="The cat sat on the mat.", causal=True)
    (weights,) = (tensor for tensor in of(Tensor, mobjects) if tensor.field == "weights[0]")
    np.testing.assert_array_equal(np.isnan(weights.values), ~scene.trace.mask)


@pytest.mark.parametrize("changed", ["weights", "scores", "queries", "keys"])
def test_the_check_notices_one_changed_number(changed: str) -> None:
    scene, mobjects = play(ScoreMatrix, sentence="The king loved his daughter.")
    numbers = recompute(scene.trace.sentence)
    numbers[changed][2, 0] += 0.02
    with pytest.raises(AssertionError):
        assert_true(mobjects, numbers)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_bars_end_as_long_as_the_focus_rows_weights(sentence: str) -> None:
    scene, mobjects = play(ScoreMatrix, sentence=sentence)
    weights = recompute(scene.trace.sentence)["weights"][scene.query]
    (bars,) = of(Bars, mobjects)
    shown = scene.panel.slots[scene.panel.slots >= 0]
    np.testing.assert_allclose(bars.lengths[scene.panel.slots >= 0], weights[shown] / weights[shown].max(), atol=1e-4)
    assert scene.panel.total.facts()[-1].printed == 1


@pytest.mark.parametrize(("said", "shown"), [("2 texts", ["trained on 2 texts"]), (None, [])])
def test_what_the_film_says_of_training_is_what_the_models_file_says(
    tmp_path: Path, said: str | None, shown: list[str]
) -> None:
    folder = tmp_path / "my-model"
    folder.mkdir()
    for name in ("model.safetensors", "tokenizer.json"):
        (folder / name).write_bytes((find_model("tiny").path / name).read_bytes())
    rewrite(folder, lambda _, settings: settings.update(name="mine"))
    rewrite(folder, lambda _, settings: settings.update(trained_on=said) if said else settings.pop("trained_on"))
    scene, mobjects = play(Tokenization, sentence="The cat sat.", model=str(folder))
    assert scene.trace.model == "mine"
    (box,) = of(ModelBox, mobjects)
    assert " ".join(box.made) == " ".join(["mine", *shown])
