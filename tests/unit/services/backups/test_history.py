from pathlib import Path

from uptc_messenger.services.backups import history
from uptc_messenger.services.backups.writing import Made

MADE = Made(path="/b/a.gz", installation_id="mine", created_at=5_000, size=1, rows=1, chats=1)


def test_it_is_remembered_and_a_proof_ends_a_failure(tmp_path: Path):
    log = history.of(tmp_path)
    assert log.read().last_backup is None
    log.made(MADE)
    log.failed("The disk is full.")
    known = log.read()
    assert known.last_backup == history.Event(at=5_000, path="/b/a.gz")
    assert known.failure is not None
    assert known.failure.reason == "The disk is full."
    log.proven(Path("/b/a.gz"), "mine")
    known = history.of(tmp_path).read()
    assert known.failure is None
    assert known.last_proof is not None
    assert known.last_proof.path == "/b/a.gz"


def test_the_proof_of_another_installation_is_no_news(tmp_path: Path):
    log = history.of(tmp_path)
    log.made(MADE)
    log.proven(Path("/b/other.gz"), "another")
    assert log.read().last_proof is None


def test_since_when_it_counts_as_late_is_kept(tmp_path: Path):
    log = history.of(tmp_path)
    log.begin()
    assert history.of(tmp_path).read().since == log.read().since


def test_a_damaged_or_unwritable_file_stops_nothing(tmp_path: Path):
    (tmp_path / "backups.json").write_text("{")
    log = history.of(tmp_path)
    log.made(MADE)
    assert log.read().last_backup is not None
    history.of(tmp_path / "nowhere").made(MADE)
    assert history.of(tmp_path / "nowhere").read().last_backup is None
