"""What the course asks of git: in which state a learner's folder is, and what the newest release holds."""

import os
import shutil
import subprocess
import tomllib
from dataclasses import dataclass, field

import nbformat

from course.errors import CourseError

UNFINISHED = {
    "MERGE_HEAD": ("merge", "git merge --abort"),
    "CHERRY_PICK_HEAD": ("cherry-pick", "git cherry-pick --abort"),
    "REVERT_HEAD": ("revert", "git revert --abort"),
    "rebase-merge": ("rebase", "git rebase --abort"),
    "rebase-apply": ("rebase", "git rebase --abort"),
}


@dataclass
class Changes:
    """What the newest release does to the files.   commit: the release   added, other: sets of paths"""

    commit: str
    added: set = field(default_factory=set)
    other: set = field(default_factory=set)


class Repository:
    """A learner's clone of the course. Paths are text, relative to its folder."""

    def __init__(self, root):
        self.root = root
        if shutil.which("git") is None:
            raise CourseError(
                "git was not found, and it is git that fetches the newest course. Nothing was changed. "
                "Install it from https://git-scm.com/downloads, open a new terminal, and run this again."
            )
        top = self._try("rev-parse", "--show-toplevel")
        if not top and (root / ".git").exists():
            raise CourseError(f"git cannot work in this folder; nothing was changed. It says:\n{self._words()}")
        if not top or not os.path.samefile(top, root):
            raise CourseError(_no_clone(root))

    def refuse_unready(self):
        """Raise CourseError, with what to do, where something of git's own is under way or in the way."""
        folder = self.root / self.git("rev-parse", "--git-dir")
        for name, (what, command) in UNFINISHED.items():
            if (folder / name).exists():
                raise CourseError(
                    f"A {what} was begun in this folder and is not finished. Nothing was changed. Finish it, "
                    f"or give it up with `{command}`; then run `make update` again."
                )
        if self.git("ls-files", "--unmerged"):
            raise CourseError(
                "git holds files with conflicts (`git status` lists them). Nothing was changed. Settle them with "
                "`git add FILE`, then run `make update` again."
            )
        if (folder / "index.lock").exists():
            raise CourseError(
                f"Another git is at work in this folder, or one was cut off. Nothing was changed. If none is running, "
                f"delete {folder / 'index.lock'} and run `make update` again."
            )

    def fetch(self):
        """The Changes that the newest release brings; its commit is HEAD where there is nothing newer."""
        branch = self._try("symbolic-ref", "--short", "HEAD")
        published = (self._try("rev-parse", "--abbrev-ref", "origin/HEAD") or "origin/main").removeprefix("origin/")
        if not branch:
            raise CourseError(
                "This folder shows one fixed release, not the newest (git calls it a detached HEAD). Nothing was "
                f"changed. Run `git switch {published}`, then `make update` again."
            )
        if not self._try("rev-parse", "--verify", "@{upstream}"):
            raise CourseError(
                f"Your branch `{branch}` follows no published one. Nothing was changed. Run "
                f"`git branch --set-upstream-to=origin/{published}`, then `make update` again."
            )
        try:
            self.git("fetch", "--quiet")
        except CourseError as problem:
            raise CourseError(
                "The newest course could not be fetched. Your notebooks are as they were. Is the computer online? "
                f"{problem}"
            ) from None
        target = self.git("rev-parse", "@{upstream}")
        if self._is_ancestor(target, "HEAD"):
            return Changes(self.head())
        if not self._is_ancestor("HEAD", target):
            raise CourseError(self._own_commits(target))
        changes = Changes(target)
        rows = self.git("diff", "--no-renames", "--name-status", "-z", "HEAD", target).split("\0")
        for status, path in zip(rows[::2], rows[1::2], strict=False):
            (changes.added if status == "A" else changes.other).add(path)
        return changes

    def _own_commits(self, target):
        begun = self._try("merge-base", "HEAD", target)
        count = int(self.git("rev-list", "--count", f"{target}..HEAD"))
        commits = f"{count} commit{'s' * (count > 1)} of your own"
        if not begun:
            return f"Your folder and the newest course have no history in common. {_clone_anew(self.root)}"
        name = next(n for n in _names("my-work") if not self._try("rev-parse", "--verify", f"refs/heads/{n}"))
        return (
            f"Your folder holds {commits}, and the newest course does not know them. Nothing was changed. To go on: "
            f"`git branch {name}` keeps the commits under that name, `git reset {begun[:12]}` goes back to the "
            "release they began with and leaves all your files as they are. Then run `make update` again."
        )

    def head(self):
        return self.git("rev-parse", "HEAD")

    def tracked(self, folder="", commit="HEAD"):
        """The paths of a release."""
        return set(self._paths("ls-tree", "-r", "--name-only", "-z", commit, *([f"{folder}/"] if folder else [])))

    def removed(self):
        """The paths of the release that is checked out which the learner took away, and told git so."""
        return set(self._paths("diff", "--cached", "--no-renames", "--name-only", "-z", "--diff-filter=D", "HEAD"))

    def changed(self, commit="HEAD"):
        """The paths of files in the folder that differ from a commit, staged or not; deleted ones are left out."""
        paths = self._paths("diff", "--no-renames", "--name-only", "-z", "--diff-filter=d", commit)
        return {path for path in paths if (self.root / path).is_file()}

    def same_as(self, path, commit):
        """Whether a file, tracked or not, is the one of a commit."""
        theirs = self._try("rev-parse", "--verify", f"{commit}:{path}")
        return bool(theirs) and self._try("hash-object", f"--path={path}", "--", path) == theirs

    def notebook(self, commit, path):
        """A notebook as a commit holds it, or None."""
        try:
            return nbformat.reads(self.git("show", f"{commit}:{path}"), as_version=4)
        except (CourseError, ValueError, nbformat.ValidationError):
            return None

    def published(self, path, notebook, commits):
        """The published notebook that a learner's began with, or None.

        commits: where to look first; then the whole history is searched for the seal that the course wrote into it
        """
        seal = seal_of(notebook)
        for commit in commits:
            found = self.notebook(commit, path)
            if found is not None and (seal is None or seal_of(found) == seal):
                return found
        if seal is None or not isinstance(seal, str):
            return None
        for commit in self._try("log", "--all", "--format=%H", f"-S{seal}", "--", path).split():
            found = self.notebook(commit, path)
            if found is not None and seal_of(found) == seal:
                return found
        return None

    def git(self, *arguments):
        """What git prints. Raises CourseError with git's own words."""
        result = self._run(arguments)
        if result.returncode:
            words = result.stderr.strip() or result.stdout.strip()
            raise CourseError(f"`git {' '.join(arguments[:2])}` failed: {words}")
        return result.stdout.rstrip("\n")

    def _try(self, *arguments):
        result = self._run(arguments)
        return "" if result.returncode else result.stdout.strip()

    def _words(self):
        return self._run(("rev-parse", "--show-toplevel")).stderr.strip()

    def _is_ancestor(self, older, newer):
        return self._run(("merge-base", "--is-ancestor", older, newer)).returncode == 0

    def _paths(self, *arguments):
        return [path for path in self.git(*arguments).split("\0") if path]

    def _run(self, arguments):
        # never wait for a password that nobody is asked for
        environment = {**os.environ, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_LITERAL_PATHSPECS": "1"}
        command = ["git", "-c", "core.quotepath=off", *arguments]
        return subprocess.run(
            command, cwd=self.root, env=environment, capture_output=True, encoding="utf-8", errors="surrogateescape"
        )


def seal_of(notebook):
    """The fingerprint that the course wrote into a notebook, or None."""
    own = notebook.metadata.get("descent")
    return own.get("fingerprint") if isinstance(own, dict) else None


def _names(name):
    yield name
    yield from (f"{name}-{number}" for number in range(2, 1000))


def _no_clone(root):
    return (
        "This folder was not made with `git clone` (a downloaded zip?), so there is nothing to update it from. "
        f"{_clone_anew(root)}"
    )


def _clone_anew(root):
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8")) if _has_settings(root) else {}
    name = settings.get("tool", {}).get("descent", {}).get("repository", "").strip("/")
    address = f"https://github.com/{name}" if name else "ADDRESS-OF-THE-COURSE"
    return (
        f"Nothing was changed. To go on: `git clone {address} newest` in another folder, copy the folders `notebooks` "
        "and `.descent` from here over those in `newest`, and run `make update` there. It brings your work into the "
        "newest notebooks."
    )


def _has_settings(root):
    return (root / "pyproject.toml").is_file()
