"""The clip of all heads: its numbers, its layout, and that it shows as many as can be seen."""

import itertools
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from attention.settings import FRAMES, FrameName, Settings
from scenes.clips import find_clip
from scenes.content.habits import in_words
from scenes.head_gallery import HeadGallery
from scenes.mobjects.head_maps import HeadMaps
from scenes.output.formats import Output
from scenes.output.rendering import render_clips
from tests.attention.checkpoints import make, minilm, reported
from tests.recomputed import recompute
from tests.scenes.audit import audit_rests
from tests.scenes.played import of, play
from tests.scenes.truth import assert_printed_as_known, assert_true

REPOSITORY = Path(__file__).parents[2]
SHORT = "Dogs chase cats."
SENTENCES = {
    "1 token": "Hi",
    "11 tokens": "The cat sat on the mat because it was tired.",
    "24 tokens": (
        "When the small boat came back to the harbour one evening, all of the children ran down to meet it out there."
    ),
    "long word": "Pneumonoultramicroscopicsilicovolcanoconiosis kills.",
}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the model of one head, one with real weights, a causal one, and one with too many heads to be seen."""
    root = tmp_path_factory.mktemp("models")
    sizes = {"hidden_size": 64, "num_hidden_layers": 20, "num_attention_heads": 32, "max_position_embeddings": 99}
    return {
        "tiny": "tiny",
        "MiniLM": str(minilm()),
        "causal": str(make(root / "gpt2", "gpt2", n_positions=99)),
        "large": str(make(root / "large", "bert", **sizes)),
    }


def on_sentence(weights: NDArray[Any], special: NDArray[np.bool_], causal: bool) -> NDArray[np.float64]:
    """Return the shares (layers, heads, habits) of one sentence, in loops."""
    layers, heads, count, _ = weights.shape
    found = np.full((layers, heads, 5), np.nan)
    words = [token for token in range(count) if not special[token]]
    for place in np.ndindex(layers, heads):
        rows = weights[place]
        anchors = np.flatnonzero(special).tolist()
        kept: list[list[float]] = [
            [rows[token, token] for token in words],
            [rows[token, token - 1] for token in words if token - 1 in words],
            [rows[token, token + 1] for token in words if token + 1 in words and not causal],
            [sum(rows[token, a] for a in anchors or [0]) for token in words if anchors or token > 0],
        ]
        for habit, values in enumerate(kept):
            if values:
                found[*place, habit] = sum(values) / len(values)
    return found


def assert_true_of(weights: NDArray[Any], causal: bool = False, **choices: Any) -> HeadGallery:
    """Play the clip and compare all that it shows with the model's ``weights``, (layers, heads, n, n)."""
    scene, mobjects = play(HeadGallery, **choices)
    assert isinstance(scene, HeadGallery)
    survey = scene.survey
    here = on_sentence(weights, survey.weights.special, causal)
    numbers = {
        "all_weights": weights,
        "shares": np.stack([here, survey.on_set.shares.shares], axis=-1),
        "names": survey.names,
    }
    compared = assert_true(mobjects, numbers)
    assert_printed_as_known(mobjects)
    (maps,) = of(HeadMaps, mobjects)
    assert compared >= np.isfinite(maps.values).sum() + np.isfinite(scene.shares.values).sum()
    assert np.isnan(maps.values).any() == causal
    return scene


@pytest.mark.parametrize("sentence", ["Hi", SHORT, SENTENCES["11 tokens"]])
def test_every_number_is_true(sentence: str) -> None:
    assert_true_of(recompute(sentence)["weights"][None, None], sentence=sentence)


def test_every_number_is_true_of_a_causal_model(models: dict[str, str]) -> None:
    folder = Path(models["causal"])
    ids = play(HeadGallery, sentence=SHORT, model=str(folder))[0].trace.token_ids
    scene = assert_true_of(reported(folder, ids), True, sentence=SHORT, model=str(folder), layer=2, head=3)
    assert [label.parts[0][0] for label in scene.share_names[:5]][3] == "first token"


def test_every_number_is_true_of_real_weights() -> None:
    ids = play(HeadGallery, sentence=SHORT, model=str(minilm()))[0].trace.token_ids
    scene = assert_true_of(reported(minilm(), ids), sentence=SHORT, model=str(minilm()), layer=1, head=8)
    assert scene.title.parts[1][0] == "next"
    assert {habit: int(label.facts()[0].value) for habit, label in scene.legend.items()} == {
        "links": 2,
        "previous": 4,
        "next": 4,
        "separator": 31,
        "mixed": 31,
    }


def test_the_check_notices_another_heads_weights() -> None:
    weights = reported(minilm(), play(HeadGallery, sentence=SHORT, model=str(minilm()))[0].trace.token_ids)
    with pytest.raises(AssertionError):
        assert_true_of(weights[:, ::-1], sentence=SHORT, model=str(minilm()))


@pytest.mark.parametrize("model", ["tiny", "MiniLM", "causal", "large"])
@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("name", SENTENCES)
def test_no_picture_at_rest_has_a_fault(models: dict[str, str], model: str, frame: FrameName, name: str) -> None:
    findings = audit_rests(HeadGallery, sentence=SENTENCES[name], frame=frame, model=models[model])
    assert not findings, "\n".join(map(str, findings))


def test_all_heads_are_shown_where_they_can_be_seen_and_one_layers_otherwise(models: dict[str, str]) -> None:
    for frame in FRAMES:
        scene, _ = play(HeadGallery, sentence=SHORT, model=models["MiniLM"], frame=frame)
        assert len(scene.maps.grid.heads) == 72
        scene, _ = play(HeadGallery, sentence=SHORT, model=models["large"], frame=frame, layer=7, head=31)
        assert scene.maps.grid.heads == tuple((7, head) for head in range(32))
        assert scene.maps.grid.side * scene.frame.smallest_text > 0.39


def test_what_is_left_out_is_left_out_of_all(models: dict[str, str]) -> None:
    scene, _ = play(HeadGallery, sentence=SHORT, model=models["MiniLM"], hide_special=True)
    assert scene.maps.values.shape[-1] == len(scene.trace) == 4
    assert "[CLS]" not in scene.chips[0].texts.labels


def test_a_model_of_several_heads_in_one_layer_works_too(tmp_path: Path) -> None:
    model = str(make(tmp_path, "bert", num_hidden_layers=1, num_attention_heads=2))
    scene, _ = play(HeadGallery, sentence=SHORT, model=model, head=1)
    assert scene.maps.grid.heads == ((0, 0), (0, 1))


def test_captions_count_heads(models: dict[str, str]) -> None:
    survey = play(HeadGallery, sentence=SHORT, model=models["MiniLM"])[0].survey
    assert in_words(survey, "next", 1, 72) == "1 of 72 heads favours the next token"
    assert in_words(survey, "separator", 31, 72) == "31 of 72 heads favour separators"
    assert in_words(survey, "mixed", 12, 12) == "All 12 heads favour nothing in particular"
    assert in_words(survey, "links", 1, 1) == "The head favours words that grammar links"


@pytest.mark.slow
def test_the_clip_is_rendered_without_pytorch_and_rests_at_its_end(models: dict[str, str]) -> None:
    settings = Settings(sentence=SHORT, model=models["causal"], layer=1, head=2)
    (clip,) = render_clips(settings, Path("renders"), Output(quality="l", fps=5), 1, [find_clip("HeadGallery")])
    assert clip.match("renders/dogs-chase-cats_gpt2-*_layer-1_head-2_480p5/head-gallery.mp4")
    with av.open(str(clip)) as container:
        assert container.duration is not None
        assert 12 <= container.duration / av.time_base <= 35
        pictures = [frame.to_ndarray(format="rgb24").astype(int) for frame in container.decode(video=0)]
    changes = [np.abs(one - other).mean() for one, other in itertools.pairwise(pictures)]
    assert max(changes[-7:]) < 0.5  # between 8 frames: 1.5 s
    assert np.abs(pictures[-1] - pictures[0]).mean() > 3
    code = (
        "import sys; from attention.settings import Settings; from manim import config; config.dry_run = True\n"
        "from scenes.head_gallery import HeadGallery\n"
        f"HeadGallery(Settings.model_validate_json({settings.model_dump_json()!r}), skip_animations=True).render()\n"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


@pytest.mark.slow
def test_manim_alone_renders_it() -> None:
    manim = Path(sys.executable).parent / "manim"
    arguments = ["-pql", "--media_dir", str(Path.cwd() / "renders"), "scenes/head_gallery.py", "HeadGallery"]
    subprocess.run([manim, *arguments], cwd=REPOSITORY, env={**os.environ, "PATH": ""}, check=True, capture_output=True)
    assert Path("renders/videos/head_gallery/480p15/HeadGallery.mp4").stat().st_size > 50_000
