"""What is compared: one row for each way to balance."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Arm:
    """A way to balance.

    Attributes:
        name: Names its folder and its row.
        patch: Options of `tfod-weights patch`, "" to leave the config as it was generated;
            {seed}, {late} (60 % of the steps) and {ramp} (10 %) are filled in.
        own_order: Whether it reads the images in an order of its own. All other arms read the
            same images in the same order for the same seed.
    """

    name: str
    patch: str
    own_order: bool = False

    def options(self, *, seed: int, steps: int) -> list[str]:
        """The options for one run."""
        filled = self.patch.format(seed=seed, late=steps * 6 // 10, ramp=steps // 10)
        return filled.split()


BASELINE = "none"

# In the order in which they are run.
ARMS = (
    Arm(BASELINE, ""),
    Arm("sqrt-objects", "--scheme sqrt --normalize objects"),
    Arm("sqrt-min", "--scheme sqrt --normalize min"),
    Arm("sqrt-objects-cls", "--scheme sqrt --normalize objects --loss classification"),
    Arm(
        "repeat-factor",
        "--sampling repeat-factor --repeat-threshold 1 --sampling-seed {seed} --loss none",
        own_order=True,
    ),
    Arm("inverse-min", "--scheme inverse --normalize min"),
    Arm("inverse-objects", "--scheme inverse --normalize objects"),
    Arm("effective-number", "--scheme effective-number --normalize objects"),
    Arm("sigmoid", "--sigmoid --loss none"),
    Arm("sigmoid-sqrt-objects", "--sigmoid --scheme sqrt --normalize objects"),
    Arm("positive-logit", "--scheme sqrt --normalize objects --mode POSITIVE_LOGIT"),
    Arm("class-column", "--scheme sqrt --normalize objects --mode CLASS_COLUMN"),
    Arm("deferred", "--scheme sqrt --normalize objects --start-step {late} --ramp-steps {ramp}"),
)


def arm_named(name: str) -> Arm:
    """The row of a name."""
    return next(arm for arm in ARMS if arm.name == name)
