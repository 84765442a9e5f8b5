"""MNIST comes whole or not at all, from a folder or the web, and nothing that the web does stops a lesson.

Everything here is served by this machine to itself.
"""

import gzip
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from helpers import data
from helpers.data import fetching
from helpers.data.handwriting import MD5
from helpers.data.idx import read_idx

NAMES = list(MD5)
ROOT = Path(__file__).parent.parent


def idx(array):
    array = np.asarray(array, np.uint8)
    sizes = b"".join(n.to_bytes(4, "big") for n in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


def made_up():
    rng = np.random.default_rng(0)
    arrays = [rng.integers(0, 256, (7, 4, 5)), rng.integers(0, 10, 7), rng.integers(0, 256, (3, 4, 5)), [1, 9, 0]]
    arrays[0][0, 0, :2] = 0, 255
    return arrays, {name: gzip.compress(idx(a)) for name, a in zip(NAMES, arrays, strict=True)}


ARRAYS, FILES = made_up()
SUMS = {name: hashlib.md5(content).hexdigest() for name, content in FILES.items()}


class Web:
    """A web server on this machine. `answers` maps a file's name to bytes or to a function that answers by hand."""

    def __init__(self):
        self.answers, self.asked = dict(FILES), []
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                name = self.path.rsplit("/", 1)[1]
                web.asked.append(name)
                answer = web.answers.get(name)
                try:
                    if answer is None:
                        self.send_error(404)
                    elif callable(answer):
                        answer(self)
                    else:
                        send(self, answer)
                except OSError:
                    pass  # the other side has hung up

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads, self.server.block_on_close = True, False
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/mnist/"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def send(handler, content, length=None, pieces=1, pause=0.0):
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content) if length is None else length))
    handler.end_headers()
    step = -(-len(content) // pieces)
    for start in range(0, len(content), step):
        handler.wfile.write(content[start : start + step])
        handler.wfile.flush()
        time.sleep(pause)


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DESCENT_OFFLINE", raising=False)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def web():
    web = Web()
    yield web
    web.close()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "kept"


def load(web, folder, **options):
    urls = web if isinstance(web, list) else web.url
    return data.mnist(folder, urls, **{"checksums": SUMS, "timeout": 5, "progress": False, **options})


def must_be_ours(loaded):
    X_train, labels_train, X_test, labels_test = loaded
    for X, array in ((X_train, ARRAYS[0]), (X_test, ARRAYS[2])):
        assert X.dtype == np.float32 and X.shape == (len(array), 20)
        np.testing.assert_allclose(X * 255, np.reshape(array, X.shape), atol=1e-4)
    assert X_train.min() == 0 and X_train.max() == 1
    np.testing.assert_array_equal(labels_train, ARRAYS[1])
    np.testing.assert_array_equal(labels_test, ARRAYS[3])
    assert labels_train.dtype.kind == "i"


def must_be_bundled(loaded, said, *reasons):
    X, labels = data.digits()
    np.testing.assert_allclose(np.vstack(loaded[::2]), X, atol=1e-7)
    np.testing.assert_array_equal(np.concatenate(loaded[1::2]), labels)
    assert "MNIST could not be fetched" in said and "(1437, 64)" in said and "8 by 8" in said
    for reason in reasons:
        assert reason in said
    assert len([line for line in said.splitlines() if "MNIST could not" in line]) == 1


def files_in(folder):
    return sorted(p.name for p in folder.iterdir()) if folder.exists() else []


def test_it_is_fetched_once_and_then_read_from_the_folder(web, folder):
    must_be_ours(load(web, folder))
    assert web.asked == NAMES and files_in(folder) == sorted(NAMES)
    must_be_ours(load(web, folder))
    assert web.asked == NAMES


def test_by_default_it_is_kept_beside_the_learners_progress(web, tmp_path):
    load(web, None)
    assert files_in(tmp_path / "home" / ".descent" / "mnist") == sorted(NAMES)


def test_the_bar_goes_to_stdout(web, folder, capfd):
    load(web, folder, progress=True)
    out, err = capfd.readouterr()
    assert err == "" and all(name in out for name in NAMES)


def test_a_second_address_helps_out_and_the_first_is_not_asked_again(web, folder):
    poor = Web()
    poor.answers = {}
    must_be_ours(load([poor.url, web.url], folder))
    assert poor.asked == NAMES[:1] and web.asked == NAMES
    poor.close()


def stalls(handler):
    send(handler, FILES[NAMES[0]][:50], length=1000)
    time.sleep(8)


def never_answers(handler):
    time.sleep(8)


def trickles(handler):
    send(handler, bytes(400), pieces=400, pause=0.02)


def hangs_up(handler):
    handler.connection.close()


WRONG = {
    "missing": (None, "it answered 404"),
    "a page of a hotel": (b"<html><body>Please sign in</body></html>", "the checksum differs"),
    "changed by one bit": (bytes([FILES[NAMES[0]][0] ^ 1]) + FILES[NAMES[0]][1:], "the checksum differs"),
    "cut short": (lambda h: send(h, FILES[NAMES[0]][:-9], len(FILES[NAMES[0]])), "it broke off after"),
    "empty": (b"", "the checksum differs"),
    "stalled": (stalls, "it was silent for 0.4 seconds"),
    "silent": (never_answers, "it was silent for 0.4 seconds"),
    "trickling": (trickles, "bytes in 0 seconds"),
    "hung up": (hangs_up, "http://127.0.0.1"),
    "nonsense": (lambda h: h.wfile.write(b"what?\r\n\r\n"), "http://127.0.0.1"),
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("which", [0, 3])
def test_what_the_web_gets_wrong_ends_soon_in_the_bundled_digits_and_leaves_no_such_file(
    name, which, web, folder, capsys
):
    answer, said = WRONG[name]
    web.answers[NAMES[which]] = answer
    began = time.monotonic()
    loaded = load(web, folder, timeout=0.4)
    assert time.monotonic() - began < 3
    must_be_bundled(loaded, capsys.readouterr().out, said)
    assert files_in(folder) == sorted(NAMES[:which])
    web.answers[NAMES[which]] = FILES[NAMES[which]]
    must_be_ours(load(web, folder))


def test_a_slow_web_that_goes_on_is_waited_for(web, folder):
    web.answers[NAMES[0]] = lambda h: send(h, FILES[NAMES[0]], pieces=4, pause=0.2)
    must_be_ours(load(web, folder, timeout=2))


def test_a_file_without_end_is_given_up(web, folder, monkeypatch, capsys):
    monkeypatch.setattr(fetching, "LARGEST", 100)
    web.answers[NAMES[0]] = bytes(100_000)
    must_be_bundled(load(web, folder), capsys.readouterr().out, "more than 100 bytes")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "nothing", []])
def test_without_a_web_the_bundled_digits_come(url, folder, capsys):
    must_be_bundled(data.mnist(folder, url, SUMS, 2, False), capsys.readouterr().out)
    assert files_in(folder) == []


def test_offline_by_choice_asks_no_one_but_reads_what_is_kept(web, folder, monkeypatch, capsys):
    monkeypatch.setenv("DESCENT_OFFLINE", "1")
    must_be_bundled(load(web, folder), capsys.readouterr().out, "DESCENT_OFFLINE")
    assert web.asked == []
    monkeypatch.delenv("DESCENT_OFFLINE")
    load(web, folder)
    monkeypatch.setenv("DESCENT_OFFLINE", "1")
    must_be_ours(load(web, folder))


@pytest.mark.parametrize("damage", [b"", b"<html>", FILES[NAMES[1]][:-3], FILES[NAMES[0]]])
def test_a_damaged_file_is_found_and_mended(damage, web, folder, capsys):
    load(web, folder)
    (folder / NAMES[1]).write_bytes(damage)
    web.asked.clear()
    must_be_ours(load(web, folder))
    assert web.asked == NAMES[1:2] and "damaged" in capsys.readouterr().out
    assert (folder / NAMES[1]).read_bytes() == FILES[NAMES[1]]


def test_a_folder_that_cannot_be_written_costs_only_the_copy(web, tmp_path, capsys):
    (tmp_path / "a file").write_text("not a folder")
    must_be_ours(load(web, tmp_path / "a file"))
    assert "could not be kept" in capsys.readouterr().out
    assert (tmp_path / "a file").read_text() == "not a folder"


def test_a_full_disk_leaves_no_half_file(web, folder, monkeypatch, capsys):
    def full(handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(fetching.os, "fsync", full)
        must_be_ours(load(web, folder))
    assert "No space left" in capsys.readouterr().out and files_in(folder) == []
    must_be_ours(load(web, folder))


LOAD = (
    "import sys; from helpers import data; "
    "print(data.mnist(sys.argv[1], sys.argv[2], eval(sys.argv[3]), 20, False)[0].shape)"
)


def other_process(web, folder):
    command = [sys.executable, "-c", LOAD, str(folder), web.url, repr(SUMS)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_a_killed_download_leaves_nothing_and_the_next_one_works(web, folder):
    arrived = threading.Event()

    def half(handler):
        send(handler, FILES[NAMES[2]][:40], length=1000)
        arrived.set()
        time.sleep(8)

    web.answers[NAMES[2]] = half
    process = other_process(web, folder)
    assert arrived.wait(20)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert files_in(folder) == sorted(NAMES[:2])
    web.answers[NAMES[2]] = FILES[NAMES[2]]
    must_be_ours(load(web, folder))
    assert web.asked.count(NAMES[0]) == 1


def test_two_processes_at_once_both_get_it(web, folder):
    both = threading.Barrier(2)

    def together(handler):
        both.wait(20)
        send(handler, FILES[NAMES[0]], pieces=5, pause=0.05)

    web.answers[NAMES[0]] = together
    processes = [other_process(web, folder) for _ in range(2)]
    assert [p.communicate(timeout=60)[0] for p in processes] == ["(7, 20)\n"] * 2
    assert files_in(folder) == sorted(NAMES)


# the file format


def test_idx_is_read():
    np.testing.assert_array_equal(read_idx(FILES[NAMES[0]], "a", 3), ARRAYS[0])


GOOD = idx(ARRAYS[0])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (GOOD[:-1], "says that it holds 7 x 4 x 5 bytes; 139 bytes follow"),
        (GOOD + b"0", "141 bytes follow"),
        (GOOD[:9], "9 bytes, too few"),
        (b"", "0 bytes, too few"),
        (b"\x00\x00\x0d\x03" + GOOD[4:], "begins with 00 00 0d 03; .* begins with 00 00 08 03"),
        (b"\x01" + GOOD[1:], "begins with 01 00 08 03"),
        (idx(np.zeros((20, 1))), "3 axes"),
        (bytes([0, 0, 8, 3]) + b"\xff" * 12, "4294967295 x 4294967295 x 4294967295 bytes; 0 bytes follow"),
    ],
)
def test_what_is_no_idx_file_is_refused_with_its_name(content, said):
    with pytest.raises(ValueError, match=f"pictures.gz .*{said}"):
        read_idx(gzip.compress(content), "pictures.gz", 3)


@pytest.mark.parametrize("packed", [b"", b"<html>", gzip.compress(GOOD)[:-5], gzip.compress(GOOD)[:30], GOOD])
def test_what_is_no_gzip_file_is_refused_with_its_name(packed):
    with pytest.raises(ValueError, match=r"pictures\.gz "):
        read_idx(packed, "pictures.gz", 3)


def test_as_many_labels_as_pictures_are_needed(web, folder):
    files = {**FILES, NAMES[1]: gzip.compress(idx([1, 2]))}
    web.answers = files
    sums = {name: hashlib.md5(content).hexdigest() for name, content in files.items()}
    with pytest.raises(ValueError, match=r"holds 7 pictures, .* 2 labels"):
        load(web, folder, checksums=sums)
