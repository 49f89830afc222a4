"""What is kept for the next time: believed only if it is whole and this very thing, and never a reason to stop."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from attention import AttentionTrace, trace
from attention import cache as cache_module
from attention.attention_trace import OF_THE_LAYER
from attention.cache import Kept, cache_folder, clear, source_digest, usage
from attention.model_folder import ModelFolder
from attention.packing import unpack
from attention.surveying import survey
from tests.attention.checkpoints import make

WORDS: Kept[str] = Kept("words", str.encode, bytes.decode)


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cache_module, "user_cache_path", lambda name: tmp_path / "cache" / name)
    return cache_folder()


def entries(kind: str = "*") -> list[Path]:
    return sorted(file for file in cache_folder().glob(f"{kind}/*"))


def never() -> str:
    raise AssertionError


def test_what_is_kept_is_not_made_again() -> None:
    assert WORDS.load_or_make(["one"], lambda: "made") == "made"
    assert WORDS.load_or_make(["one"], never) == "made"
    assert WORDS.load_or_make(["two"], lambda: "other") == "other"


@pytest.mark.parametrize("damage", [b"", b"null", b"[" * 100_000, b"\0" * 40, "cut", "flipped", "swapped"])
def test_what_is_damaged_is_made_again(damage: bytes | str) -> None:
    WORDS.load_or_make(["one"], lambda: "made")
    (file,) = entries()
    whole = file.read_bytes()
    WORDS.load_or_make(["two"], lambda: "other")
    (other,) = set(entries()) - {file}
    named = {"cut": whole[:-1], "flipped": whole[:-1] + b"D", "swapped": other.read_bytes()}
    file.write_bytes(named[damage] if isinstance(damage, str) else damage)
    assert WORDS.load_or_make(["one"], lambda: "again") == "again"
    assert WORDS.load_or_make(["one"], never) == "again"


def test_what_is_whole_but_cannot_be_read_is_made_again() -> None:
    Kept("words", bytes, bytes).load_or_make(["one"], lambda: b"\xff")
    assert WORDS.load_or_make(["one"], lambda: "again") == "again"


def test_traces_and_surveys_that_were_tampered_with_are_made_again() -> None:
    first, shares = trace("The cat sat."), survey("The cat sat.").shares
    trace("Another one of them.")
    kept = entries()
    assert {file.parent.name for file in kept} == {"traces", "layers", "heads", "surveys"}
    for file in kept:
        content = bytearray(file.read_bytes())
        content[-40:] = np.full(10, np.nan, dtype=np.float32).tobytes()
        file.write_bytes(content)
    np.testing.assert_array_equal(trace("The cat sat.").output, first.output)
    np.testing.assert_array_equal(survey("The cat sat.").shares, shares)
    one, other = entries("traces")
    one.write_bytes(other.read_bytes())
    assert trace("The cat sat.").tokens == first.tokens
    assert trace("Another one of them.").labels[0] == "Another"


def test_weights_are_kept_once_for_all_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = str(make(tmp_path / "qwen3", "qwen3"))
    made = [trace(f"The {word} sat.", folder) for word in ("cat", "king", "dog")]
    assert (len(entries("layers")), len(entries("traces"))) == (1, 3)
    sizes = {file.parent.name: file.stat().st_size for file in entries()}
    assert sizes["layers"] > made[0].w_query.nbytes + made[0].w_key.nbytes + made[0].w_value.nbytes
    assert not set(OF_THE_LAYER) & set(unpack(entries("traces")[0].read_bytes()[32:], "traces"))
    trace("The cat sat.", folder, 1)
    assert len(entries("layers")) == 2
    monkeypatch.setattr("attention.pretrained.checkpoint.Checkpoint.trace", None)
    again = trace("The king sat.", folder)
    for name in (*OF_THE_LAYER, "weights", "left_out", "position_vectors"):
        np.testing.assert_array_equal(getattr(again, name), getattr(made[1], name), err_msg=name)
    again.save(tmp_path / "own.safetensors")
    np.testing.assert_array_equal(AttentionTrace.load(tmp_path / "own.safetensors").w_query, made[1].w_query)


def test_each_source_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "attention"
    (source / "deep").mkdir(parents=True)
    monkeypatch.setattr(cache_module, "__file__", str(source / "cache.py"))
    seen = set()
    for name in ("cache.py", "surveying.py", "heads.py", "deep/layer.py"):
        (source / name).write_text("1")
        seen.add(source_digest.__wrapped__())
    (source / "heads.py").write_text("2")
    seen.add(source_digest.__wrapped__())
    monkeypatch.setattr(cache_module, "version", lambda _: "99")
    seen.add(source_digest.__wrapped__())
    assert len(seen) == 6


def test_what_was_not_used_for_longest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "LIMIT", 300)
    for age, name in enumerate("abc"):
        WORDS.load_or_make([name], lambda: "x" * 60)  # 92 bytes each
        newest = max(set(entries()), key=lambda file: file.stat().st_mtime_ns)
        os.utime(newest, (age + 1, age + 1))
    WORDS.load_or_make(["a"], never)  # used now
    WORDS.load_or_make(["d"], lambda: "x" * 60)
    assert usage()["words"] == (3, 276)
    for kept in "acd":
        WORDS.load_or_make([kept], never)
    WORDS.load_or_make(["larger than it all"], lambda: "x" * 200)
    assert usage()["words"] == (3, 276)


def break_as_file(folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.touch()


def break_kind(folder: Path) -> None:
    folder.mkdir(parents=True)
    for kind in ("traces", "layers", "heads", "surveys"):
        (folder / kind).write_text("no folder")


def break_entries(_: Path) -> None:
    trace("Nowhere to keep it.")
    for file in entries():
        file.unlink()
        file.mkdir()


@pytest.mark.parametrize("damage", [break_as_file, break_kind, break_entries])
def test_an_odd_cache_stops_nothing(empty_cache: Path, damage: Callable[[Path], None]) -> None:
    damage(empty_cache)
    assert len(trace("Nowhere to keep it.")) == 5
    assert survey("Hi").names.tolist() == [["itself"]]
    usage()
    clear()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_the_cache_is_not_waited_for() -> None:
    WORDS.load_or_make(["one"], lambda: "made")
    (file,) = entries()
    file.unlink()
    os.mkfifo(file)
    assert WORDS.load_or_make(["one"], lambda: "again") == "again"
    assert file.is_file()


def test_all_of_it_can_be_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    trace("The cat sat.")
    assert set(usage()) == {"traces", "layers"}
    clear()
    assert not usage()
    monkeypatch.setattr(ModelFolder, "trace", never)
    with pytest.raises(TypeError):
        trace("The cat sat.")
