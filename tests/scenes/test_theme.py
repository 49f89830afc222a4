import numpy as np
import pytest

from attention.settings import THEMES as NAMES
from attention.settings import ThemeName
from scenes.look import theme as colors
from scenes.look.theme import THEMES, contrast, probability_scale, signed_scale


@pytest.mark.parametrize("name", NAMES)
def test_text_can_be_read(name: ThemeName) -> None:
    theme = THEMES[name]
    assert contrast(theme.text, theme.background) >= 4.5
    assert contrast(theme.quiet, theme.background) >= 4.5
    assert contrast(theme.text, theme.surface) >= 4.5
    for hue in colors.Hue:
        assert contrast(theme.ink(hue), theme.background) >= 4.5


@pytest.mark.parametrize("name", NAMES)
def test_scales_begin_at_zero_and_reach_the_tensors_color(name: ThemeName) -> None:
    theme = THEMES[name]
    signed, query = signed_scale(colors.QUERY, np.array([-2.0, 1.0]), theme), theme.color(colors.QUERY)
    np.testing.assert_allclose(signed(np.array([0.0, 2.0, -2.0])), [theme.zero, query, query])
    shares = probability_scale(colors.WEIGHT, theme)
    np.testing.assert_allclose(shares(np.array([0.0, 0.3])), [theme.zero, theme.color(colors.WEIGHT)])
    assert contrast(tuple(shares(np.array([1.0]))[0]), theme.zero) > contrast(theme.color(colors.WEIGHT), theme.zero)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("share", "other"), [(0.27, 0.04), (0.7, 0.27)])
def test_a_large_weight_is_told_from_a_middle_one(name: ThemeName, share: float, other: float) -> None:
    one, another = probability_scale(colors.WEIGHT, THEMES[name])(np.array([share, other]))
    assert contrast(tuple(one), tuple(another)) >= 1.5


@pytest.mark.parametrize("name", NAMES)
def test_a_small_weight_is_told_from_none(name: ThemeName) -> None:
    theme = THEMES[name]
    small, none = probability_scale(colors.WEIGHT, theme)(np.array([0.02, 0.0]))
    assert contrast(tuple(small), tuple(none)) >= 1.5
