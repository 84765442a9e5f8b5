"""The attacks on processes and files again, on a machine that refuses namespaces, as most containers do."""

import pytest
from arena import ALONE, Arena, attacker, honest_after
from catalogue import ATTACKS
from refusing import refusing

NAMES = ("double_fork", "signals_to_all", "neighbours_copied", "machine_written")


@pytest.fixture(scope="module")
def refused(tmp_path_factory, canary):
    attacks = [attack for attack in ATTACKS if attack.name in NAMES]
    assert len(attacks) == len(NAMES)
    return Arena(tmp_path_factory.mktemp("refused"), attacks, refusing("unshare")).run()


def test_the_log_says_what_is_missing(refused):
    for log in (refused.log, refused.class_log):
        assert "Student code ran without" in " ".join(log.split())
        assert "a file system of its own" in " ".join(log.split())


def test_nothing_is_gained_and_the_honest_are_graded_as_if_alone(refused):
    full = sum(refused.points.values()) - refused.points["check_tangent_line"]
    assert sum(refused.marks[ALONE].values()) == full
    for number, attack in enumerate(refused.attacks):
        for marks in (refused.marks, refused.class_marks):
            assert marks[attacker(number, attack)] == refused.expected(attack), attack.name
            assert marks[honest_after(number)] == refused.marks[ALONE], attack.name


def test_nothing_changed_and_nothing_still_runs(refused, canary):
    assert refused.after == refused.after_class == refused.before
    assert canary.read_text() == "untouched"
    assert refused.left == {}
