"""The package as a whole: exports, lightness."""

import subprocess
import sys

import pytest

from tfod_weights import report


def test_exports():
    assert sorted(report.__all__) == report.__all__
    for name in report.__all__:
        assert hasattr(report, name)


CASES = {
    "import": "",
    "json": "counts_json(BLOOD_CELLS); weights_json(class_weights(BLOOD_CELLS))",
    "csv": "counts_csv(BLOOD_CELLS)",
    "table": "console().print(weights_table(class_weights(BLOOD_CELLS), BLOOD_CELLS))",
}


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_imported_in_vain(case):
    code = (
        "import sys\nfrom tfod_weights.report import *\n"
        "from tfod_weights.weighting import class_weights\n"
        f"from tests.report.datasets import BLOOD_CELLS\n{CASES[case]}\n"
        "heavy = {'rich.progress', 'rich.table', 'rich.pretty', 'numpy', 'tensorflow'}\n"
        f"heavy |= {set() if case == 'table' else {'rich'}!r}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stderr.strip() == "[]"
