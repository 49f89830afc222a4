"""The house: each room imports only from the rooms below it, each clip has one home, and no two things one name."""

import ast
from collections import defaultdict
from collections.abc import Container, Iterator
from pathlib import Path

import pytest

from scenes.clips import CLIPS, Clip

REPOSITORY = Path(__file__).parents[1]
FILES = sorted([*REPOSITORY.glob("scenes/**/*.py"), *REPOSITORY.glob("attention/**/*.py")])
MODULES = {
    ".".join(file.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__"): file for file in FILES
}
FLOORS = (  # from the ground up; the rooms of one floor know nothing of each other
    {"attention"},
    {"words"},
    {"clips"},
    {"look"},
    {"drawing"},
    {"content"},
    {"places"},
    {"mobjects"},
    {"carrying", "captioned_scene"},
    {"explainer_scene"},
    {f"{clip.module}_parts" for clip in CLIPS},
    {clip.module for clip in CLIPS},
    {"output"},
    {"deck"},
    {"film", "notebook", "commands"},
    {"cli"},
    {"__main__"},
    {"scenes"},
)
SHARED = ("content", "places", "mobjects")


def _imports(module: str) -> Iterator[str]:
    """Yield the modules of ours that ``module`` names in an import, wherever in it."""
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module in MODULES:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in MODULES else node.module for name in inner)


IMPORTS = {module: set(_imports(module)) for module in MODULES}


def _room(module: str) -> str:
    return module.split(".")[1] if module.startswith("scenes.") else module.split(".")[0]


def _floor(module: str) -> int:
    (floor,) = (index for index, rooms in enumerate(FLOORS) if _room(module) in rooms)
    return floor


def _reached(module: str, through: Container[str]) -> set[str]:
    """Return what ``module`` imports, and what that imports, as far as it stands in the rooms ``through``."""
    found, front = set(), {module}
    while front:
        found |= front
        front = {name for each in front for name in IMPORTS[each] if _room(name) in through} - found
    return found


@pytest.mark.parametrize("module", MODULES)
def test_a_room_imports_only_from_below(module: str) -> None:
    upward = {name for name in IMPORTS[module] if _room(name) != _room(module) and _floor(name) >= _floor(module)}
    assert upward == set()


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.module)
def test_a_clip_has_one_home(clip: Clip) -> None:
    home = {clip.module, f"{clip.module}_parts"}
    users = {_room(name) for name in MODULES if any(_room(each) in home for each in IMPORTS[name])}
    assert users <= home, "deleting its file, folder and row would break these"


def test_what_is_shared_is_used_by_more_than_one() -> None:
    users = defaultdict(set)
    for module in MODULES:
        if _room(module) not in SHARED:
            for name in _reached(module, SHARED):
                users[name].add(_room(module).removesuffix("_parts"))
    shared = [module for module in MODULES if _room(module) in SHARED and module.count(".") == 2]
    assert len(shared) > 20
    assert [name for name in shared if len(users[name]) < 2 and "explainer_scene" not in users[name]] == []


def test_two_things_never_have_one_name() -> None:
    defined = defaultdict(set)
    for module, file in MODULES.items():
        if module.startswith("scenes.") and _room(module) != "commands":
            for node in ast.parse(file.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                    defined[node.name].add(module)
    assert {name: modules for name, modules in defined.items() if len(modules) > 1} == {}
