"""A class's source, read from its file without importing it: lines to show, and what each statement assigns."""

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent

from attention import UserError


@dataclass(frozen=True)
class Statement:
    """One statement of a method, or its signature.

    Parameters
    ----------
    lines
        Which lines of the class it takes.
    name
        The variable or attribute that it assigns, "" if it does not assign one.
    note
        The comment at its end.
    factors
        The two sides of its product of matrices, such as ``("x", "self.w_query")``, if each is a name.
    """

    lines: range
    name: str
    note: str
    factors: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClassSource:
    """What a class says.

    Parameters
    ----------
    lines
        Its lines, without docstrings and the comments at their ends.
    methods
        Each method's statements in order, the signature first, docstrings left out.
    """

    lines: tuple[str, ...]
    methods: dict[str, tuple[Statement, ...]]

    def extent(self, method: str) -> range:
        """Return the lines of a method."""
        statements = self.methods[method]
        return range(statements[0].lines.start, statements[-1].lines.stop)

    def only(self, method: str) -> "ClassSource":
        """Return what one method says, as if it were indented by nothing."""
        extent = self.extent(method)
        lines = dedent("\n".join(self.lines[extent.start : extent.stop])).split("\n")
        statements = tuple(
            replace(step, lines=range(step.lines.start - extent.start, step.lines.stop - extent.start))
            for step in self.methods[method]
        )
        return ClassSource(tuple(lines), {method: statements})


def read_class(file: Path, name: str) -> ClassSource:
    """Return the source of class ``name`` in a Python file.

    Raises
    ------
    UserError
        If the file holds no such class.
    """
    source = file.read_text(encoding="utf-8")
    classes = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)}
    if name not in classes:
        raise UserError(f"{file}: has no class {name}: restore the file")
    node = classes[name]
    lines = source.splitlines()[node.lineno - 1 : node.end_lineno]
    notes = dict(_notes("\n".join(lines)))
    shown = [number for number in range(len(lines)) if number not in set(_described(node))]
    methods = {
        method.name: tuple(_statements(method, node.lineno, notes, shown))
        for method in node.body
        if isinstance(method, ast.FunctionDef)
    }
    return ClassSource(tuple(lines[k][: notes[k][0]].rstrip() if k in notes else lines[k] for k in shown), methods)


def file_of(module: str) -> Path:
    """Return the file of a module that need not be imported.

    Raises
    ------
    UserError
        If there is no such module, or it has no file.
    """
    try:
        spec = find_spec(module)
    except ModuleNotFoundError:  # a package around it
        spec = None
    if spec is None or spec.origin is None:
        raise UserError(f"the module {module} has no file: install the package again")
    return Path(spec.origin)


def _notes(source: str) -> Iterator[tuple[int, tuple[int, str]]]:
    """Yield the comments that stand after code: the line, from which column on, and what it says."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        row, column = token.start
        if token.type == tokenize.COMMENT and token.line[:column].strip():
            yield row - 1, (column, token.string.lstrip("# "))


def _described(node: ast.ClassDef) -> Iterator[int]:
    """Yield the lines of the class that docstrings take, and the empty ones after them."""
    parts: list[ast.ClassDef | ast.FunctionDef] = [node]
    parts += [part for part in node.body if isinstance(part, ast.FunctionDef)]
    for part in parts:
        if ast.get_docstring(part) is not None and len(part.body) > 1:
            yield from range(part.body[0].lineno - node.lineno, part.body[1].lineno - node.lineno)


def _statements(
    method: ast.FunctionDef, first: int, notes: dict[int, tuple[int, str]], shown: list[int]
) -> Iterator[Statement]:
    """Yield what a method says, by where its lines are among the ``shown`` ones."""

    def lines(start: int, stop: int) -> range:
        among = [place for place, number in enumerate(shown) if start <= number + first < stop]
        return range(among[0], among[-1] + 1)

    yield Statement(lines(method.lineno, method.body[0].lineno), "", "")
    for node in method.body:
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            end = node.end_lineno or node.lineno
            note = notes.get(end - first, (0, ""))[1]
            yield Statement(lines(node.lineno, end + 1), _assigned(node), note, _factors(node))


def _assigned(node: ast.stmt) -> str:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    for target in targets:
        if isinstance(target, ast.Name):
            return target.id
        if isinstance(target, ast.Attribute):
            return target.attr
    return ""


def _factors(node: ast.stmt) -> tuple[str, ...]:
    products = (part for part in ast.walk(node) if isinstance(part, ast.BinOp) and isinstance(part.op, ast.MatMult))
    for sides in ((part.left, part.right) for part in products):
        return (
            tuple(map(ast.unparse, sides)) if all(isinstance(side, ast.Name | ast.Attribute) for side in sides) else ()
        )
    return ()
