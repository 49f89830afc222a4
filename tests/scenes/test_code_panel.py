import sys
from pathlib import Path
from subprocess import run

import numpy as np
import pytest

from attention import UserError, trace
from scenes.look.theme import SCORE, THEMES, contrast
from scenes.places.layout import Region
from scenes.pytorch_code import PyTorchCode
from scenes.pytorch_code_parts.class_source import ClassSource, file_of, read_class
from scenes.pytorch_code_parts.code_panel import CodePanel
from scenes.pytorch_code_parts.code_variables import code_variables
from tests.scenes.played import of, play

WIDE = Region(-6, -3, 6, 3)
MODULE, CLASS = "attention.model", "SelfAttention"


def source() -> ClassSource:
    return read_class(file_of(MODULE), CLASS)


def panel(lines: tuple[str, ...], region: Region = WIDE, size: float = 0.2) -> CodePanel:
    return CodePanel(lines, region, size, THEMES["dark"], {"scores": SCORE})


def shown(code: CodePanel, line: int) -> str:
    return "".join(text for row in code.rows if row.line == line for _, text, _ in row.pieces)


@pytest.mark.parametrize("width", [12, 6, 4])
def test_every_line_of_the_class_is_shown_whole_and_inside(width: float) -> None:
    lines = source().lines
    code = panel(lines, Region(0, 0, width, 6))
    for number, line in enumerate(lines):
        assert shown(code, number) == "".join(line.split())
    assert max(column + len(text) for row in code.rows for column, text, _ in row.pieces) <= width / 0.2 / 0.6


def test_the_forward_pass_is_known_statement_by_statement() -> None:
    names = [step.name for step in source().methods["forward"]]
    assert [name for name in names if name in code_variables(trace("Hi"))] == [
        "queries", "keys", "values", "scores", "scaled", "weights", "output",
    ]  # fmt: skip
    forward = source().extent("forward")
    assert source().lines[forward.start].strip().startswith("def forward")
    assert source().lines[forward[-1]].strip().startswith("return ")


def test_products_of_names_are_known() -> None:
    steps = {step.name: step.factors for step in source().methods["forward"]}
    assert steps["queries"] == ("x", "self.w_query")
    assert steps["scores"] == ("queries", "keys.mT")
    assert steps["scaled"] == steps["weights"] == ()


def test_a_line_is_broken_where_that_is_asked_for() -> None:
    code = CodePanel(["weights = scaled.softmax(dim=-1)"], WIDE, 0.2, THEMES["dark"], {}, broken=[0])
    assert [len(code.rows), shown(code, 0)] == [2, "weights=scaled.softmax(dim=-1)"]


def test_comments_become_notes(tmp_path: Path) -> None:
    file = tmp_path / "changed.py"
    file.write_text('class A:\n    def forward(self, x):\n        y = "#" + x  # (n, 2)\n        return y\n')
    changed = read_class(file, "A")
    assert changed.lines == ("class A:", "    def forward(self, x):", '        y = "#" + x', "        return y")
    assert [(step.name, step.note) for step in changed.methods["forward"]] == [("", ""), ("y", "(n, 2)"), ("", "")]


def test_another_source_gives_another_clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = file_of(MODULE).read_text(encoding="utf-8")
    changed = tmp_path / "model.py"
    changed.write_text(text.replace("        keys = x @ self.w_key", "        keys = torch.einsum('nd,hdk->hnk', x)"))
    _, before = play(PyTorchCode, sentence="Hi")
    monkeypatch.setattr("scenes.pytorch_code.file_of", lambda _: changed)
    _, after = play(PyTorchCode, sentence="Hi")
    (old,), (new,) = of(CodePanel, before), of(CodePanel, after)
    assert "einsum" not in str(old.rows)
    assert "einsum" in str(new.rows)


def test_a_missing_module_is_an_error_in_one_line() -> None:
    with pytest.raises(UserError, match=r"nowhere\.model has no file"):
        file_of("nowhere.model")


def test_a_missing_class_is_an_error_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "empty.py"
    file.write_text("")
    with pytest.raises(UserError, match="no class SelfAttention"):
        read_class(file, CLASS)


@pytest.mark.parametrize(("module", "name"), [(MODULE, CLASS), ("attention.pretrained.layer", "MultiHeadAttention")])
def test_reading_the_source_imports_no_torch(module: str, name: str) -> None:
    code = f"import sys, scenes.pytorch_code as p; p.read_class(p.file_of({module!r}), {name!r})"
    code += "; sys.exit('torch' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0


def test_scrolling_brings_a_line_inside() -> None:
    lines = source().lines
    code = panel(lines, Region(0, 0, 12, 2))
    everything = range(len(lines))
    for line in everything:
        code.scroll = code.scroll_to(range(line, line + 1), everything)
        if len(code.rows_of(range(line, line + 1))) <= code.room:
            region = code.region(range(line, line + 1))
            assert 0 <= region.bottom < region.top <= 2


@pytest.mark.parametrize("theme", THEMES.values())
def test_words_can_be_read_on_the_bar(theme: object) -> None:
    inks = {name: own.color for name, own in code_variables(trace("Hi")).items()}
    code = CodePanel(source().lines, WIDE, 0.2, theme, inks)  # type: ignore[arg-type]
    colors = {color for row in code.rows for _, _, color in row.pieces}
    assert len(colors) > 6
    assert min(contrast(color, code.theme.surface) for color in colors) >= 4.4


def test_a_dimmed_line_is_darker() -> None:
    from tests.scenes.test_mobjects import drawn

    bright, dim = panel(("scores = 1",)), panel(("scores = 1",))
    dim.lit = np.zeros(1)
    assert drawn(bright)[..., :3].astype(int).sum() > drawn(dim)[..., :3].astype(int).sum()
