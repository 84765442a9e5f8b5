"""`course bundle`: what students get, as one zip file: the released notebooks, the helpers, the environment; nothing
else, and never anything that an instructor keeps."""

import zipfile
from pathlib import Path

from course.errors import CourseError
from course.lesson import read_lesson, units
from course.proof.leaks import find_leaks

FILES = ("environment.yml", "requirements.lock", "LICENSE")
PROJECT = """[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "descent-helpers"
version = "{version}"
requires-python = ">=3.11"

[tool.setuptools.packages.find]
include = ["helpers*"]

[tool.setuptools.package-data]
"helpers" = ["*.js"]
"helpers.checks" = ["data/*.json"]
"""


def write_bundle(root, path):
    """Write the zip. Raises CourseError if a line of a solution would go with it, or the file exists."""
    root, path = Path(root), Path(path)
    if path.exists():
        raise CourseError(f"{path} is there already; move it away or name another")
    graded = [unit for unit in units(root) if read_lesson(root, unit).graded]
    leaks = [str(leak) for unit in graded for leak in find_leaks(root, read_lesson(root, unit))]
    if leaks:
        raise CourseError("the bundle would give solutions away; run `make build`:\n" + "\n".join(leaks))
    from helpers import __version__

    needed = [root / name for name in FILES] + [root / "release" / unit / f"{unit}.ipynb" for unit in graded]
    missing = [str(each.relative_to(root)) for each in needed if not each.is_file()]
    if missing:
        raise CourseError(f"the bundle needs {', '.join(missing)}, which is not there; run `make build`")
    with zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED) as bundle:
        for unit in graded:
            bundle.write(root / "release" / unit / f"{unit}.ipynb", f"{unit}/{unit}.ipynb")
        for file in sorted((root / "helpers").rglob("*")):
            if file.suffix in (".py", ".js", ".json") and "__pycache__" not in file.parts:
                bundle.write(file, str(file.relative_to(root)))
        for name in FILES:
            bundle.write(root / name, name)
        bundle.writestr("pyproject.toml", PROJECT.format(version=__version__))
    return path
