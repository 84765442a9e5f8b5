"""The public address stands once; everything that depends on it is written from there."""

import pytest

from course.editions.readme import BEGIN, END, with_links
from course.errors import CourseError


@pytest.fixture
def root(tmp_path):
    def write(repository):
        (tmp_path / "pyproject.toml").write_text(f'[tool.descent]\nrepository = "{repository}"\n')
        return tmp_path

    return write


README = f"# Descent\n{BEGIN}\nold\n{END}\nmore\n"


def test_the_launch_link_opens_the_start_page(root):
    text = with_links(root("someone/descent"), README)
    assert "https://mybinder.org/v2/gh/someone/descent/main?urlpath=lab/tree/notebooks/00_start_here.ipynb" in text
    assert "old" not in text
    assert text.startswith("# Descent\n")
    assert text.endswith("\nmore\n")


def test_without_an_address_there_are_no_links(root):
    assert "http" not in with_links(root(""), README)


def test_writing_twice_changes_nothing(root):
    once = with_links(root("someone/descent"), README)
    assert with_links(root("someone/descent"), once) == once


def test_a_malformed_address_is_refused(root):
    with pytest.raises(CourseError, match="owner/name"):
        with_links(root("https://example.org/x/y"), README)


def test_a_readme_without_marks_is_refused(root):
    with pytest.raises(CourseError, match=r"README.md needs one line"):
        with_links(root(""), "# Descent\n")
