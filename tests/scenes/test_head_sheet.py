"""The contact sheet of all heads, and the command that lists them."""

import io
import json
import re
from pathlib import Path

import cairo
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from attention import UserError, trace
from attention.head_weights import HeadWeights
from attention.heads import HeadShares
from attention.settings import FRAMES, FrameName, Settings
from attention.surveying import HeadSurvey, SharesOnSet, survey
from scenes.cli import app
from scenes.clips import find_clip
from scenes.drawing.cairo_context import true_order
from scenes.look.theme import THEMES, WEIGHT
from scenes.mobjects.head_maps import HeadMaps
from scenes.output.head_sheet import EM, lay_out, render_sheet, write_sheet
from scenes.output.manifest import Manifest
from scenes.places.layout import ASPECTS
from tests.attention.checkpoints import make

SENTENCE = "The cat sat on the mat."


def made_up(layers: int, count: int, tokens: int, causal: bool = False) -> HeadSurvey:
    """Return a survey of random weights."""
    mask = np.tri(tokens, dtype=bool) if causal else np.ones((tokens, tokens), dtype=bool)
    weights = np.random.default_rng(0).random((layers, count, tokens, tokens)) ** 3 * mask
    spans = np.array([[2 * k, 2 * k + 1] for k in range(tokens)])
    found = HeadWeights(
        sentence=" ".join("x" * tokens),
        model="made up",
        readings=("x",) * tokens,
        spans=spans,
        special=np.zeros(tokens, dtype=bool),
        left_out=(),
        weights=(weights / weights.sum(axis=-1, keepdims=True)).astype(np.float32),
        masks=np.broadcast_to(mask, (layers, tokens, tokens)),
    )
    shares = HeadShares(np.zeros((layers, count, 5)), np.zeros((layers, 5)), np.ones((layers, 5), dtype=np.int64))
    return HeadSurvey(found, SharesOnSet(shares, 40))


def cells_of(found: HeadSurvey, settings: Settings) -> tuple[HeadMaps, NDArray[np.float64]]:
    """Return the drawn matrices, and the colour in the middle of each cell, (heads, rows, columns, 3), 0 to 1."""
    (maps, *_), _ = lay_out(found, settings)
    assert isinstance(maps, HeadMaps)
    file = write_sheet(found, settings, Path("sheet.png"))
    picture = np.asarray(Image.open(file).convert("RGB")) / 255
    count = len(maps.slots)
    colors = np.empty((*maps.values.shape, 3))
    for index, place in enumerate(maps.grid.heads):
        region = maps.region(*place)
        steps = (np.arange(count) + 0.5) / count
        rows = (EM * (-region.top + steps * region.height)).astype(int)
        columns = (EM * (region.left + steps * region.width)).astype(int)
        colors[index] = picture[rows[:, None], columns]
    return maps, colors


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("frame", FRAMES)
def test_every_cell_has_its_weights_color(frame: FrameName, theme: str) -> None:
    found = made_up(3, 4, 9)
    maps, colors = cells_of(found, Settings(sentence="x", frame=frame, theme=theme))
    assert sorted(maps.grid.heads) == [(layer, head) for layer in range(3) for head in range(4)]
    zero, text = np.array(THEMES[theme].zero), np.array(THEMES[theme].text)
    for (layer, head), drawn in zip(maps.grid.heads, colors, strict=True):
        weights = found.weights.weights[layer, head][..., None]
        share = 0.45 * np.sqrt(np.minimum(50 * weights, 1)) + 0.55 * np.minimum(weights / 0.3, 1) ** 0.6
        expected = zero + share * (np.array(THEMES[theme].color(WEIGHT)) - zero)
        expected += 0.55 * (np.maximum(weights - 0.3, 0) / 0.7) ** 0.8 * (text - expected)
        np.testing.assert_allclose(drawn, expected, atol=0.006)


def test_what_is_masked_is_no_small_weight() -> None:
    maps, colors = cells_of(made_up(1, 2, 6, causal=True), Settings(sentence="x"))
    assert np.isnan(maps.values[:, 0, 1:]).all()
    np.testing.assert_allclose(colors[np.isnan(maps.values)], [THEMES["dark"].surface] * 30, atol=0.003)


def test_vector_pictures_have_cells_that_stay_sharp_when_enlarged() -> None:
    (maps, *_), _ = lay_out(made_up(2, 3, 5), Settings(sentence="x"))
    content = io.BytesIO()
    with cairo.SVGSurface(content, 2000, 1000) as surface, true_order():
        context = cairo.Context(surface)
        context.scale(10, -10)
        maps.draw(context)
    images = re.findall(r"<image [^>]*>", content.getvalue().decode())
    assert len(images) == 6
    assert all('width="40" height="40"' in image for image in images)


@pytest.mark.parametrize(
    ("layers", "count", "tokens"), [(1, 1, 1), (12, 12, 30), (32, 32, 5), (1, 64, 100), (48, 1, 3)]
)
@pytest.mark.parametrize("frame", FRAMES)
def test_it_is_as_large_as_it_must_be_and_has_the_frames_shape(
    layers: int, count: int, tokens: int, frame: FrameName
) -> None:
    parts, (width, height) = lay_out(made_up(layers, count, tokens), Settings(sentence="x", frame=frame))
    across, down = ASPECTS[frame]
    assert width / height == pytest.approx(across / down)
    assert min(width, height) * EM >= 960
    for part in parts:
        assert part.get_left()[0] >= 1.9
        assert part.get_right()[0] <= width - 1.9
        assert part.get_top()[1] <= -1.9
        assert part.get_bottom()[1] >= 1.9 - height
    maps = parts[0]
    assert isinstance(maps, HeadMaps)
    assert maps.grid.side * EM / len(maps.slots) >= 3  # pixels of a cell


def test_it_is_listed_in_the_sentences_folder() -> None:
    found = survey(SENTENCE)
    sheet = render_sheet(found, Settings(sentence=SENTENCE, theme="transparent"), Path("renders"))
    assert sheet == Path("renders/the-cat-sat-on-the-mat_transparent/heads.png")
    picture = Image.open(sheet)
    assert picture.mode == "RGBA"
    assert picture.getpixel((0, 0)) == (0, 0, 0, 0)
    assert picture.text["Description"] == SENTENCE  # type: ignore[attr-defined]
    (entry,) = Manifest.read(sheet.parent).files
    assert (entry.name, entry.kind, entry.clip) == ("heads.png", "sheet", find_clip("HeadGallery").name)
    assert (entry.width, entry.height) == picture.size
    assert 'src="heads.png"' in (sheet.parent / "index.html").read_text()


def test_a_sheet_that_cannot_be_written_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scenes.output.head_sheet.write_atomically", full)
    with pytest.raises(UserError, match="the disk is full"):
        render_sheet(survey("Hi"), Settings(sentence="Hi"), Path("renders"))


def test_the_command_tells_programs_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make(tmp_path / "model", "bert")
    app(["heads", SENTENCE, "--model", str(folder), "--json"], standalone_mode=False)
    told = json.loads(capsys.readouterr().out)
    found = survey(SENTENCE, str(folder))
    assert (told["layers"], told["heads_per_layer"], told["set_sentences"]) == (3, 4, 40)
    assert told["tokens"] == list(trace(SENTENCE, str(folder)).labels)
    assert [(each["layer"], each["head"]) for each in told["heads"]] == list(np.ndindex(3, 4))
    for each in told["heads"]:
        place = each["layer"], each["head"]
        assert each["does"] == found.names[place]
        on_sentence, on_set = found.shares[place].T.tolist()
        assert list(each["sentence"].values()) == [*on_sentence[:4], None]
        assert list(each["set"].values()) == on_set
    assert Path(told["sheet"]).is_file()


def test_the_command_prints_a_row_for_each_head(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    folder = make(tmp_path / "model", "gpt2")
    app(["heads", SENTENCE, "--model", str(folder)], standalone_mode=False)
    lines = capsys.readouterr().out.splitlines()
    rows = [line.split() for line in lines if line.strip()[:1].isdigit()]
    assert [row[:2] for row in rows] == [[str(layer), str(head)] for layer in range(3) for head in range(4)]
    found = survey(SENTENCE, str(folder))
    for row, name, shares in zip(rows, found.names.ravel(), found.shares.reshape(-1, 5, 2), strict=True):
        numbers = [*shares[:-1, 0], *shares[:, 1]]
        assert row[2:] == [str(name), *("·" if np.isnan(share) else f"{share:.2f}" for share in numbers)]
    assert re.fullmatch(r"renders/the-cat-sat-on-the-mat_model-\w{6}/heads\.png", lines[-1])
    assert max(map(len, lines)) <= 80
