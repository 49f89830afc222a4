import numpy as np
import pytest
from manim import tempconfig

from scenes.drawing.camera import DrawingCamera
from scenes.look.theme import KEY, QUERY, SCORE, THEMES
from scenes.mobjects.formula import Formula
from scenes.mobjects.formula_terms import FormulaTerms
from scenes.mobjects.tensor_name import TensorName, shape_parts
from tests.scenes.played import QUIET

DARK = THEMES["dark"]


def drawn(*mobjects: object) -> np.ndarray:
    with tempconfig({**QUIET, "pixel_width": 320, "pixel_height": 180}):
        camera = DrawingCamera(background_color="#000000")
        camera.capture_mobjects(mobjects)  # type: ignore[arg-type]
        return camera.pixel_array.copy()


def formula() -> FormulaTerms:
    return FormulaTerms("@1(Q) @2(K^top) / @3(sqrt(d_k))", [DARK.text, *map(DARK.color, (QUERY, KEY, SCORE))], 2.0)


def test_it_is_set_as_a_formula_without_terms_is() -> None:
    plain = Formula("Q K^top / sqrt(d_k)", DARK.text, 2.0)
    assert formula().width == pytest.approx(plain.width, rel=0.03)
    assert formula().height == pytest.approx(plain.height, rel=0.03)


def test_a_term_lights_alone_and_nothing_moves() -> None:
    terms = formula()
    terms.lit[:] = 0
    dark = drawn(terms)
    terms.lit[1] = 1
    lit = drawn(terms)
    changed = np.argwhere((lit != dark).any(axis=-1))
    assert 0 < changed[:, 1].max() - changed[:, 1].min() < 0.4 * terms.width / (128 / 9) * 320
    assert (lit.any(axis=-1) == dark.any(axis=-1)).all()


def test_each_term_has_its_color() -> None:
    pixels = drawn(formula()).reshape(-1, 4)[:, :3].astype(int)
    for color in map(DARK.color, (QUERY, KEY, SCORE)):
        assert (np.abs(pixels - np.round(np.array(color) * 255)).max(axis=1) < 3).any()
    rule = (np.abs(pixels - np.round(np.array(DARK.text) * 255)).max(axis=1) < 3).sum()
    assert 0 < rule < 320  # the fraction's rule alone is in no term


@pytest.mark.parametrize("stacked", [False, True])
def test_a_name_keeps_its_parts_apart(stacked: bool) -> None:
    line = shape_parts("w_query[0]", (64, 32), DARK.quiet)
    symbol, shape = TensorName("W_Q", line, QUERY, (0.4, 0.2), DARK, stacked=stacked).parts
    if stacked:
        assert shape.get_top()[1] < symbol.get_bottom()[1]
    else:
        assert shape.get_left()[0] > symbol.get_right()[0]
    assert [fact.source for fact in shape.facts()] == ["w_query[0].shape[0]", "w_query[0].shape[1]"]


def test_a_name_may_be_its_symbol_alone() -> None:
    assert len(TensorName("W_Q", [], QUERY, (0.4, 0.2), DARK).parts) == 1
