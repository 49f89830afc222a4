"""PyTorch in a process of its own, which imports it while this one reads what it is asked for and imports all else."""

import multiprocessing
import os
import pickle
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

T = TypeVar("T")

_NOT_SENT = pickle.PicklingError, AttributeError, TypeError  # what pickling raises
_SAFE_PATH = "PYTHONSAFEPATH"  # with it, Python imports nothing from the current folder

_begun: tuple[BaseProcess, "Connection[Any, Any]"] | None = None


def begin() -> None:
    """Start the process, which ends with this one at the latest."""
    global _begun
    spawning = multiprocessing.get_context("spawn")
    here, there = spawning.Pipe()
    process = spawning.Process(target=_serve, args=(there,), daemon=True)
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        process.start()
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before
    there.close()
    _begun = process, here


def end() -> None:
    """End the process, if it has been begun: nothing more is asked of it."""
    global _begun
    if _begun:
        process, here = _begun
        process.kill()
        process.join()
        here.close()
        _begun = None


def call(function: Callable[..., T], *arguments: Any) -> T:
    """Return what ``function``, which needs PyTorch, makes of ``arguments``: there if it has been begun, or here.

    Raises what ``function`` does.
    """
    if _begun:
        _, here = _begun
        try:
            here.send((function, arguments))
            done, result = here.recv()
        except (OSError, EOFError, *_NOT_SENT):  # it was ended from outside, or what goes there or back cannot be sent
            end()
        else:
            if done:
                return result  # type: ignore[no-any-return]
            raise result
    return function(*arguments)


def _serve(there: "Connection[Any, Any]") -> None:
    """Import PyTorch, then answer until nobody asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that asks
    from attention import forward  # noqa: F401

    try:
        while True:
            function, arguments = there.recv()
            there.send(_done(function, arguments))
    except (EOFError, OSError, *_NOT_SENT):
        return


def _done(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, function(*arguments)
    except Exception as error:
        return False, error
