"""The page of every finding: docs/findings/ID.md, which ships inside the package."""

from __future__ import annotations

import pkgutil

from tfod_weights.checking.kinds import require_kind

SECTIONS = ("What it means", "What TFOD does", "How to mend it", "Example")


def page(id: str) -> str:
    """The page of a finding, as Markdown.

    Raises:
        UsageError: there is no such finding; the help names the closest.
    """
    require_kind(id)
    content = pkgutil.get_data("tfod_weights.findings_pages", f"{id}.md")
    assert content is not None
    return content.decode()
