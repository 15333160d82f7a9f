import os
import stat
from pathlib import Path

import pytest

from uptc_messenger.toolkit import unix
from uptc_messenger.toolkit.unix import SocketError


def test_only_the_user_may_open_it_whatever_the_umask(tmp_path: Path):
    before = os.umask(0)
    try:
        with unix.bind(tmp_path / "a.sock"):
            assert stat.S_IMODE((tmp_path / "a.sock").stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_nobody_connects_before_it_listens(tmp_path: Path):
    with unix.bind(tmp_path / "a.sock"), pytest.raises(ConnectionRefusedError):
        unix.connect(tmp_path / "a.sock", 1)


def test_what_a_dead_server_left_is_replaced(tmp_path: Path):
    unix.bind(tmp_path / "a.sock").close()
    with unix.bind(tmp_path / "a.sock") as listener:
        listener.listen()
        unix.connect(tmp_path / "a.sock", 1).close()


@pytest.mark.parametrize("make", ["file", "folder", "link"])
def test_what_is_no_socket_is_left_alone(tmp_path: Path, make: str):
    path = tmp_path / "a.sock"
    if make == "file":
        path.write_text("mine")
    elif make == "folder":
        path.mkdir()
    else:
        path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SocketError, match="in the way"):
        unix.bind(path)
    assert path.is_symlink() or path.exists()


def test_where_it_cannot_be_made_is_said(tmp_path: Path):
    with pytest.raises(SocketError, match=r"cannot be made: .+\.$"):
        unix.bind(tmp_path / "missing" / "a.sock")


def test_a_path_longer_than_an_address_works(tmp_path: Path):
    folder = tmp_path / ("x" * 100) / ("y" * 100)
    folder.mkdir(parents=True)
    with unix.bind(folder / "a.sock") as listener:
        listener.listen()
        with unix.connect(folder / "a.sock", 1) as here:
            there, _ = listener.accept()
            with there:
                here.sendall(b"hola")
                assert there.recv(4) == b"hola"
    assert stat.S_ISSOCK((folder / "a.sock").stat().st_mode)


def test_nobody_there_is_an_error_of_the_system(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        unix.connect(tmp_path / "a.sock", 1)
