"""The faults that people copy, put into configs that have none of them."""

from __future__ import annotations

import random
from typing import Callable, Optional

from tfod_weights.pipeline import PipelineConfig
from tfod_weights.suggestions import RENAMED
from tfod_weights.textformat import Block, Document, Edit, Field, ListValue, Scalar, apply_edits
from tfod_weights.textformat.tokens import IDENTIFIER, NUMBER, STRING
from tfod_weights.textformat.values import is_repeated

# field → how it is mutated; None where the fault does not apply to it
Mutation = Callable[["Site"], Optional[list[Edit]]]


class Site:
    """A field of a document, its descriptor, and a source of chance."""

    def __init__(
        self, document: Document, fields: list[Field], field: Field, known, rng: random.Random
    ) -> None:
        self.document = document
        self.is_alone = sum(other.name == field.name for other in fields) == 1
        self.field = field
        self.known = known
        self.rng = rng
        self.text = document.text

    @property
    def name_span(self) -> tuple[int, int]:
        return self.field.start, self.field.start + len(self.field.name)

    @property
    def scalars(self) -> list[Scalar]:
        return [value for value in self.field.values() if isinstance(value, Scalar)]

    def source(self, node) -> str:
        return self.document.source(node)

    def is_on_its_own_line(self) -> bool:
        return (
            self.ends_its_line() and not self.text[: self.field.start].rpartition("\n")[2].strip()
        )

    def ends_its_line(self) -> bool:
        rest = self.text[self.field.end :].partition("\n")[0]
        return not rest.strip()


def sites(config: PipelineConfig, rng: random.Random) -> list[Site]:
    """Every field that TFOD knows."""
    found, pending = [], [(config.document.fields, config.schema.pipeline)]
    while pending:
        fields, message = pending.pop()
        for field in fields:
            known = message.fields_by_name.get(field.name)
            if known is not None:
                found.append(Site(config.document, fields, field, known, rng))
                blocks = [value for value in field.values() if isinstance(value, Block)]
                pending.extend((block.fields, known.message_type) for block in blocks)
    return found


# -- text -------------------------------------------------------------------------------------


def slash_comment(site: Site) -> Optional[list[Edit]]:
    comment = site.rng.choice([" // see http://x", "// 'a", " /// ] } {", " //", "/* a\n } * b */"])
    return [Edit(site.field.end, site.field.end, comment)] if site.ends_its_line() else None


def block_comment(site: Site) -> Optional[list[Edit]]:
    comment = site.rng.choice(["/* a */ ", '/* // " */', "/*\n * a\n */\n", "/**/"])
    return [Edit(site.field.start, site.field.start, comment)]


def invisible(site: Site) -> Optional[list[Edit]]:
    at = site.rng.randint(*site.name_span)
    return [Edit(at, at, site.rng.choice(["\u200b", "\ufeff", "\u00ad\u200e"]))]


def typographic_quotes(site: Site) -> Optional[list[Edit]]:
    edits = []
    for value in site.scalars:
        source = site.source(value)
        content = source[1:-1]
        if value.kind != STRING or set(content) & set("\"'\\"):
            return None
        # Half a pair only on a line of its own: a straight quote goes on to the next one.
        half = ['"”', '“"'] if site.is_on_its_own_line() and len(site.scalars) == 1 else []
        opener, closer = site.rng.choice(["“”", "„“", "«»", "‘’", "´`", *half])
        edits.append(Edit(value.start, value.end, opener + content + closer))
    return edits or None


def no_quotes(site: Site) -> Optional[list[Edit]]:
    value = site.field.value
    if not isinstance(value, Scalar) or value.kind != STRING or site.known.type != 9:
        return None
    content = site.source(value)[1:-1]
    if not content or set(content) & set(" \t\r\n\"'\\#,;{}[]<>:=") or not site.ends_its_line():
        return None
    return [Edit(value.start, value.end, content)]


def equals_sign(site: Site) -> Optional[list[Edit]]:
    end = site.name_span[1]
    colon = site.text.find(":", end, site.field.value.start)
    if colon < 0 or "#" in site.text[end:colon]:
        return None
    return [Edit(colon, colon + 1, site.rng.choice([" =", "=", ":=", "::"]))]


def no_colon(site: Site) -> Optional[list[Edit]]:
    value, end = site.field.value, site.name_span[1]
    source = site.source(value)
    is_plain = isinstance(value, Scalar) and value.kind in (NUMBER, STRING)
    if not (is_plain or source in ("true", "false")) or "#" in site.text[end : value.start]:
        return None
    return [Edit(end, value.start, " ")]


def commas(site: Site) -> Optional[list[Edit]]:
    value = site.field.value
    if not isinstance(value, ListValue) or not value.items:
        return [Edit(site.field.value.end, site.field.value.end, site.rng.choice([",,", ";,"]))]
    last = value.items[-1]
    where = site.rng.choice([last.end, value.items[0].start])
    return [Edit(where, where, ",")]


def missing_comma(site: Site) -> Optional[list[Edit]]:
    value = site.field.value
    if not isinstance(value, ListValue) or len(value.items) < 2:
        return None
    first, second = value.items[:2]
    between = site.text[first.end : second.start]
    if getattr(first, "kind", 0) == STRING or between.count(",") != 1 or "#" in between:
        return None
    return [Edit(first.end, second.start, between.replace(",", " "))]


def quoted_name(site: Site) -> Optional[list[Edit]]:
    start, end = site.name_span
    return [Edit(start, start, '"'), Edit(end, end, '"')]


# -- names ------------------------------------------------------------------------------------


def camel_case(site: Site) -> Optional[list[Edit]]:
    if not site.is_alone and not is_repeated(site.known) and site.known.message_type is None:
        return None  # another spelling of a value that is written twice is a clash
    words = site.field.name.split("_")
    upper = "".join(word.capitalize() for word in words)
    lower = words[0] + "".join(word.capitalize() for word in words[1:])
    spelling = site.rng.choice([upper, lower, site.field.name.upper(), "-".join(words)])
    return [Edit(*site.name_span, spelling)]


def web_name(site: Site) -> Optional[list[Edit]]:
    names = [theirs for theirs, ours in RENAMED.items() if ours == site.field.name]
    return [Edit(*site.name_span, site.rng.choice(names))] if names and site.is_alone else None


# -- values -----------------------------------------------------------------------------------


def quoted_value(site: Site) -> Optional[list[Edit]]:
    if site.known.type == 9 or not site.scalars:
        return None
    quote = site.rng.choice("\"'")
    return [Edit(v.start, v.end, quote + site.source(v) + quote) for v in site.scalars]


def other_case(site: Site) -> Optional[list[Edit]]:
    value = site.field.value
    is_word = isinstance(value, Scalar) and value.kind == IDENTIFIER
    if not is_word or site.known.type not in (8, 14):
        return None
    source = site.source(value)
    spelling = site.rng.choice([source.upper(), source.lower(), source.title()])
    return [Edit(value.start, value.end, spelling)]


def float_for_integer(site: Site) -> Optional[list[Edit]]:
    value = site.field.value
    if site.known.type not in (5, 13) or not isinstance(value, Scalar):
        return None
    is_decimal = site.source(value).isdigit() and site.source(value)[0] != "0"
    return [Edit(value.end, value.end, ".0")] if is_decimal else None


def list_of_one(site: Site) -> Optional[list[Edit]]:
    value = site.field.value
    if is_repeated(site.known) or isinstance(value, ListValue):
        return None
    return [Edit(value.start, value.start, "["), Edit(value.end, value.end, "]")]


def useless_field(site: Site) -> Optional[list[Edit]]:
    value = site.field.value
    if not isinstance(value, Block) or not value.fields:
        return None
    at = value.fields[0].start
    return [Edit(at, at, "scale_loss_with_batch_size: true ")]


TEXT: tuple[Mutation, ...] = (
    slash_comment, block_comment, invisible, typographic_quotes, no_quotes, equals_sign,
    no_colon, commas, missing_comma, quoted_name,
)  # fmt: skip
SCHEMA: tuple[Mutation, ...] = (
    camel_case, web_name, quoted_value, other_case, float_for_integer, list_of_one, useless_field,
)  # fmt: skip
MUTATIONS = (*TEXT, *SCHEMA)


def mutated(config: PipelineConfig, mutation: Mutation, rng: random.Random, count: int) -> str:
    """A config's text with one kind of fault at up to `count` random fields."""
    edits: list[Edit] = []
    places = sites(config, rng)
    for site in rng.sample(places, len(places)):
        new = mutation(site) or []
        if len(edits) >= count:
            break
        if not any(a.start <= b.end and b.start <= a.end for a in new for b in edits):
            edits += new
    return apply_edits(config.text, edits)
