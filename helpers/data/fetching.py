"""Fetches files from the web into a folder: checked, whole or not at all, and never waiting without end."""

import hashlib
import http.client
import os
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

LARGEST = 64 * 2**20  # bytes; a file that goes on and on is not one of ours
SLOWEST = 5_000  # bytes a second, on average, below which a download is given up


class NotFetched(Exception):
    """A file could not be had; the message says from where and why, each in a few words."""


def fetch(name, mirrors, folder, md5, timeout, progress):
    """The bytes of a file, from the folder where it is there and whole, else from the first mirror that gives it whole.

    mirrors: addresses that the file's name is put behind; one that fails is moved to the end, for the files to come
    timeout: seconds of silence after which a mirror is given up; one slower than SLOWEST is given up after them, too
    """
    path = Path(folder) / name
    kept = _kept(path)
    if kept is not None and _digest(kept) == md5:
        return kept
    if kept is not None:
        print(f"{path} is damaged and is fetched again.")
    problems = []
    for mirror in list(mirrors):
        try:
            content = _download(mirror.rstrip("/") + "/" + name, name, timeout, progress)
            if _digest(content) == md5:
                _keep(path, content)
                return content
            problem = "it sent something else (the checksum differs)"
        except (OSError, http.client.HTTPException, ValueError) as failure:
            problem = _in_words(failure, timeout)
        problems.append(f"{mirror}: {problem}")
        mirrors.append(mirrors.pop(mirrors.index(mirror)))
    raise NotFetched("; ".join(problems) or "there is no address to ask")


def _download(address, name, timeout, progress):
    from tqdm import tqdm

    request = urllib.request.Request(address, headers={"User-Agent": "descent-course"})
    began = time.monotonic()
    with urllib.request.urlopen(request, timeout=timeout) as response:
        length = response.headers.get("Content-Length", "")
        total = int(length) if length.isdigit() else None
        parts, got = [], 0
        options = {"unit": "B", "unit_scale": True, "unit_divisor": 1024, "file": sys.stdout, "disable": not progress}
        with tqdm(total=total, desc=name, **options) as bar:
            while part := response.read1(1 << 16):
                parts.append(part)
                got += len(part)
                bar.update(len(part))
                waited = time.monotonic() - began
                if waited > timeout and got < SLOWEST * waited:
                    raise ValueError(f"it sent only {got} bytes in {waited:.0f} seconds")
                if got > LARGEST:
                    raise ValueError(f"it sent more than {LARGEST} bytes")
    if total is not None and got != total:
        raise ValueError(f"it broke off after {got} of {total} bytes")
    return b"".join(parts)


def _in_words(failure, timeout):
    if isinstance(failure, urllib.error.HTTPError):
        return f"it answered {failure.code} {failure.reason}"
    reason = getattr(failure, "reason", failure)
    if isinstance(reason, TimeoutError):
        return f"it was silent for {timeout:g} seconds"
    return str(getattr(reason, "strerror", None) or reason) or type(failure).__name__


def _kept(path):
    try:
        return path.read_bytes()
    except OSError:
        return None


def _keep(path, content):
    """Put a file in its place whole, whoever else does the same. Where that cannot be, only the copy is lost."""
    part = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as problem:
        if part:
            Path(part).unlink(missing_ok=True)
        print(f"({path} could not be kept: {problem.strerror}. It will be fetched again the next time.)")


def _digest(content):
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
