"""Callbacks around imports."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
from importlib.machinery import SourceFileLoader
from itertools import count
from typing import Callable

import pytest

from tfod_weights.runtime.import_hooks import after_import, before_import

calls: list[str] = []
_SOURCE = f"from {__name__} import calls\ncalls.append('executed')\n"
_numbers = count()


@pytest.fixture
def new_module(tmp_path, monkeypatch) -> Callable[[str], str]:
    """Write a module with a name that nobody has."""
    monkeypatch.syspath_prepend(str(tmp_path))
    calls.clear()

    def write(source: str = _SOURCE) -> str:
        name = f"hooked_{next(_numbers)}"
        (tmp_path / f"{name}.py").write_text(source)
        return name

    return write


def test_around_the_import_in_the_order_given(new_module) -> None:
    name = new_module()
    before_import(name, lambda: calls.append("before"))
    after_import(name, lambda module: calls.append(f"after {module.__name__}"))
    after_import(name, lambda module: calls.append("after that"))
    assert importlib.util.find_spec(name) and not calls  # finding is not importing
    importlib.import_module(name)
    assert calls == ["before", "executed", f"after {name}", "after that"]


def test_a_module_that_is_imported_already(new_module) -> None:
    name = new_module()
    module = importlib.import_module(name)
    before_import(name, lambda: calls.append("before"))
    after_import(name, lambda found: calls.append(f"after {found is module}"))
    assert calls == ["executed", "after True"]


def test_the_module_keeps_its_own_loader(new_module) -> None:
    name = new_module()
    after_import(name, lambda module: None)
    spec = importlib.util.find_spec(name)
    assert spec is not None and spec.loader is not None
    assert spec.loader.get_code(name) is not None  # type: ignore[attr-defined]  # as runpy does
    module = importlib.import_module(name)
    assert isinstance(module.__loader__, SourceFileLoader)
    assert inspect.getsource(module) == _SOURCE


def test_a_module_that_fails_is_hooked_when_it_is_imported_again(new_module, tmp_path) -> None:
    name = new_module("raise RuntimeError('not yet')")
    after_import(name, lambda module: calls.append("after"))
    with pytest.raises(RuntimeError):
        importlib.import_module(name)
    (tmp_path / f"{name}.py").write_text(_SOURCE + "# now\n")
    importlib.invalidate_caches()
    importlib.import_module(name)
    assert calls == ["executed", "after"]


def test_a_module_that_is_missing_stays_missing() -> None:
    after_import("no_such_module_at_all", lambda module: calls.append("after"))
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("no_such_module_at_all")
