"""A theme of one's own: what is left out suits what is there, faults are told, and clips are as clear as in ours."""

import io
import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from attention import UserError
from attention.own_theme import OwnTheme
from attention.settings import FrameName, Settings
from scenes.cli import main
from scenes.clips import Clip, film_clips, find_clip
from scenes.drawing.outlines import outline
from scenes.look import fonts
from scenes.look.color_vision import SIGHTS, distance
from scenes.look.own_theme import LEAST_DISTANCE, faults, read_theme
from scenes.look.theme import HUES, QUERY, THEMES, WEIGHT, Hue, contrast, rgb
from scenes.mobjects.logo import Logo
from scenes.output.stills import write_still
from tests.scenes.audit import audit, audit_rests
from tests.scenes.own_themes import COLORS, company
from tests.scenes.played import play
from tests.scenes.test_audit import SENTENCES


@pytest.mark.parametrize("background", ["#FFFFFF", "#FBF7F0", "#0B2545", "#003B2F", "#777777", "#FFD400", "#E6007E"])
def test_a_background_alone_makes_a_theme_that_can_be_read(background: str) -> None:
    theme = read_theme(OwnTheme(background=background))
    for text, ground in ((theme.text, theme.background), (theme.quiet, theme.background), (theme.text, theme.surface)):
        assert contrast(text, ground) >= 4.5 or theme.quiet == theme.text in (rgb("#000000"), rgb("#FFFFFF"))
    assert theme.hues == HUES


def test_what_is_chosen_stays_and_the_rest_is_as_in_the_base() -> None:
    assert read_theme(OwnTheme(base="light")) == THEMES["light"]
    assert read_theme(OwnTheme(query="#123456")).color(QUERY) == rgb("#123456")
    assert read_theme(OwnTheme(query="#123456")).background == THEMES["dark"].background
    assert read_theme(OwnTheme(base="transparent")).transparent
    own = read_theme(OwnTheme(**COLORS, surface="#EEEEEE", quiet="#555555", zero="#FFFFFF"))
    assert (own.surface, own.quiet, own.zero) == (rgb("#EEEEEE"), rgb("#555555"), rgb("#FFFFFF"))
    assert own.hues == {hue: rgb(COLORS[hue.value]) for hue in Hue}


def test_faults_are_told_with_their_figures() -> None:
    assert list(faults(read_theme(OwnTheme(**COLORS)))) == []
    assert [line for theme in THEMES.values() for line in faults(theme)] == []
    alike = {**COLORS, "key": "#D96208", "text": "#999999", "value": "#F5F0E0"}
    told = "\n".join(faults(read_theme(OwnTheme(**alike))))
    assert "text has a contrast of 2.7 with background, and needs 4.5" in told
    assert "value has a contrast of 1.1 with background, and needs 1.4" in told
    assert "key and score cannot be told apart with" in told


def test_red_and_green_are_alike_for_those_who_lack_a_cone() -> None:
    red, green = rgb("#D43F3A"), rgb("#7A8B1E")
    assert distance(red, green, "full colour vision") > 3 * LEAST_DISTANCE
    assert min(distance(red, green, sight) for sight in SIGHTS) < 2 * LEAST_DISTANCE
    assert distance(rgb("#000000"), rgb("#FFFFFF"), "full colour vision") == pytest.approx(100, abs=0.1)
    own = [rgb(COLORS[hue.value]) for hue in Hue]
    assert all(distance(*pair, sight) > LEAST_DISTANCE for pair in combinations(own, 2) for sight in SIGHTS)


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["attention", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(str(ended.value.code)), capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('background = "blue"', "theme.background: write a colour as #RRGGBB (got 'blue')"),
        ('backgrund = "#000000"', "theme.backgrund: "),
        ('corner = "middle"', "theme.corner: "),
        ('font = "Nosuch Sans"', "theme.font: no font 'Nosuch Sans' is installed"),
        ('mono = "JetBrain Mono"', "such as JetBrains Mono"),
        ('logo = "nowhere.png"', "theme.logo: there is no such file (got 'nowhere.png')"),
        ('logo = "text.png"', "theme.logo: text.png is no picture: give a PNG or an SVG"),
        ('logo = "text.svg"', "theme.logo: text.svg is no picture: give a PNG or an SVG"),
        ('logo = "cut.jpg"', "theme.logo: cut.jpg is no picture: give a PNG or an SVG"),
    ],
)
def test_a_wrong_line_is_told_in_one_line(
    line: str, says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("text.png", "text.svg"):
        Path(name).write_text("no picture")
    content = io.BytesIO()
    Image.effect_noise((90, 90), 90).save(content, "JPEG")
    Path("cut.jpg").write_bytes(content.getvalue()[:-400])
    Path("attention.toml").write_text(f"[theme]\n{line}\n")
    code, told = run(capsys, monkeypatch, "clip", "1", "Hi", "--format", "png")
    assert code == 2
    assert says in told
    assert told.count("\n") == 1
    assert not Path("renders").exists()


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
CIRCLE = '<circle cx="4" cy="4" r="3" fill="#fff"/>'


@pytest.mark.parametrize(
    "drawing",
    [
        f'{SVG} viewBox="0 0 9 9"><text>Hi</text></svg>',
        f'{SVG} width="0" height="0">{CIRCLE}</svg>',
        f'{SVG} viewBox="0 0 9 9"><g id="a"><use xlink:href="#a"/></g>{CIRCLE}</svg>',
    ],
    ids=["text", "no size", "uses itself"],
)
def test_a_drawing_that_is_none_is_told_in_one_line(drawing: str) -> None:
    Path("logo.svg").write_text(drawing)
    with pytest.raises(UserError, match=r"^logo\.svg .*give a PNG$"):
        Logo(Path("logo.svg"))


def test_the_command_line_wins_over_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    from attention.settings import read_settings

    Path("attention.toml").write_text('[theme]\nbackground = "#FBF7F0"\n')
    assert read_settings().own_theme == OwnTheme(background="#FBF7F0")
    assert read_settings(theme="light").theme == "light"
    monkeypatch.setenv("ATTENTION_THEME", "transparent")
    assert read_settings().transparent


def test_texts_are_set_in_the_families_that_are_chosen() -> None:
    inter = outline("Hamburg").width
    try:
        fonts.choose("JetBrains Mono", "Inter")
        assert outline("Hamburg").width != inter
    finally:
        fonts.choose(fonts.TEXT, fonts.MONO)
    assert outline("Hamburg").width == inter


@pytest.mark.parametrize("clip", film_clips(heads=1), ids=lambda clip: clip.scene)
def test_the_pictures_of_each_clip_are_clear(clip: Clip, tmp_path: Path) -> None:
    found = audit_rests(clip.scene_class(), theme=company(tmp_path))
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize(
    ("scene", "name", "frame", "chosen"),
    [
        ("Tokenization", "11 tokens", "16:9", {"corner": "top left"}),
        ("QueryKeyValue", "11 tokens", "16:9", {"corner": "top right"}),
        ("Communication", "24 tokens", "9:16", {"corner": "bottom right"}),
        ("ScoreMatrix", "11 tokens", "1:1", {"corner": "bottom left"}),
    ],
)
def test_no_frame_has_a_fault(scene: str, name: str, frame: FrameName, chosen: Any, tmp_path: Path) -> None:
    theme = company(tmp_path, **chosen)
    found = audit(find_clip(scene).scene_class(), sentence=SENTENCES[name], frame=frame, theme=theme)
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("form", ["svg", "png"])
def test_the_logo_is_sharp_in_its_corner(form: str, tmp_path: Path) -> None:
    theme = company(tmp_path)
    if form == "png":
        Image.new("RGB", (400, 200), "#D55E00").save(tmp_path / "logo.png")
        theme = theme.model_copy(update={"logo": tmp_path / "logo.png"})
    scene, _ = play(find_clip("DirectedGraph").scene_class(), sentence="Hi there.", theme=theme)
    assert [type(logo) for logo in scene.logos] == [Logo]
    still = write_still(scene, tmp_path / "still.png", "")
    with Image.open(still) as opened:
        picture = np.asarray(opened.convert("RGB")).astype(int)
    height, width = picture.shape[:2]
    orange = (np.abs(picture - [0xD5, 0x5E, 0x00]).max(axis=-1) <= 2)[: height // 9, -width // 6 :]
    rows = np.nonzero(orange)[0]
    assert orange.sum() > 0.0005 * width * height
    assert np.ptp(rows) == pytest.approx(0.06 * height, abs=3)
    assert rows.min() == pytest.approx(0.04 * height, abs=2)
    vectors = write_still(scene, tmp_path / "still.svg", "").read_text()
    assert ("<image" in vectors) == (form == "png")


def test_another_table_or_logo_is_another_theme(tmp_path: Path) -> None:
    theme = company(tmp_path)
    assert theme.digest == company(tmp_path).digest != company(tmp_path, corner="top left").digest
    first = theme.digest
    (tmp_path / "logo.svg").write_text("<svg/>")
    assert theme.digest != first


def test_a_logo_without_shapes_is_told(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>Hi</text></svg>')
    with pytest.raises(UserError, match="paths"):
        play(find_clip("DirectedGraph").scene_class(), theme=OwnTheme(logo=tmp_path / "logo.svg"))


def test_hues_follow_the_theme_in_a_clip(tmp_path: Path) -> None:
    scene, _ = play(find_clip("ScoreMatrix").scene_class(), sentence="Hi there.", theme=company(tmp_path))
    strongest = scene.all.weights.coloring(np.array([0.3]))[0]
    np.testing.assert_allclose(strongest, rgb(COLORS[WEIGHT.value]))
    assert Settings(theme=company(tmp_path)).own_theme
