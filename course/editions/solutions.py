"""The executed reference: every cell run, its outputs kept in a form that any code host can show."""

import base64
import hashlib
import html
import io
import json
import os
import re
import tempfile
from pathlib import Path

from course.errors import CourseError

TIMEOUT = 300
IMAGE = re.compile(
    r'^(?:<details>.*</summary>)?<img src="data:image/png;base64,([^"]+)" alt="([^"]*)"[^>]*>(?:</details>)?$'
)
WIDGET = "application/vnd.jupyter.widget-view+json"


def execute(notebook, root):
    """Run a notebook in a fresh kernel and tidy its outputs. Raises CourseError where a cell fails."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    with tempfile.TemporaryDirectory() as folder:
        # the learner's own log must not hear of this run; the solutions stay where they are
        environment = {**os.environ, "DESCENT_HOME": folder, "PYTHONHASHSEED": "0"}
        client = NotebookClient(notebook, timeout=TIMEOUT, resources={"metadata": {"path": str(root)}})
        client.force_raise_errors = True
        try:
            client.execute(env=environment)
        except CellExecutionError as problem:
            raise CourseError(f"{notebook.metadata.descent.unit}: a cell of the solutions fails\n{problem}") from None
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            shown = [output for output in cell.outputs if WIDGET not in output.get("data", {})]
            cell.outputs = _merged([_tidy(notebook, cell, output) for output in shown])
    notebook.metadata.pop("widgets", None)
    notebook.metadata.language_info = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}
    return notebook


def _tidy(notebook, cell, output):
    """Figures as PNG with their alt text in the metadata, moving ones by their static strip."""
    data = output.get("data", {})
    picture = IMAGE.match(data.get("text/html", "").strip())
    if picture:
        del data["text/html"]
        data["image/png"] = _smaller(picture[1])
        output.metadata["image/png"] = {"alt": html.unescape(picture[2])}
    elif "image/png" in data:
        unit = notebook.metadata.descent.unit
        raise CourseError(f"{unit}: a figure without an alt text is shown by the cell\n{cell.source}")
    return output


def _merged(outputs):
    """Streams that follow one another as one: how a kernel cuts them is chance."""
    merged = []
    for output in outputs:
        if merged and output.output_type == "stream" == merged[-1].output_type and output.name == merged[-1].name:
            merged[-1].text += output.text
        else:
            merged.append(output)
    return merged


def _smaller(png):
    """The same picture in at most 256 colours, a third of the size: it is kept in the repository."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB").quantize(256).save(buffer, "PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def inputs_digest(notebook, root):
    """A digest of all that decides the outputs: the notebook's cells, the helpers, the pinned libraries, this file."""
    digest = hashlib.sha256()
    for cell in notebook.cells:
        digest.update(json.dumps([cell.cell_type, cell.id, cell.source, cell.metadata]).encode())
    helpers = Path(root) / "helpers"
    for path in sorted([*helpers.rglob("*.py"), Path(root) / "requirements.lock", Path(__file__)]):
        if path.parent.name != "checks":
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
