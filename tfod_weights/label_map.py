"""Label maps: which class text has which class_id, as TFOD's label_map_util reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class LabelMapItem:
    """One `item` of a label map; `name` and `display_name` are None where absent."""

    class_id: int
    name: Optional[str] = None
    display_name: Optional[str] = None
    line: Optional[int] = None
    column: Optional[int] = None

    @property
    def label(self) -> str:
        """What to show people: TFOD prefers the display name."""
        return self.display_name or self.name or str(self.class_id)


@dataclass(frozen=True)
class LabelMap:
    """A label map in file order.

    Attributes:
        items: Every item, also duplicates and id 0.
        path: The file it came from, for messages.
    """

    items: tuple[LabelMapItem, ...]
    path: Optional[str] = None

    @property
    def max_id(self) -> int:
        """The highest id, which `num_classes` follows; 0 for an empty map."""
        return max((item.class_id for item in self.items), default=0)

    def labels(self) -> dict[int, str]:
        """class_id -> the name to show; the first item of an id wins, as in TFOD."""
        labels: dict[int, str] = {}
        for item in self.items:
            labels.setdefault(item.class_id, item.label)
        return labels

    def ids_by_text(self) -> dict[bytes, int]:
        """Class text (UTF-8) -> class_id, by name or display name, whichever id is higher.

        Items without a name count under the empty text, as in
        object_detection/data_decoders/tf_example_decoder.py (_ClassTensorHandler), so an
        object whose class text is empty may well get a class.
        """
        by_name = {(item.name or "").encode(): item.class_id for item in self.items}
        by_display_name = {(item.display_name or "").encode(): item.class_id for item in self.items}
        texts = by_name.keys() | by_display_name.keys()
        return {t: max(by_name.get(t, -1), by_display_name.get(t, -1)) for t in texts}
