"""A certificate authority that exists for one test."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

from uptc_messenger.toolkit.certificates import Files

HOST = "chat.example.test"


class Authority:
    """Issues certificates into a folder, and says whom a client trusts."""

    def __init__(self, folder: Path) -> None:
        self._ca = trustme.CA()
        self.files = Files(folder / "fullchain.pem", folder / "privkey.pem")

    def issue(self, host: str = HOST, *, days: float = 30) -> Files:
        """Write a certificate that expires in so many days, over the one that is there."""
        expires = datetime.now(UTC) + timedelta(days=days)
        leaf = self._ca.issue_cert(host, not_before=expires - timedelta(days=60), not_after=expires)
        chain = b"".join(blob.bytes() for blob in leaf.cert_chain_pems)
        self.files.certificate.write_bytes(chain)
        self.files.key.write_bytes(leaf.private_key_pem.bytes())
        return self.files

    def write(self, path: Path) -> Path:
        """The certificate of the authority itself, for who is to trust it."""
        path.write_bytes(self._ca.cert_pem.bytes())
        return path

    def trusting(self) -> ssl.SSLContext:
        """A client's context that trusts this authority and no other."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=self._ca.cert_pem.bytes().decode())
        return context
