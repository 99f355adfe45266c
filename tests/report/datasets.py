"""Counts to show: a small dataset, one with every problem, and one of 90 class ids."""

from tfod_weights.counting.counts import ClassCount, ClassCounts

BLOOD_CELLS = ClassCounts(
    images=364,
    classes=(
        ClassCount(1, "RBC", 2382, 300, 2382.0),
        ClassCount(2, "WBC", 214, 287, 214.0),
        ClassCount(3, "Platelets", 209, 177, 209.0),
    ),
    num_classes=3,
)

PROBLEMS = ClassCounts(
    images=1364,
    classes=(
        ClassCount(1, "car", 12382, 1300, 12382.0, crowd=12, difficult=3, dropped={"x_y": 3}),
        ClassCount(2, "bell \x1b[31m pepper of a long name", 214, 187, 214.0),
        ClassCount(3, "toaster", 9, 7, 18.5),
        ClassCount(5, "血小板", 0, 0, 0.0),
    ),
    num_classes=6,
    dropped={"x_y": 3, "z": 1012},
    unknown_texts={"Car": 1000, "\x07": 12},
    out_of_range_labels={7: 2},
    truncated_images=1,
    inverted_boxes=2,
    files=("a.record", "b.record"),
)

MANY = ClassCounts(
    images=118287,
    classes=tuple(
        ClassCount(c, f"class {c}", 260000 // c**2, 9, 260000.0 // c**2)
        for c in range(1, 91)
        if c % 9
    ),
    num_classes=90,
)
