"""The class of attacks, graded once: in two arenas side by side."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from arena import CANARY, Arena
from catalogue import ATTACKS


@pytest.fixture(scope="session")
def canary():
    """A file outside the course that everyone may write."""
    CANARY.write_text("untouched")
    CANARY.chmod(0o666)
    yield CANARY
    CANARY.unlink()


@pytest.fixture(scope="session")
def arenas(tmp_path_factory, canary):
    """[Arena, Arena], each with every second attack."""
    halves = [(tmp_path_factory.mktemp("arena"), ATTACKS[i::2]) for i in (0, 1)]  # two threads at once would collide
    with ThreadPoolExecutor(2) as pool:
        made = [pool.submit(lambda home, part: Arena(home, part).run(), *half) for half in halves]
        yield [arena.result() for arena in made]


@pytest.fixture(params=range(len(ATTACKS)), ids=[attack.name for attack in ATTACKS])
def fought(request, arenas):
    """(arena, number in it, attack) of each attack."""
    return arenas[request.param % 2], request.param // 2, ATTACKS[request.param]
