"""Which names of a submission count as imported, in the search for forbidden ones."""

from types import SimpleNamespace

import pytest

from course.grading.definitions import Definitions

IMPORTED = "from scipy.special import softmax"


def found(*cells, start="network"):
    definitions = Definitions()
    for cell in cells:
        definitions.add(cell)
    sentence = definitions.forbidden(SimpleNamespace(name=start, forbidden=("scipy.special.softmax",)))
    return sentence and sentence.split("`")[1]


def test_a_function_of_ones_own_takes_the_place_of_an_imported_one():
    own = "def softmax(x):\n    return x"
    network = "def network(x):\n    return softmax(x)"
    assert found(IMPORTED, network) == "scipy.special.softmax"
    assert found(IMPORTED, own, network) is None
    assert found(IMPORTED + "\n" + own, network) is None
    assert found(own, IMPORTED, network) == "scipy.special.softmax"
    assert found(own + "\n" + IMPORTED, network) == "scipy.special.softmax"


@pytest.mark.parametrize("cell", ["def softmax(x, f=softmax):\n    return f(x)", "softmax = softmax"])
def test_an_imported_function_that_is_handed_on_under_its_own_name_is_still_found(cell):
    assert found(IMPORTED, cell, start="softmax") == "scipy.special.softmax"
