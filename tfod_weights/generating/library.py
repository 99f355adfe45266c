"""The templates there are: every `.config` file of the package's folder `templates`."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Iterable, Mapping

from tfod_weights.errors import TemplateError, UsageError
from tfod_weights.generating.header import parse_templates
from tfod_weights.generating.template import Template
from tfod_weights.suggestions import closest

PACKAGE = "tfod_weights.templates"
SUFFIX = ".config"


@cache
def templates() -> Mapping[str, Template]:
    """Every template by its name, ordered by file and then as in the file.

    Raises:
        TemplateError: a file is no template, or two have the same name.
    """
    found: dict[str, Template] = {}
    files = (entry for entry in resources.files(PACKAGE).iterdir() if entry.name.endswith(SUFFIX))
    for file in sorted(files, key=lambda entry: _stem(entry.name)):
        text, path = file.read_text(encoding="utf-8"), f"templates/{file.name}"
        for template in parse_templates(text, path, _stem(file.name)):
            if template.name in found:
                other = found[template.name].path
                raise TemplateError(f"{path} and {other} both have a template {template.name}")
            found[template.name] = template
    return found


def _stem(file_name: str) -> str:
    return file_name[: -len(SUFFIX)]


def find_template(name: str) -> Template:
    """The template of a name.

    Raises:
        UsageError: there is none of this name; with the one that was probably meant.
    """
    known = templates()
    if name in known:
        return known[name]
    raise UsageError(f"there is no template {name!r}", help=_meant(name, known))


def _meant(name: str, known: Iterable[str]) -> str:
    """The help for a name that no template has."""
    family = [one for one in known if one.startswith(f"{name}-")]
    if family:
        return f"there are {', '.join(family)}"
    guess = closest(name, known)
    shown = "`tfod-weights generate --list` shows all templates"
    return f"did you mean {guess}? {shown}" if guess else shown
