"""The package as a whole: exports, lightness."""

import subprocess
import sys

import tfod_weights.weighting as weighting


def test_exports():
    assert sorted(weighting.__all__) == sorted(set(weighting.__all__))
    for name in weighting.__all__:
        assert hasattr(weighting, name)


def test_import_is_light():
    code = (
        "import sys, tfod_weights.weighting\n"
        "heavy = {'rich', 'google.protobuf', 'numpy', 'tensorflow', 'json', 'difflib'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.strip() == "[]", result.stderr
