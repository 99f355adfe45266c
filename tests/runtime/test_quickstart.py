"""examples/quickstart.ipynb runs from end to end, and its outputs are what it makes.

UPDATE_NOTEBOOK=1 writes the outputs anew.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY
from tests.runtime.processes import needs_tfod

NOTEBOOK = REPOSITORY / "examples" / "quickstart.ipynb"
TRAINED = "trained"  # tag of the cells whose output depends on a training

pytestmark = needs_tfod


def _executed(folder: Path) -> Any:
    nbformat = pytest.importorskip("nbformat", reason="pip install 'tfod-weights[test]'")
    nbclient = pytest.importorskip("nbclient", reason="pip install 'tfod-weights[test]'")
    pytest.importorskip("ipykernel", reason="pip install 'tfod-weights[test]'")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    client = nbclient.NotebookClient(
        notebook,
        timeout=900,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
    )
    client.execute()
    for cell in notebook.cells:
        cell.pop("execution_count", None)
        if cell.cell_type == "code":
            cell.execution_count = None
    return notebook


def _texts(notebook: Any, *, trained: bool) -> dict[str, str]:
    """id of a cell -> what it printed, of the cells that depend on a training or of the others."""
    return {
        cell.id: "".join(output.get("text", "") for output in cell.outputs)
        for cell in notebook.cells
        if cell.cell_type == "code" and (TRAINED in cell.metadata.get("tags", ())) == trained
    }


def _pictures(notebook: Any) -> int:
    outputs = [one for cell in notebook.cells for one in cell.get("outputs", ())]
    return sum("image/png" in one.get("data", {}) for one in outputs)


def test_the_notebook_runs_and_shows_what_it_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = str(Path(sys.executable).parent)
    monkeypatch.setenv("PATH", os.pathsep.join([scripts, os.environ["PATH"]]))
    monkeypatch.setenv("NO_COLOR", "1")
    import nbformat

    made = _executed(tmp_path)
    if os.environ.get("UPDATE_NOTEBOOK"):
        nbformat.write(made, NOTEBOOK)
    shown = nbformat.read(NOTEBOOK, as_version=4)
    assert _texts(made, trained=False) == _texts(shown, trained=False)
    training, evaluation, *_ = _texts(made, trained=True).values()
    assert "Step 100 per-step time" in training
    assert "mAP" in evaluation
    assert _pictures(made) == _pictures(shown) == 5
    assert (tmp_path / "demo" / "report.html").is_file()
