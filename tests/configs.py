"""Made-up configs for property tests: every layout that the text format allows."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from hypothesis import strategies as st

NEWLINES = ("\n", "\r\n", "\r")
COMMENTS = (
    "# plain",
    "#",
    "# } ] > { [ < \" '",
    "# class_weights: [9.0, 9.0]",
    "# weighted_sigmoid { }",
    "# ünï ☃",
    "# tfod-weights is a tool",
)
CLASSIFICATION = ("weighted_sigmoid", "weighted_sigmoid_focal", "weighted_softmax")
LOCALIZATION = ("weighted_smooth_l1", "weighted_l2", "weighted_iou")


@dataclass
class Style:
    """How one made-up file is written."""

    rng: random.Random
    newline: str
    indent: str
    one_line: float  # how often a block stays on one line
    comments: float  # how often a comment follows

    def comment_end(self) -> str:
        return "\n" if self.newline == "\r" else self.newline

    def pick(self, *options: str) -> str:
        return self.rng.choice(options)

    def happens(self, probability: float) -> bool:
        return self.rng.random() < probability


@dataclass
class Node:
    """A field to render: a scalar with its text, or a message with children."""

    name: str
    text: str = ""
    children: list[Node] | None = None
    layout: dict[str, str] = field(default_factory=dict)


def render(nodes: list[Node], style: Style, depth: int = 0, inline: bool = False) -> str:
    """The nodes as text format."""
    return "".join(_render_one(node, style, depth, inline) for node in nodes)


def _render_one(node: Node, style: Style, depth: int, inline: bool) -> str:
    lead = style.pick(" ", "  ", "\t") if inline else style.indent * depth
    separator = style.pick("", "", "", ",", ";", " ;")
    if node.children is None:
        gap = style.pick(": ", ":", " : ", ":\t")
        body = node.name + gap + node.text + separator
    else:
        body = (
            node.name + style.pick(" ", "", ": ", ":") + _render_block(node, style, depth, inline)
        )
        body += separator
    if inline:
        return lead + body
    tail = style.pick("", "", " ", "\t")
    if style.happens(style.comments):
        return lead + body + " " + style.pick(*COMMENTS) + style.comment_end()
    blank = style.newline if style.happens(0.1) else ""
    return lead + body + tail + style.newline + blank


def _render_block(node: Node, style: Style, depth: int, inline: bool) -> str:
    opener, closer = style.pick("{}", "{}", "{}", "<>")
    assert node.children is not None
    if inline or style.happens(style.one_line):
        inner = render(node.children, style, depth + 1, inline=True)
        return opener + inner + style.pick("", " ", "  ") + closer
    first = style.newline
    if style.happens(style.comments):
        first = " " + style.pick(*COMMENTS) + style.comment_end()
    inner = render(node.children, style, depth + 1)
    last = style.indent * depth
    if style.happens(0.1) and not inner.rpartition("\n")[0].endswith("#"):
        inner = inner.rstrip() if not _ends_in_comment(inner) else inner
        last = "" if not _ends_in_comment(inner) else last
    return opener + first + inner + last + closer


def _ends_in_comment(text: str) -> bool:
    return "#" in text.rstrip().rpartition("\n")[2]


def noise(rng: random.Random) -> list[Node]:
    """Fields of train_config that look like what we edit, and are not."""
    options = [
        Node("batch_size", rng.choice(["8", "0x8", "010"])),
        Node(
            "fine_tune_checkpoint",
            rng.choice(['"a/b"', "'# no { comment'", "\"a\" 'b'"]),
        ),
        Node("fine_tune_checkpoint_type", '"class_weights: [1.0] weighted_sigmoid { }"'),
        Node("optimizer", children=[Node("adam_optimizer", children=[])]),
        Node("gradient_clipping_by_norm", rng.choice(["1.0f", "inf", "-1e-3", ".5"])),
        Node("freeze_variables", rng.choice(['["a", "b"]', "[]", '"x"'])),
    ]
    return rng.sample(options, rng.randint(0, len(options)))


def _member(rng: random.Random, names: tuple[str, ...]) -> Node:
    return Node(rng.choice(names), children=[])


def _shuffled(rng: random.Random, nodes: list[Node]) -> list[Node]:
    rng.shuffle(nodes)
    return nodes


def _ssd(rng: random.Random, num_classes: int) -> Node:
    classification = Node("classification_loss", children=[_member(rng, CLASSIFICATION)])
    if rng.random() < 0.2:  # a member that loses to the one after it
        classification.children.insert(0, _member(rng, CLASSIFICATION))
    localization = Node("localization_loss", children=[_member(rng, LOCALIZATION)])
    loss = Node("loss", children=_shuffled(rng, [classification, localization]))
    if rng.random() < 0.2:  # the same message in two parts
        parts = [Node("loss", children=[classification]), Node("loss", children=[localization])]
    else:
        parts = [loss]
    rest = [Node("num_classes", str(num_classes)), Node("normalize_loss_by_num_matches", "true")]
    return Node("ssd", children=_shuffled(rng, [*parts, *rest]))


def _faster_rcnn(rng: random.Random, num_classes: int) -> Node:
    children = [Node("num_classes", str(num_classes)), Node("first_stage_max_proposals", "300")]
    choice = rng.randint(0, 2)
    if choice == 1:
        children.append(Node("second_stage_classification_loss", children=[]))
    elif choice == 2:
        member = _member(rng, CLASSIFICATION)
        children.append(Node("second_stage_classification_loss", children=[member]))
    return Node("faster_rcnn", children=_shuffled(rng, children))


def _center_net(rng: random.Random, num_classes: int) -> Node:
    center = _member(rng, ("penalty_reduced_logistic_focal_loss",))
    center_loss = Node("classification_loss", children=[center])
    children = [
        Node("num_classes", str(num_classes)),
        Node("object_center_params", children=[center_loss]),
    ]
    if rng.random() < 0.7:
        task_loss = Node("localization_loss", children=[Node("l1_localization_loss", children=[])])
        children.append(Node("object_detection_task", children=[task_loss]))
    return Node("center_net", children=_shuffled(rng, children))


def made_up_config(rng: random.Random, num_classes: int) -> str:
    """A config of a random architecture in a random layout."""
    style = Style(
        rng,
        newline=rng.choice(NEWLINES),
        indent=rng.choice(["  ", "    ", "\t", " ", ""]),
        one_line=rng.choice([0.0, 0.2, 0.6, 1.0]),
        comments=rng.choice([0.0, 0.2, 0.5]),
    )
    architecture = rng.choice([_ssd, _faster_rcnn, _center_net])(rng, num_classes)
    model = [Node("model", children=[architecture])]
    if rng.random() < 0.2:  # a model that loses to the one after it
        model.insert(0, Node("model", children=[_ssd(rng, num_classes)]))
        model[1].children.insert(0, Node("experimental_model", children=[]))
    parts = [*model, Node("train_config", children=noise(rng))]
    text = render(parts, style)
    if rng.random() < 0.3:
        text = style.pick(*COMMENTS) + style.comment_end() + text
    return text if rng.random() < 0.7 else text.rstrip()


configs = st.builds(
    made_up_config, st.randoms(use_true_random=False), num_classes=st.just(3)
) | st.builds(made_up_config, st.randoms(use_true_random=False), num_classes=st.just(11))

_RECORDS = "tf_record_input_reader { input_path: 'a' }"
READERS = (
    f"train_input_reader {{ {_RECORDS} }}",
    f"train_input_reader{{{_RECORDS}}}\n",
    f"train_input_reader: <\n\t{_RECORDS}\n\t># the end",
    f"train_input_reader {{\r\n  {_RECORDS}  # all\r\n}}\r\n",
    f"train_input_reader {{ {_RECORDS} }} train_input_reader {{ shuffle: true }}",
    f"train_input_reader {{\n  {_RECORDS} }}\neval_input_reader {{ }}\ntrain_input_reader {{ }}",
)
