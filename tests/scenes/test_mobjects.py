import copy

import numpy as np
import pytest
from manim import FadeOut, tempconfig

from attention import trace
from scenes.drawing.camera import DrawingCamera
from scenes.drawing.change import Change, reading_order, row_order
from scenes.drawing.drawing_scene import DrawingScene
from scenes.drawing.fact import fitting_decimals, print_number
from scenes.drawing.outlines import outline
from scenes.drawing.text_fitting import break_lines, shorten
from scenes.look.theme import QUERY, THEMES, probability_scale, signed_scale
from scenes.mobjects.label import Caption, Label
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.token_chips import TokenChips
from scenes.places.chip_texts import ChipTexts
from tests.scenes.played import QUIET

DARK = THEMES["dark"]


def tensor(values: list[list[float]]) -> Tensor:
    array = np.array(values)
    return Tensor(array, signed_scale(QUERY, array, DARK))


def drawn(*mobjects: object) -> np.ndarray:
    with tempconfig({**QUIET, "pixel_width": 320, "pixel_height": 180}):
        camera = DrawingCamera(background_color="#000000")
        camera.capture_mobjects(mobjects)  # type: ignore[arg-type]
        return camera.pixel_array.copy()


def test_a_cell_has_its_values_color() -> None:
    picture = drawn(tensor([[4.0, 0.0], [2.0, -4.0]]).place(0, 0, 8, 8))
    corners = picture[8, 78], picture[8, 158 + 8], picture[90 + 8, 78], picture[90 + 8, 158 + 8]
    color = DARK.color(QUERY)
    expected = [color, DARK.zero, tuple(np.array(color) * (0.32 + 0.68 * 0.5**0.7)), color]
    for pixel, color in zip(corners, expected, strict=True):
        np.testing.assert_allclose(pixel[:3], np.array(color) * 255, atol=2)


def test_a_negative_cell_has_a_notch() -> None:
    picture = drawn(tensor([[4.0, -4.0]]).place(0, 0, 8, 4))
    solid, notched = picture[128, 153, :3], picture[128, 153 + 90, :3]
    np.testing.assert_allclose(solid, np.array(DARK.color(QUERY)) * 255, atol=2)
    np.testing.assert_allclose(notched, np.array(DARK.surface) * 255, atol=2)


def test_a_number_is_in_the_cell_and_left_out_where_it_would_be_too_small() -> None:
    big, small = tensor([[1.0]]).place(0, 0, 2, 2), tensor([[1.0]]).place(0, 0, 0.4, 0.2)
    assert big.number_size(*big.cell_size) > 0
    assert small.number_size(*small.cell_size) == 0
    assert len({tuple(pixel) for row in drawn(big) for pixel in row}) > len(
        {tuple(pixel) for row in drawn(small) for pixel in row}
    )


def test_what_is_not_shown_is_not_drawn() -> None:
    hidden = tensor([[1.0, 2.0]]).place(0, 0, 4, 2)
    hidden.shown[:] = 0
    assert (drawn(hidden) == drawn()).all()
    hidden.shown[0, 1] = 1
    difference = np.argwhere((drawn(hidden) != drawn()).any(axis=-1))
    assert difference[:, 1].min() >= 159  # the right cell alone


def test_change_moves_arrays_and_copies_nothing() -> None:
    moved = tensor([[1.0, 2.0], [3.0, 4.0]])
    moved.shown[:] = 0
    change = Change(moved, shown=1, order=reading_order(2, 2), overlap=0.25)
    change.begin()
    change.interpolate(0.5)
    assert moved.shown[0, 0] == 1
    assert moved.shown[1, 1] == 0
    change.finish()
    assert (moved.shown == 1).all()
    assert change.get_all_mobjects() == (moved,)


def test_orders_run_from_zero_to_one() -> None:
    assert reading_order(1, 1).tolist() == [[0]]
    assert row_order(3, 2).tolist() == [[0, 0], [0.5, 0.5], [1, 1]]


def test_manims_own_animations_work_on_it() -> None:
    class Stock(DrawingScene):
        def construct(self) -> None:
            self.add(part := tensor([[1.0, 2.0]]))
            self.play(part.animate.shift([1, 0, 0]).set_opacity(0.5))
            self.place, self.part_opacity = part.get_center(), part.opacity
            self.play(FadeOut(part))

    with tempconfig({**QUIET, "dry_run": True, "pixel_width": 64, "pixel_height": 36, "frame_rate": 5}):
        scene = Stock()
        scene.render()
    np.testing.assert_allclose(scene.place, [1, 0, 0])
    assert scene.part_opacity == pytest.approx(0.5)
    assert scene.mobjects == []


def test_a_copy_is_independent() -> None:
    first = tensor([[1.0]])
    second = copy.deepcopy(first)
    second.shown[:] = 0
    assert first.shown[0, 0] == 1


def test_numbers_are_printed_for_people() -> None:
    assert print_number(-0.125, 2) == "−0.12"
    assert print_number(-0.001, 2) == "0.00"
    assert print_number(float("nan"), 2) == ""
    assert [fitting_decimals(np.array([largest])) for largest in (9.99, 9.996, 99.9, 99.96, 1e6)] == [2, 1, 1, 0, 0]


def test_masked_cells_have_no_number() -> None:
    masked = Tensor(np.array([[0.5, np.nan]]), probability_scale(QUERY, DARK))
    assert masked.texts == [["0.50", ""]]


@pytest.mark.parametrize("text", ["<b>bold</b>", "a & b", "$x$ #let \\alpha", "مرحبا", "%s {0}"])
def test_text_is_never_markup(text: str) -> None:
    assert outline(text).width > 0
    assert outline(text.replace("b", "h")).width == pytest.approx(outline(text).width, rel=0.05)


def test_a_missing_glyph_is_noticed() -> None:
    assert outline("\U0010fffd").missing
    assert not outline("plain").missing


def test_labels_beside_each_other_share_their_baseline() -> None:
    tall, low = Label("bdl", DARK.text, 0.5), Label("gpq", DARK.text, 0.5)
    assert tall.height == low.height
    picture_tall, picture_low = (np.argwhere(drawn(label)[..., :3].any(axis=-1))[:, 0] for label in (tall, low))
    assert picture_tall.max() < picture_low.max()  # the one stands on the line, the other hangs below it


def test_captions_break_between_words() -> None:
    text = "one two three four five"
    lines = break_lines(text, 6)
    assert len(lines) > 1
    assert " ".join(lines) == text
    assert Caption(text, DARK.text, 0.3, 1.8).height == pytest.approx(0.3 * 1.3 * len(lines))


def test_long_text_is_cut_with_an_ellipsis() -> None:
    cut = shorten("w" * 300, 9)
    assert cut.endswith("…")
    assert outline(cut).width <= 9
    assert shorten("short", 9) == "short"


def test_chips_say_what_the_text_says() -> None:
    traced = trace("Unbelievably <b>🙂")
    texts = ChipTexts.of(traced, np.arange(len(traced)))
    assert texts.labels == traced.labels
    assert texts.unknown.tolist() == traced.unknown.tolist()
    chips = TokenChips(texts, "row", 0.3, DARK).place(0, 0, 10, 0.5)
    dimmed = chips.copy()
    dimmed.lit = np.zeros(len(traced))
    assert drawn(chips)[..., :3].max() > drawn(dimmed)[..., :3].max()
