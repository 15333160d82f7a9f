import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from uptc_messenger.toolkit import folders
from uptc_messenger.toolkit.folders import Claimed, FolderError, claim

HOLD = """
import sys
from pathlib import Path
from uptc_messenger.toolkit.folders import claim
held = claim(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_folder_is_had_once_and_again_after_its_release(tmp_path: Path):
    first = claim(tmp_path)
    with pytest.raises(Claimed) as refused:
        claim(tmp_path)
    assert refused.value.owner == f"process {os.getpid()}"
    assert str(tmp_path) in str(refused.value)
    first.release()
    first.release()
    with claim(tmp_path):
        pass


def test_who_is_killed_leaves_no_claim(tmp_path: Path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(Claimed) as refused:
            claim(tmp_path)
        assert refused.value.owner == f"process {other.pid}"
        other.send_signal(signal.SIGKILL)
        other.wait()
    claim(tmp_path).release()


def test_a_new_folder_is_for_its_owner_only(tmp_path: Path):
    claim(tmp_path / "new" / "data").release()
    assert stat.S_IMODE((tmp_path / "new" / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "new" / "data" / folders.LOCK).stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_root_makes_belongs_to_the_owner_of_the_folder(tmp_path: Path):
    os.chown(tmp_path, 12345, 54321)
    (tmp_path / "made").touch()
    folders.hand_over(tmp_path / "made")
    claim(tmp_path).release()
    for name in ("made", folders.LOCK):
        found = (tmp_path / name).stat()
        assert (found.st_uid, found.st_gid) == (12345, 54321)


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match=r"cannot be used: .+\.$"):
        claim(tmp_path / "file" / "data")


def test_a_file_elsewhere_is_had_with_the_folder_or_not_at_all(tmp_path: Path):
    file = tmp_path / "elsewhere.db"
    first = claim(tmp_path / "a", file)
    with pytest.raises(Claimed, match=r"elsewhere.db is in use by process \d+: stop that first"):
        claim(tmp_path / "b", file)
    claim(tmp_path / "b").release()
    first.release()
    claim(tmp_path / "b", file).release()


def test_where_the_file_cannot_be_the_folder_is_free_again(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match="cannot be used"):
        claim(tmp_path / "a", tmp_path / "file" / "elsewhere.db")
    claim(tmp_path / "a").release()


def test_those_who_share_a_folder_keep_it_from_who_would_have_it_alone(tmp_path: Path):
    with folders.sharing(tmp_path), folders.sharing(tmp_path), pytest.raises(Claimed):
        claim(tmp_path)
    claim(tmp_path).release()


def test_every_new_folder_is_for_its_owner_only(tmp_path: Path):
    wanted = tmp_path / "a" / "b"
    assert folders.make(wanted) == [tmp_path / "a", wanted]
    assert folders.make(wanted) == []
    assert [stat.S_IMODE(each.stat().st_mode) for each in (wanted.parent, wanted)] == [0o700] * 2
