"""The compile cache reads machine code only from files that nobody else could have written, and survives what it finds."""

import hashlib
import json
import os
import stat
import warnings
from pathlib import Path

import pytest

from minispore.graph import cache

posix = pytest.mark.skipif(os.name == "nt", reason="owners and modes of files are those of POSIX")
root = pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can give files to another user")
KEY = "ab" + "0" * 62
CODE = b"\x7fELF and so on\n with a line break"
ANOTHER_USER = 54321


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty cache directory."""
    home = tmp_path / "cache"
    monkeypatch.setenv("MINISPORE_CACHE_DIR", str(home))
    monkeypatch.setattr(cache, "_warned", False)
    return home


def entry(folder) -> Path:
    return folder / KEY[:2] / f"{KEY}.o"


def load_with_warnings():
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        found = [cache.load(KEY), cache.load(KEY)]
    assert found[0] == found[1]
    return found[0], [str(w.message) for w in seen]


def test_what_is_stored_is_loaded(folder):
    cache.store(KEY, "f", CODE)
    assert load_with_warnings() == (("f", CODE), [])
    assert cache.has(KEY)


@posix
def test_files_and_folders_are_made_for_the_user_alone(folder):
    before = os.umask(0)
    try:
        cache.store(KEY, "f", CODE)
    finally:
        os.umask(before)
    for path in (folder, folder / KEY[:2], entry(folder)):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


@posix
@pytest.mark.parametrize("which", ["folder", "shelf", "file"])
@pytest.mark.parametrize("mode", [0o020, 0o002])
def test_what_others_may_write_to_is_not_read(folder, which, mode):
    cache.store(KEY, "f", CODE)
    path = {"folder": folder, "shelf": folder / KEY[:2], "file": entry(folder)}[which]
    path.chmod(stat.S_IMODE(path.stat().st_mode) | mode)
    found, said = load_with_warnings()
    assert found is None and len(said) == 1 and "chmod go-w" in said[0]


@root
@pytest.mark.parametrize("which", ["folder", "shelf", "file"])
def test_what_belongs_to_another_user_is_not_read(folder, which):
    cache.store(KEY, "f", CODE)
    path = {"folder": folder, "shelf": folder / KEY[:2], "file": entry(folder)}[which]
    os.chown(path, ANOTHER_USER, -1)
    found, said = load_with_warnings()
    assert found is None and len(said) == 1 and "another user" in said[0]


@posix
def test_a_link_to_a_file_is_not_followed(folder, tmp_path):
    cache.store(KEY, "f", CODE)
    elsewhere = tmp_path / "elsewhere.o"
    entry(folder).rename(elsewhere)
    entry(folder).symlink_to(elsewhere)
    assert cache.load(KEY) is None


@posix
def test_nothing_is_kept_in_a_directory_of_everybody(folder):
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    with pytest.warns(RuntimeWarning, match="chmod go-w"):
        cache.store(KEY, "f", CODE)
    assert not list(folder.glob("*/*"))


HEADERS = {
    "brackets": b"[" * 100_000,
    "nested": b'{"key": ' + b"[" * 2000,
    "no JSON": b"\xff\xfe\x00",
    "a list": b"[1, 2]",
    "a number": b"17",
    "no symbol": json.dumps({"key": KEY, "sha256": hashlib.sha256(CODE).hexdigest()}).encode(),
    "a symbol that is no text": json.dumps({"key": KEY, "sha256": hashlib.sha256(CODE).hexdigest(), "symbol": 1}).encode(),
    "another key": json.dumps({"key": "cd", "sha256": hashlib.sha256(CODE).hexdigest(), "symbol": "f"}).encode(),
    "another sum": json.dumps({"key": KEY, "sha256": "0", "symbol": "f"}).encode(),
    "empty": b"",
}  # fmt: skip


@pytest.mark.parametrize("header", HEADERS)
def test_a_damaged_file_is_taken_away(folder, header):
    cache.store(KEY, "f", CODE)
    entry(folder).write_bytes(HEADERS[header] + b"\n" + CODE)
    assert cache.load(KEY) is None and not entry(folder).exists()


@pytest.mark.parametrize("length", [0, 1, 50, 200])
def test_a_file_that_was_cut(folder, length):
    cache.store(KEY, "f", CODE)
    entry(folder).write_bytes(entry(folder).read_bytes()[:length])
    assert cache.load(KEY) is None


@pytest.mark.parametrize("what", ["a directory", "a pipe"])
def test_something_else_in_the_place_of_a_file(folder, what):
    if what == "a pipe" and not hasattr(os, "mkfifo"):
        pytest.skip("no pipes in the file system here")
    entry(folder).parent.mkdir(parents=True, mode=0o700)
    entry(folder).mkdir() if what == "a directory" else os.mkfifo(entry(folder))
    assert cache.load(KEY) is None  # and does not wait for a writer
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        cache.store(KEY, "f", CODE)
    assert len(seen) == (what == "a directory")


def test_a_full_disk_costs_one_warning(folder, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache.tempfile, "mkstemp", full)
    with pytest.warns(RuntimeWarning, match="No space left"):
        cache.store(KEY, "f", CODE)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cache.store(KEY, "f", CODE)


def test_no_home_directory(monkeypatch):
    def nobody():
        raise RuntimeError("Could not determine home directory.")

    for name in ("MINISPORE_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(cache, "_warned", False)
    monkeypatch.setattr(Path, "home", staticmethod(nobody))
    with pytest.warns(RuntimeWarning, match="MINISPORE_CACHE_DIR"):
        assert cache.load(KEY) is None
    cache.store(KEY, "f", CODE)
    assert not cache.has(KEY)
