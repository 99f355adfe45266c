"""TFOD's `_pb2` modules, built from their serialized descriptors with our fields grafted on.

TFOD's own `_pb2` files were made by protoc 3 and fail on protobuf 4 and later ("Descriptors
cannot be created directly"). Here every `object_detection.protos.*_pb2` is built when it is
imported, from the descriptor inside its file, whatever protoc made it. No file changes.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import re
import sys
from functools import cache
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Iterator, Mapping, Optional, Sequence

from tfod_weights.errors import TfodWeightsError
from tfod_weights.runtime.notes import note

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import FileDescriptorProto

PACKAGE = "object_detection.protos"
_TFOD = "object_detection"
_PROTO_MODULE = re.compile(re.escape(PACKAGE) + r"\.(\w+_pb2)")

_built: set[str] = set()  # names of the files that this module put into protobuf's pool


def install() -> None:
    """Build TFOD's `_pb2` modules from now on.

    Raises:
        TfodWeightsError: one was already imported, or failed to import, in its stock form.
    """
    if _FINDER in sys.meta_path:
        return
    stock = next(stock_modules(), None)
    if stock is not None:
        raise _imported_too_early(stock)
    sys.meta_path.insert(0, _FINDER)


def stock_modules() -> Iterator[str]:
    """Names of the `_pb2` modules of TFOD that were imported without us."""
    for name, module in list(sys.modules.items()):
        if _PROTO_MODULE.fullmatch(name):
            loader = getattr(getattr(module, "__spec__", None), "loader", None)
            if not isinstance(loader, _Loader):
                yield name


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(
        self, name: str, path: Optional[Sequence[str]] = None, target: Optional[ModuleType] = None
    ) -> Optional[ModuleSpec]:
        match = _PROTO_MODULE.fullmatch(name)
        for folder in path or () if match else ():
            file = Path(folder) / f"{name.rpartition('.')[2]}.py"
            if file.is_file():
                loader = _Loader(name, str(file))
                return importlib.util.spec_from_file_location(name, file, loader=loader)
        return None


class _Loader(importlib.machinery.SourceFileLoader):
    """Source and code stay what the file says; what is executed is built from its descriptor."""

    def exec_module(self, module: ModuleType) -> None:
        folder = Path(self.path).parent
        file = grafted_files(folder).get(Path(self.path).stem)
        if file is None:  # holds no descriptor: an ordinary module
            super().exec_module(module)
            return
        for dependency in file.dependency:
            importlib.import_module(_module_of(dependency, folder))
        _build(file, module)
        note("TFOD's messages are built from their descriptors, class-weight fields included")


@cache
def grafted_files(folder: Path) -> Mapping[str, FileDescriptorProto]:
    """Module name, without package -> descriptor, for all `_pb2.py` files of a folder."""
    from tfod_weights.schema.graft import graft
    from tfod_weights.schema.installed import file_descriptor

    read = {path.stem: file_descriptor(path.read_bytes()) for path in folder.glob("*_pb2.py")}
    files = {stem: file for stem, file in sorted(read.items()) if file is not None}
    graft(files.values())
    return files


def _module_of(proto: str, folder: Path) -> str:
    """The module of an imported .proto file: of this folder, else by protoc's rule."""
    for stem, file in grafted_files(folder).items():
        if file.name == proto:
            return f"{PACKAGE}.{stem}"
    return proto[: -len(".proto")].replace("-", "_").replace("/", ".") + "_pb2"


def _build(file: FileDescriptorProto, module: ModuleType) -> None:
    """Fill a module with what protoc's own code would: descriptors, messages, enums."""
    from google.protobuf import descriptor_pool
    from google.protobuf.internal import builder

    pool = descriptor_pool.Default()
    if file.name not in _built:
        if _is_known(pool, file.name):
            raise _failed_too_early(module.__name__)
        pool.AddSerializedFile(file.SerializeToString())
        _built.add(file.name)
    names = vars(module)
    names["DESCRIPTOR"] = pool.FindFileByName(file.name)
    builder.BuildMessageAndEnumDescriptors(names["DESCRIPTOR"], names)
    builder.BuildTopDescriptorsAndMessages(names["DESCRIPTOR"], module.__name__, names)


def _is_known(pool: object, file_name: str) -> bool:
    try:
        pool.FindFileByName(file_name)  # type: ignore[attr-defined]
    except KeyError:
        return False
    return True


# -- too late ---------------------------------------------------------------------------------

_HELP = (
    "call tfod_weights.enable() before importing object_detection, or start through"
    " `tfod-weights run`"
)


def _imported_too_early(name: str) -> TfodWeightsError:
    importer = _importer()
    by = f" by {importer}" if importer else ""
    return TfodWeightsError(f"{name} was imported before tfod-weights was active{by}", help=_HELP)


def _failed_too_early(name: str) -> TfodWeightsError:
    """A stock `_pb2` that fails leaves its file in protobuf's pool, for the whole process."""
    return TfodWeightsError(
        f"an import of {name} before tfod-weights was active has left its messages in protobuf",
        help=f"start Python again and {_HELP}",
    )


def _importer() -> Optional[str]:
    """Who imported TFOD: a module outside it that uses it, else TFOD's first module."""
    tfod = {id(module) for name, module in sys.modules.items() if _is_package(name, _TFOD)}
    for name, module in list(sys.modules.items()):
        values = list(vars(module).values()) if isinstance(module, ModuleType) else []
        is_ours = _is_package(name, "tfod_weights") or _is_package(name, _TFOD)
        if not is_ours and any(_is_of(tfod, value) for value in values):
            return name
    inside = (name for name in sys.modules if name.startswith(f"{_TFOD}."))
    return next((name for name in inside if not _is_package(name, PACKAGE)), None)


def _is_package(module_name: str, package: str) -> bool:
    return f"{module_name}.".startswith(f"{package}.")


def _is_of(tfod: set[int], value: object) -> bool:
    """Whether a value is one of these modules or made in one; must not wake lazy modules."""
    if id(value) in tfod:
        return True
    made = isinstance(value, (type, FunctionType)) and isinstance(value.__module__, str)
    return made and _is_package(value.__module__, _TFOD)


_FINDER = _Finder()
