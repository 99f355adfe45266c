"""A config with another text, which is written only when asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from tfod_weights.files import StrPath, write_atomically
from tfod_weights.pipeline.diff import unified_diff


@dataclass(frozen=True)
class RewrittenConfig:
    """A config before and after. Nothing is written before `write`.

    Attributes:
        path: The file it was read from, or the name given to the text.
        original: The text as it was.
        text: The text as it is now.
    """

    path: str
    original: str
    text: str

    @property
    def changed(self) -> bool:
        """Whether `text` differs from `original`."""
        return self.text != self.original

    def diff(self) -> str:
        """The change as a unified diff; empty if there is none."""
        return unified_diff(self.original, self.text, self.path)

    def write(self, to: Optional[StrPath] = None) -> None:
        """Write the text atomically, to the file it came from or to another.

        Raises:
            TfodWeightsError: the file cannot be written; what was there is untouched.
        """
        write_atomically(self.path if to is None else to, self.text)
