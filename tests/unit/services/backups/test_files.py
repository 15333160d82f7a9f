import hashlib
import os
from pathlib import Path

import pytest

from uptc_messenger.services.backups import files
from uptc_messenger.services.backups.archive import BackupError
from uptc_messenger.services.files.contents import Whole

ONE = "ab/" + "ab" * 16 + "/" + "0" * 16
OTHER = "cd/" + "cd" * 16 + "/" + "1" * 16


def put(folder: Path, name: str, data: bytes) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def listed(backup: Path, objects: dict[str, int]) -> str:
    text = files.written(objects)
    digest = hashlib.sha256(text).hexdigest()
    files.list_of(backup, digest).write_bytes(text)
    return digest


def test_each_object_is_there_once_however_many_backups_have_it(tmp_path: Path):
    source, pool = tmp_path / "files", tmp_path / "uptc-files"
    put(source, ONE, b"hola")
    files.copy([ONE, OTHER], source, pool)
    assert files.present({ONE: 4, OTHER: 4}, pool) == {ONE: 4}
    assert (pool / ONE).stat().st_ino == (source / ONE).stat().st_ino
    put(source, OTHER, b"otro")
    files.copy([ONE, OTHER], source, pool)
    assert files.present({ONE: 4, OTHER: 4}, pool) == {ONE: 4, OTHER: 4}


def test_on_another_disk_it_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def crossing(self: Path, target: Path) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(Path, "hardlink_to", crossing)
    put(tmp_path / "files", ONE, b"hola")
    files.copy([ONE], tmp_path / "files", tmp_path / "pool")
    assert (tmp_path / "pool" / ONE).read_bytes() == b"hola"
    assert len([path for path in (tmp_path / "pool").rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", ONE + "/x", "ab/x/y"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str):
    with pytest.raises(BackupError):
        files.copy([name], tmp_path, tmp_path / "pool")
    digest = listed(tmp_path / "b", {name: 4})
    assert files.read(tmp_path / "b", digest) == {}


def test_the_list_is_the_one_of_the_backup(tmp_path: Path):
    backup = tmp_path / "a.backup.gz"
    digest = listed(backup, {ONE: 4})
    assert files.read(backup, digest) == {ONE: 4}
    assert files.read(backup, "") == {}
    files.list_of(backup, digest).write_bytes(files.written({}))
    with pytest.raises(BackupError, match="not the one"):
        files.read(backup, digest)
    files.list_of(backup, digest).unlink()
    with pytest.raises(BackupError, match="cannot be read"):
        files.read(backup, digest)


def test_what_is_missing_or_damaged_is_told(tmp_path: Path):
    backup, pool = tmp_path / "a.backup.gz", tmp_path / files.POOL
    put(pool, ONE, b"hola")
    files.check(backup, {ONE: 4})
    with pytest.raises(BackupError, match="1 of 2"):
        files.check(backup, {ONE: 4, OTHER: 4})
    whole = Whole(sha256=hashlib.sha256(b"hola").digest(), objects=(ONE,))
    files.prove(backup, {ONE: 4}, [whole])
    put(pool, ONE, b"hole")
    with pytest.raises(BackupError, match="damaged"):
        files.prove(backup, {ONE: 4}, [whole])


def test_what_no_backup_has_is_swept(tmp_path: Path):
    put(tmp_path / files.POOL, ONE, b"hola")
    put(tmp_path / files.POOL, OTHER, b"otro")
    listed(tmp_path / "a.backup.gz", {ONE: 4})
    assert files.sweep(tmp_path) == 1
    assert files.present({ONE: 4, OTHER: 4}, tmp_path / files.POOL) == {ONE: 4}


def test_nothing_is_swept_while_a_backup_is_written(tmp_path: Path):
    put(tmp_path / files.POOL, ONE, b"hola")
    with files.held(tmp_path / "a.gz"), files.held(tmp_path / "b.gz"):
        assert files.sweep(tmp_path) == 0
    assert files.sweep(tmp_path) == 1


def test_what_is_none_of_ours_is_not_swept(tmp_path: Path):
    pool = tmp_path / files.POOL
    put(pool, "ab/notes/plan.txt", b"mine")
    put(pool, f"{ONE}.4711", b"an interrupted copy")
    assert files.sweep(tmp_path) == 1
    assert (pool / "ab/notes/plan.txt").exists()


def test_objects_are_on_the_disk_with_every_folder_above_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    synced: list[Path] = []
    monkeypatch.setattr(files, "sync", synced.append)
    put(tmp_path / "files", ONE, b"hola")
    pool = tmp_path / "pool"
    files.copy([ONE], tmp_path / "files", pool)
    above = (pool / ONE).parents
    assert set(synced) == {above[0], above[1], pool, tmp_path}
    synced.clear()
    files.copy([ONE], tmp_path / "files", pool)
    assert synced == []


def test_what_the_server_lets_go_of_meanwhile_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def gone(self: Path, target: Path) -> None:
        target.unlink()
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(Path, "hardlink_to", gone)
    put(tmp_path / "files", ONE, b"hola")
    files.copy([ONE], tmp_path / "files", tmp_path / "pool")
    assert files.present({ONE: 4}, tmp_path / "pool") == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_root_restores_belongs_to_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def crossing(self: Path, target: Path) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(Path, "hardlink_to", crossing)
    put(tmp_path / "pool", ONE, b"hola")
    data = tmp_path / "data"
    data.mkdir()
    os.chown(data, 12345, 54321)
    files.copy([ONE], tmp_path / "pool", data / "files")
    for path in (data / "files").rglob("*"):
        assert (path.stat().st_uid, path.stat().st_gid) == (12345, 54321)
        assert path.is_file() or path.stat().st_mode & 0o777 == 0o700


def test_the_list_of_a_backup_that_was_replaced_goes_and_no_other(tmp_path: Path):
    backup = tmp_path / "a.gz"
    old, new = listed(backup, {ONE: 4}), listed(backup, {OTHER: 4})
    elsewhere = listed(tmp_path / "b.gz", {ONE: 4})
    files.forget(backup, but=new)
    assert not files.list_of(backup, old).exists()
    assert files.list_of(backup, new).exists()
    files.forget(backup)
    assert not files.list_of(backup, new).exists()
    assert files.list_of(tmp_path / "b.gz", elsewhere).exists()
