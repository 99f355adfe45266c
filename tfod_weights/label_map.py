"""Label maps: which class text has which class_id, as TFOD's label_map_util reads them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Iterator, Optional

from tfod_weights.errors import LabelMapError, SourcePlace
from tfod_weights.files import StrPath, read_text

if TYPE_CHECKING:
    from tfod_weights.textformat import MergedMessage


MAX_CLASSES = 100_000  # iNaturalist has 8,142; what is far above is a mistake


@dataclass(frozen=True)
class LabelMapItem:
    """One `item` of a label map.

    Attributes:
        class_id: Its id.
        name, display_name: None where absent.
        place: Where it is written.
        ancestor_ids: The classes that a class of this id is one of, as written.
    """

    class_id: int
    name: Optional[str] = None
    display_name: Optional[str] = None
    place: Optional[SourcePlace] = None
    ancestor_ids: tuple[int, ...] = ()

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

    @classmethod
    def load(cls, path: StrPath, *, strict: bool = True) -> LabelMap:
        """Read a label map in text format.

        Args:
            path: The file.
            strict: Whether to refuse what TFOD refuses: a negative id, and an id 0 that is
                not the background.

        Raises:
            LabelMapError: the file cannot be read or TFOD would refuse it; with the place.
            TextFormatError: it is not protobuf text format.
        """
        return cls.from_text(read_text(path, LabelMapError), path=os.fspath(path), strict=strict)

    @classmethod
    def from_text(cls, text: str, *, path: str = "<text>", strict: bool = True) -> LabelMap:
        """As `load`, from text."""
        label_map = cls(tuple(_items(text, path)), path)
        if strict:
            for item in label_map.items:
                require_usable(item)
        return label_map

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

    def lineages(self) -> dict[int, tuple[int, ...]]:
        """class_id -> itself and its ancestors, ascending, of every class that has ancestors.

        As object_detection/utils/label_map_util.py (get_label_map_hierarchy_lut) tabulates them:
        the ancestors of an ancestor are not added, and the ids 0, -1, … are the last places of
        the table, as NumPy counts. descendant_ids are not asked: TFOD adds descendants only to
        the labels of whole images that say what is not there.

        Raises:
            LabelMapError: an ancestor at which TFOD stops.
        """
        lineages: dict[int, set[int]] = {}
        highest = self.max_id
        for item in self.items:
            for ancestor in item.ancestor_ids:
                if not -highest < ancestor <= highest:
                    raise _foreign_ancestor(item, ancestor, highest)
                class_id, above = ((i - 1) % highest + 1 for i in (item.class_id, ancestor))
                if above == class_id:
                    raise _own_ancestor(item)
                lineages.setdefault(class_id, {class_id}).add(above)
        return {class_id: tuple(sorted(line)) for class_id, line in lineages.items()}


def _items(text: str, path: str) -> Iterator[LabelMapItem]:
    from tfod_weights.schema import tfod_schema
    from tfod_weights.textformat import MergedMessage, faults, parse

    document = parse(text, path)
    for fault in faults(document, tfod_schema().label_map):
        place = document.place(fault.offset)
        raise LabelMapError(fault.problem, place=place, help=fault.help())
    for message in MergedMessage.of_file(document, tfod_schema().label_map).messages("item"):
        block = message.blocks[0]
        assert block is not None
        yield _item(message, document.place(block.start))


def _item(message: MergedMessage, place: SourcePlace) -> LabelMapItem:
    class_id = message.scalar("id")
    assert isinstance(class_id, int)
    return LabelMapItem(
        class_id, _text(message, "name"), _text(message, "display_name"), place, _ancestors(message)
    )


def _text(message: MergedMessage, name: str) -> Optional[str]:
    return str(message.scalar(name)) if message.has(name) else None


def _ancestors(message: MergedMessage) -> tuple[int, ...]:
    return tuple(int(ancestor) for ancestor in message.scalars("ancestor_ids"))


def _foreign_ancestor(item: LabelMapItem, ancestor: int, max_id: int) -> LabelMapError:
    return LabelMapError(
        f"item {item.label} has the ancestor {ancestor}, but the ids end at {max_id}",
        place=item.place,
        help="with expand_labels_hierarchy TFOD stops here; ancestor_ids are ids of other items",
    )


def _own_ancestor(item: LabelMapItem) -> LabelMapError:
    return LabelMapError(
        f"item {item.label} is among its own ancestor_ids",
        place=item.place,
        help="with expand_labels_hierarchy TFOD stops at its objects; take its own id out",
    )


def require_usable(item: LabelMapItem) -> None:
    """Refuse what TFOD refuses (object_detection/utils/label_map_util.py, _validate_label_map).

    Raises:
        LabelMapError: a negative id, or an id 0 that is not the background.
    """
    if item.class_id < 0:
        problem = f"item {item.label} has the id {item.class_id}; ids start at 1"
        raise LabelMapError(problem, place=item.place, help="number the classes from 1")
    if item.class_id == 0 and "background" not in (item.name, item.display_name):
        raise LabelMapError(
            f"item {item.label} has no id, or the id 0 that TFOD keeps for the background",
            place=item.place,
            help="number the classes from 1",
        )
