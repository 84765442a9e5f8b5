"""The reference page holds all that lessons point to, and lessons point to it where they introduce a word."""

import re
import shutil
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from course.editions.build import notebook_text, with_links_between
from course.editions.first_uses import with_first_uses
from course.editions.notebooks import solved_notebook, source_notebook, study_notebook
from course.editions.reference_page import KINDS, PAGE, anchor, page_edited, reference_page
from course.errors import LessonError
from course.lesson import read_lesson, units
from course.reference import HANGUL, read_reference

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\]\(([^)\s]*\.(?:ipynb|md))?(?:#([^)\s]+))?\)")
WAY_ON = re.compile(r"\n\n\*\*(?:Next|Where you stand):\*\* [^\n]*\Z")
NAME = r"[A-ZÀ-Þ][\w’-]+"
# such as "Keskar et al. 2017", "Glorot and Bengio (2010", "LeCun and colleagues gave this rule in 1998"
CITED = re.compile(
    rf"({NAME})(?:(?:, {NAME})* and {NAME}| et al\.| and (?:colleagues|others))(?:[,\s(]+| [^.\n]{{0,40}} in )"
    r"((?:18|19|20)\d\d)\b"
)


@pytest.fixture(scope="module")
def reference():
    return read_reference(ROOT)


@pytest.fixture(scope="module")
def lessons():
    return [read_lesson(ROOT, unit) for unit in units(ROOT)]


@pytest.fixture(scope="module")
def linked(reference, lessons):
    return with_links_between(lessons, reference.glossary)


@pytest.fixture(scope="module")
def page(reference):
    return reference_page(reference, units(ROOT))


@pytest.fixture
def texts(tmp_path):
    """A folder with the three texts, to be spoiled."""
    (tmp_path / "lessons").mkdir()
    for name in ("glossary", "symbols", "sources"):
        shutil.copy(ROOT / "lessons" / f"{name}.yml", tmp_path / "lessons")
    return tmp_path


def headings(page):
    found = re.findall(r"^#{1,6} (.+)$", page, re.M)
    assert found
    return found


def links(text):
    return [match.groups() for match in LINK.finditer(text)]


def prose(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def lesson_of(lesson, *texts):
    """The lesson with only these Markdown cells; the first one is an opening."""
    first = next(cell for cell in lesson.cells if cell.kind == "markdown")
    return replace(lesson, cells=[replace(first, source=text) for text in ("# Title", *texts)])


def linked_text(reference, lesson, text, term):
    [entry] = [entry for entry in reference.glossary if entry.term == term]
    return with_first_uses(lesson_of(lesson, text), [entry]).cells[1].source


def test_there_is_a_korean_term_for_every_english_one_in_order_and_only_once(reference):
    terms = [entry.term for entry in reference.glossary]
    assert len(terms) >= 90
    assert terms == sorted(terms)
    assert len(terms) == len(set(terms))
    for entry in reference.glossary:
        assert HANGUL.search(entry.korean), entry.term
        assert entry.text.endswith((".", ".)")), entry.term


def test_every_link_of_the_page_leads_to_a_heading_or_a_unit(page):
    ids = [anchor(heading) for heading in headings(page)]
    assert len(ids) == len(set(ids))
    for notebook, heading in links(page):
        if notebook:
            assert (ROOT / "lessons" / notebook.removesuffix(".ipynb") / "lesson.py").exists(), notebook
        else:
            assert heading in ids


def test_a_heading_has_the_same_address_in_jupyterlab_and_on_a_code_host(page):
    for heading in headings(page)[1:]:  # nothing leads to the title
        jupyterlab = heading.replace(" ", "-")
        code_host = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        assert anchor(heading) == jupyterlab == code_host


def test_every_first_use_leads_to_an_entry(linked, page):
    ids = {anchor(heading) for heading in headings(page)}
    for notebook in [make(lesson) for lesson in linked for make in (study_notebook, solved_notebook)]:
        targets = [heading for name, heading in links(prose(notebook)) if name == PAGE and heading]
        assert set(targets) <= ids
        assert len(targets) == len(set(targets)), "a word is linked at its first use alone"


def test_terms_in_bold_are_linked_in_the_unit_that_introduces_them(linked, reference):
    texts = {
        int(lesson.unit[:2]): prose(study_notebook(lesson)) for lesson in linked if not lesson.unit.startswith("00")
    }
    for entry in reference.glossary:
        if not entry.fields.get("plain"):
            assert (PAGE, anchor(entry.term)) in links(texts[entry.unit]), entry.term


def test_the_graded_edition_has_no_link_to_a_page_it_does_not_hold(lessons):
    for lesson in [lesson for lesson in lessons if lesson.graded]:
        assert PAGE not in notebook_text(source_notebook(lesson))
    released = sorted((ROOT / "release").rglob("*.ipynb"))
    assert released
    assert not list((ROOT / "release").rglob(PAGE))
    for path in released:
        assert PAGE not in path.read_text(encoding="utf-8"), path


def test_links_change_nothing_but_prose(lessons, linked):
    for before, after in zip(lessons, linked, strict=True):
        for old, new in zip(before.cells, after.cells, strict=True):
            plain = re.sub(rf"\[([^\]]+)\]\({re.escape(PAGE)}#[^)]+\)", r"\1", WAY_ON.sub("", new.source))
            assert plain == old.source
            assert new.kind == "markdown" or new.source == old.source


def test_each_unit_ends_with_the_way_to_the_next_and_the_graded_edition_does_not(linked, lessons):
    names = [lesson.unit for lesson in linked if not lesson.unit.startswith("00")]
    for lesson, following in zip(linked[-len(names) :], [*names[1:], "00_start_here"], strict=True):
        for notebook in (study_notebook(lesson), solved_notebook(lesson)):
            assert re.search(rf"\*\*(?:Next|Where you stand):\*\* .*\({following}\.ipynb\)", notebook.cells[-1].source)
    for lesson in [lesson for lesson in lessons if lesson.graded]:
        assert not WAY_ON.search(source_notebook(lesson).cells[-1].source)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The **loss** and the **loss**.", f"The [**loss**]({PAGE}#loss) and the **loss**."),
        ("**Losses** differ.", f"[**Losses**]({PAGE}#loss) differ."),
        ("## The **loss**\n\nA **loss**.", f"## The **loss**\n\nA [**loss**]({PAGE}#loss)."),
        ("`**loss**` $**loss**$ **loss**", f"`**loss**` $**loss**$ [**loss**]({PAGE}#loss)"),
        ("$$\n**loss**\n$$\n\n**loss**", f"$$\n**loss**\n$$\n\n[**loss**]({PAGE}#loss)"),
        ("[**loss**](a.md) **loss**", f"[**loss**](a.md) [**loss**]({PAGE}#loss)"),
    ],
)
def test_code_formulas_headings_and_links_are_left_alone(reference, lessons, text, wanted):
    unit = next(lesson for lesson in lessons if lesson.unit.startswith("02"))
    assert linked_text(reference, unit, text, "loss") == wanted


def test_another_form_of_a_word_counts_only_where_it_is_introduced(reference, lessons):
    for lesson in lessons:
        if lesson.unit.startswith("03"):
            assert linked_text(reference, lesson, "It is **flat** here.", "flat minimum") == "It is **flat** here."


def test_a_term_that_its_unit_does_not_introduce_is_refused(reference, lessons):
    unit = next(lesson for lesson in lessons if lesson.unit.startswith("02"))
    [entry] = [entry for entry in reference.glossary if entry.term == "loss"]
    with pytest.raises(LessonError, match=rf"glossary.yml:{entry.line}: .*02_linear.*'loss'.*in bold"):
        with_first_uses(lesson_of(unit, "The loss, not in bold."), [entry])


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("glossary", "korean: 정확도", "korean: accuracy", "has no Korean term"),
        ("glossary", "term: batch\n", "term: zebra\n", "alphabetical"),
        ("glossary", "term: batch\n", "term: Batch\n", "lower-case"),
        ("glossary", "term: batch normalisation\n", "term: batch\n", "stands twice"),
        ("glossary", "\n  plain: true", "\n  plan: true", "not a field"),
        ("glossary", "unit: 7", "unit: seven", "needs `unit`"),
        ("glossary", "- term: accuracy", "- term: [accuracy", "not valid YAML"),
        ("symbols", 'name: "`y`"', 'name: "`X`"', "stands twice"),
        ("sources", "year: 1998", "year: soon", "needs `year`"),
    ],
)
def test_a_fault_in_a_text_is_refused_with_its_line(texts, name, old, new, words):
    path = texts / "lessons" / f"{name}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LessonError, match=rf"{name}.yml:\d+: ") as refused:
        read_reference(texts)
    assert words in str(refused.value)


def test_everything_that_is_cited_has_a_source(reference):
    known = {(_letters(re.match(r"[^,]+", e.authors)[0]), str(e.year)) for e in reference.sources}
    files = [*(ROOT / "lessons").rglob("*.py"), *(ROOT / "helpers").rglob("*.py")]
    cited = {
        (_letters(name), year): path.relative_to(ROOT)
        for path in files
        for name, year in CITED.findall(path.read_text(encoding="utf-8"))
    }
    assert len(cited) >= 20
    assert {key: str(path) for key, path in cited.items() if key not in known} == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Keskar et al. 2017; Dinh", ("Keskar", "2017")),
        ("(Glorot and Bengio 2010, eq. 12)", ("Glorot", "2010")),
        ("Gürbüzbalaban, Ozdaglar and Parrilo, 2021", ("Gürbüzbalaban", "2021")),
        ("Loshchilov and Hutter (2017)", ("Loshchilov", "2017")),
        ("Dinh and others (2017)", ("Dinh", "2017")),
        ("Yann LeCun and colleagues gave this rule in 1998", ("LeCun", "1998")),
    ],
)
def test_a_citation_is_recognised(text, found):
    assert CITED.findall(text) == [found]


def test_sources_are_of_a_known_kind_and_used_in_a_unit_that_exists(reference):
    numbers = {int(unit[:2]) for unit in units(ROOT)} - {0}
    addresses = [e.link for e in reference.sources if "link" in e.fields]
    assert len(addresses) == len(set(addresses))
    for entry in reference.sources:
        assert entry.kind in KINDS
        assert set(entry.units) <= numbers
        assert entry.fields.get("link", "https://").startswith("https://")


def test_the_names_of_the_index_are_those_the_lessons_use(reference):
    for entry in reference.symbols:
        [path] = (ROOT / "lessons").glob(f"{entry.unit:02d}_*/lesson.py")
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"`(\w+)`", entry.name):
            assert re.search(rf"\b{name}\b", text), f"symbols.yml:{entry.line}: {name} is not in {path.parent.name}"


def test_the_page_is_the_same_each_time_and_an_edit_is_told(page, tmp_path):
    assert reference_page(read_reference(ROOT), units(ROOT)) == page
    path = tmp_path / PAGE
    assert not page_edited(path)
    for text, is_edited in [(page, False), (page.replace("## glossary", "## my glossary"), True), ("my notes", True)]:
        path.write_text(text, encoding="utf-8")
        assert page_edited(path) == is_edited


def _letters(name):
    """A surname to compare by: without accents, in lower case."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if c.isalpha()).casefold()
