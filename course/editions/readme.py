"""The links in README.md that depend on where the course is published, written from `pyproject.toml`."""

import tomllib

from course.errors import CourseError

BEGIN, END = "<!-- links: written by `make build` from pyproject.toml -->", "<!-- end of links -->"
START_PAGE = "notebooks/00_start_here.ipynb"


def with_links(root, readme):
    """The README's text with badges and the launch link for the address in `pyproject.toml`; none while it is empty."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    repository = settings["tool"]["descent"]["repository"].strip("/")
    if repository and repository.count("/") != 1:
        raise CourseError(f'pyproject.toml: repository should read "owner/name", not {repository!r}')
    return put_between(readme, BEGIN, END, _links(repository) if repository else "")


def put_between(readme, begin, end, text):
    """The README with `text` between two lines of it. Raises CourseError where they do not stand there once."""
    if readme.count(begin) != 1 or readme.count(end) != 1:
        raise CourseError(f"README.md needs one line {begin!r} and one {end!r}; what is made is written between them")
    head, rest = readme.split(begin)
    _, tail = rest.split(end)
    return f"{head}{begin}\n{text}\n{end}{tail}" if text else f"{head}{begin}\n{end}{tail}"


def _links(repository):
    home = f"https://github.com/{repository}"
    launch = f"https://mybinder.org/v2/gh/{repository}/main?urlpath=lab/tree/{START_PAGE}"
    return (
        f"[![Open on Binder](https://mybinder.org/badge_logo.svg)]({launch})\n"
        f"[![Tests]({home}/actions/workflows/tests.yml/badge.svg)]({home}/actions/workflows/tests.yml)"
    )
