"""Callbacks around the import of a module that may or may not be imported one day.

Everything that tfod-weights changes in TFOD, TensorFlow and others hangs on these: nothing is
imported before the program itself imports it, and what it never imports is never changed.
"""

from __future__ import annotations

import importlib.abc
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Callable, Optional, Sequence

BeforeImport = Callable[[], None]
AfterImport = Callable[[ModuleType], None]

_before: dict[str, list[BeforeImport]] = {}
_after: dict[str, list[AfterImport]] = {}


def before_import(name: str, function: BeforeImport) -> None:
    """Call a function just before a module is executed; not at all if it already was."""
    _before.setdefault(name, []).append(function)
    _install()


def after_import(name: str, function: AfterImport) -> None:
    """Call a function with a module once it is imported; now, if it already is.

    Functions of one module are called in the order in which they were given.
    """
    _after.setdefault(name, []).append(function)
    _install()
    module = sys.modules.get(name)
    if module is not None:
        function(module)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds what the other finders find, with callbacks around its execution."""

    def find_spec(
        self, name: str, path: Optional[Sequence[str]] = None, target: Optional[ModuleType] = None
    ) -> Optional[ModuleSpec]:
        if name not in _before and name not in _after:
            return None
        spec = self._found_by_others(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)
        return spec

    def _found_by_others(
        self, name: str, path: Optional[Sequence[str]], target: Optional[ModuleType]
    ) -> Optional[ModuleSpec]:
        for finder in sys.meta_path:
            if finder is not self and hasattr(finder, "find_spec"):
                spec = finder.find_spec(name, path, target)
                if spec is not None:
                    return spec
        return None


class _Loader(importlib.abc.Loader):
    """Another loader, with the callbacks around `exec_module`; steps aside when it is done."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> Optional[ModuleType]:
        module: Optional[ModuleType] = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        module.__spec__.loader = module.__loader__ = self._loader
        for before in _before.get(module.__name__, ()):
            before()
        self._loader.exec_module(module)
        for after in _after.get(module.__name__, ()):
            after(module)


_FINDER = _Finder()


def _install() -> None:
    if _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)
