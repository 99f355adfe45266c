"""What is compared: one row for each way to balance."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Arm:
    """A way to balance.

    Attributes:
        name: Names its folder and its row.
        patch: Options of `tfod-weights patch`, the run's seed in place of {seed}. "" leaves the
            config as it was generated.
        own_order: Whether it reads the images in an order of its own. All other arms read the
            same images in the same order for the same seed.
    """

    name: str
    patch: str
    own_order: bool = False

    def options(self, seed: int) -> list[str]:
        """The options for one run."""
        return self.patch.format(seed=seed).split()


BASELINE = "none"
_SQRT = "--sigmoid --scheme sqrt --normalize objects"
_INVERSE = "--sigmoid --scheme inverse --normalize objects"
_REPEAT = "--sampling repeat-factor --repeat-threshold 1 --sampling-seed {seed}"
_LATE = "--start-step 60% --ramp-steps 10%"

# In the order in which they are run. The template's loss is focal; --sigmoid makes it plain.
ARMS = (
    Arm(BASELINE, "--sigmoid --loss none"),
    Arm("sqrt-objects", _SQRT),
    Arm("sqrt-min", "--sigmoid --scheme sqrt --normalize min"),
    Arm("sqrt-objects-cls", f"{_SQRT} --loss classification"),
    Arm("sqrt-objects-loc", f"{_SQRT} --loss localization"),
    Arm("repeat-factor", f"--sigmoid --loss none {_REPEAT}", own_order=True),
    Arm("repeat-factor-loc", f"{_SQRT} --loss localization {_REPEAT}", own_order=True),
    Arm("inverse-min", "--sigmoid --scheme inverse --normalize min"),
    Arm("inverse-objects", _INVERSE),
    Arm("effective-number", "--sigmoid --scheme effective-number --normalize objects"),
    Arm("focal", ""),
    Arm("focal-sqrt-objects", "--scheme sqrt --normalize objects"),
    Arm("positive-logit", f"{_SQRT} --mode POSITIVE_LOGIT"),
    Arm("class-column", f"{_SQRT} --mode CLASS_COLUMN"),
    Arm("deferred", f"{_SQRT} {_LATE}"),
    Arm("deferred-inverse", f"{_INVERSE} {_LATE}"),
    Arm("deferred-repeat", f"{_SQRT} {_LATE} {_REPEAT}", own_order=True),
    Arm("deferred-inverse-repeat", f"{_INVERSE} {_LATE} {_REPEAT}", own_order=True),
    # About the weight that the most frequent class has on both sets: .7 and .6.
    Arm("deferred-background", f"{_SQRT} {_LATE} --background-weight 0.7"),
)


def arm_named(name: str) -> Arm:
    """The row of a name."""
    return next(arm for arm in ARMS if arm.name == name)
