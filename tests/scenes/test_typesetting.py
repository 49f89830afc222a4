"""Formulas that are kept: only those that are whole."""

from pathlib import Path

import pytest
from manim import config, tempconfig

from attention import cache
from scenes.drawing.typesetting import typeset


def test_what_lies_in_manims_own_cache_of_formulas_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "user_cache_path", lambda name: tmp_path / "cache" / name)
    with tempconfig({"media_dir": str(tmp_path / "media")}):
        whole = typeset.__wrapped__("x + @1(y)")
        for kept in [*(tmp_path / "cache").rglob("formulas/*"), *Path(config.get_dir("tex_dir")).glob("*.svg")]:
            kept.write_bytes(kept.read_bytes()[:100])
        again = typeset.__wrapped__("x + @1(y)")
    assert (again.width, again.height, len(again.terms)) == (whole.width, whole.height, 2)
    assert list(again.terms[1][0]) == list(whole.terms[1][0])
    assert not list((tmp_path / "media").rglob("*.svg"))
