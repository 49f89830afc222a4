"""What drawing relies on in Manim's insides is there, and nothing else is relied on."""

import ast
import inspect
import re
from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from pathlib import Path

import manim
import pytest
from manim import Animation, SceneFileWriter
from manim._config.video_encoder import VideoEncoderSpec
from manim.scene.video_segment_encoder import VideoSegmentEncoder

import scenes
from scenes.drawing import manim_insides

DOOR = Path(manim_insides.__file__)


@pytest.fixture
def encoder() -> VideoSegmentEncoder:
    spec = VideoEncoderSpec("mp4", "libx264", "yuv420p", 16, 16, Fraction(5), ())
    return VideoSegmentEncoder(target=Path("segment.mp4"), spec=spec)


@pytest.mark.parametrize(
    ("owner", "method", "parameters"),
    [
        (VideoSegmentEncoder, "__init__", ["self", "target", "spec"]),
        (VideoSegmentEncoder, "_validate_frame", ["self", "pixels", "repeat"]),
        (VideoSegmentEncoder, "_operation_error", ["self", "operation", "error"]),
        (SceneFileWriter, "_create_segment_encoder", ["self", "target"]),
        (SceneFileWriter, "_concat_manifest_bytes", ["input_files"]),
    ],
)
def test_a_hidden_method_takes_what_it_took(owner: type, method: str, parameters: list[str]) -> None:
    assert list(inspect.signature(getattr(owner, method)).parameters) == parameters


@pytest.mark.parametrize(
    ("name", "value"), [("_next_pts", "0"), ("_container", "OutputContainer"), ("_stream", "VideoS")]
)
def test_an_encoder_keeps_what_it_kept(encoder: VideoSegmentEncoder, name: str, value: str) -> None:
    assert value in repr(getattr(encoder, name))
    encoder.abort()


@pytest.mark.parametrize(
    ("method", "calls"),
    [("open_partial_movie_stream", "_create_segment_encoder"), ("combine_files", "_concat_manifest_bytes")],
)
def test_a_writer_calls_what_is_replaced(method: str, calls: str) -> None:
    assert f"self.{calls}(" in inspect.getsource(getattr(SceneFileWriter, method))


def test_an_animation_adds_its_mobject_before_it_begins() -> None:
    assert list(inspect.signature(Animation._setup_scene).parameters) == ["self", "scene"]
    assert "scene.add(self.mobject)" in inspect.getsource(Animation._setup_scene)


def test_the_contract_names_all_that_the_door_uses() -> None:
    named = {"_validate_frame", "_operation_error", "_next_pts", "_container", "_stream"}
    named |= {"_create_segment_encoder", "_concat_manifest_bytes", "_setup_scene"}
    assert foreign_names(DOOR) == named


def test_there_is_one_door() -> None:
    modules = [file for file in Path(scenes.__file__).parent.rglob("*.py") if file != DOOR]
    assert {file.name: names for file in modules if (names := foreign_names(file))} == {}
    assert [file.name for file in modules if "manim._" in file.read_text(encoding="utf-8")] == []


def test_nothing_reaches_into_anything_else_of_manims() -> None:
    modules = [file for file in Path(scenes.__file__).parent.rglob("*.py") if file != DOOR]
    reached = {file.name: reached_into(file) for file in modules if imports_manim(file)}
    assert len(reached) > 20
    assert {name: names for name, names in reached.items() if names} == {}


def imports_manim(file: Path) -> bool:
    return re.search(r"^(from|import) manim\b", file.read_text(encoding="utf-8"), re.MULTILINE) is not None


def reached_into(file: Path) -> set[str]:
    """Return the private names that ``file`` looks up on something other than itself."""
    return {
        ast.unparse(node)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__")
        if not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"))
    }


def foreign_names(file: Path) -> set[str]:
    """Return the private names of Manim's scene, renderer, camera and writers that ``file`` uses or defines."""
    return private_names([file]) & manims_names()


@cache
def manims_names() -> set[str]:
    folder = Path(manim.__file__).parent
    return private_names(file for part in ("scene", "renderer", "camera") for file in (folder / part).glob("*.py"))


def private_names(files: Iterable[Path]) -> set[str]:
    names = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                names.add(node.attr)
            elif isinstance(node, ast.FunctionDef):
                names.add(node.name)
    return {name for name in names if name.startswith("_") and not name.startswith("__")}
