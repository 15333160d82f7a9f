from pathlib import Path

import pytest

from uptc_messenger.services.websocket.broker import BusError
from uptc_messenger.services.websocket.nkeys import Key, read_credentials, read_nkey, seed_of

# The pair of NATS's own documentation.
SEED = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY"
PUBLIC = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4"
CREDS = f"""-----BEGIN NATS USER JWT-----
eyJ0.eyJ1.c2ln
------END NATS USER JWT------

************************* IMPORTANT *************************

-----BEGIN USER NKEY SEED-----
{SEED}
------END USER NKEY SEED------
"""


def test_a_seed_is_its_public_key():
    assert Key(SEED).public == PUBLIC
    assert Key(f" {SEED}\n").public == PUBLIC
    assert [Key(seed_of(kind << 3, bytes(32))).public[0] for kind in (20, 14, 0)] == ["U", "O", "A"]


@pytest.mark.parametrize("seed", ["", "what", PUBLIC, SEED[:-1] + "A", SEED[:-8]])
def test_what_is_no_seed_is_refused(seed: str):
    with pytest.raises(ValueError, match=r"base32|seed"):
        Key(seed)


def test_files_are_read_and_what_is_wrong_with_them_is_said(tmp_path: Path):
    seed, creds, empty = tmp_path / "seed.nk", tmp_path / "user.creds", tmp_path / "empty"
    seed.write_text(SEED)
    creds.write_text(CREDS)
    empty.write_bytes(b"\xff")
    assert read_nkey(str(seed)).public == PUBLIC
    jwt, key = read_credentials(str(creds))
    assert (jwt, key.public) == ("eyJ0.eyJ1.c2ln", PUBLIC)
    for read in (read_nkey, read_credentials):
        for path, words in ((tmp_path / "none", "cannot be read"), (empty, "not a text")):
            with pytest.raises(BusError, match=words):
                read(str(path))
    with pytest.raises(BusError, match="no key of NATS"):
        read_nkey(str(creds))
    with pytest.raises(BusError, match="has not the JWT"):
        read_credentials(str(seed))
