"""A server's TLS certificate: examined before it is used, loaded again when it was renewed."""

import asyncio
import os
import ssl
from pathlib import Path
from typing import Final, NamedTuple

import structlog

CHECK_EVERY_S: Final = 10.0
_TURNS: Final = 8
_log = structlog.get_logger(__name__)


class CertificateError(Exception):
    """A certificate that browsers would refuse; the sentence says why."""


class Files(NamedTuple):
    """The chain in PEM, the server's own certificate first, and its key without passphrase."""

    certificate: Path
    key: Path


class Certificates:
    """The context of a server that goes on with the files' content of today.

    Connections keep what they began with; only new ones get the new certificate. A renewal
    that cannot be used is logged, and the old certificate stays.
    """

    def __init__(self, files: Files, host: str) -> None:
        self._files = files
        self._host = host
        self._seen = _stamp(files)
        self.expires_at = examine(files, host)
        self.context = _load(_server_context(), files)

    def for_server(self, *_: object) -> ssl.SSLContext:
        """The context, in the form in which a server asks for it."""
        return self.context

    def refresh(self) -> bool:
        """Load the files again if they changed; whether a new certificate is in use."""
        seen = _stamp(self._files)
        if seen == self._seen:
            return False
        self._seen = seen
        try:
            self.expires_at = examine(self._files, self._host)
            _load(self.context, self._files)
        except CertificateError as error:
            _log.error("the renewed certificate cannot be used", reason=str(error))
            return False
        _log.info("certificate renewed", expires_at=int(self.expires_at))
        return True

    async def run(self) -> None:
        """Look at the files every few seconds, until cancelled."""
        while True:
            await asyncio.sleep(CHECK_EVERY_S)
            self.refresh()


def examine(files: Files, host: str) -> float:
    """When the certificate expires, in seconds of the Unix epoch.

    Raises `CertificateError` where a browser that opens `host` would not accept it, whoever
    signed it: unreadable, not a pair, expired, not valid yet, for another name.
    """
    for path in files:
        try:
            path.read_bytes()
        except OSError as error:
            raise CertificateError(f"{path} cannot be read: {error.strerror}.") from error
    server = _load(_server_context(), files)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(cafile=files.certificate)
    # The certificate vouches for itself: whether its authority is trusted is for browsers to say.
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        return _expiry(_shake_hands(client, server, host))
    except ssl.SSLCertVerificationError as error:
        reason = error.verify_message.rstrip(".")
        raise CertificateError(f"The certificate {files.certificate}: {reason}.") from error
    except ssl.SSLError as error:
        reason = error.reason or "unknown reason"
        raise CertificateError(f"{files.certificate} cannot be used: {reason}.") from error


def _shake_hands(client: ssl.SSLContext, server: ssl.SSLContext, host: str) -> ssl.SSLObject:
    """The client's end of a conversation with ourselves, in memory."""
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(to_client, to_server, server_hostname=host)
    answering = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(_TURNS):
        for side in (asking, answering):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return asking


def _expiry(connection: ssl.SSLObject) -> float:
    found = connection.getpeercert() or {}
    return ssl.cert_time_to_seconds(str(found["notAfter"]))


def _server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context


def _load(context: ssl.SSLContext, files: Files) -> ssl.SSLContext:
    try:
        # Without a password OpenSSL would ask for one on the terminal and wait.
        context.load_cert_chain(files.certificate, files.key, password="")
    except (ssl.SSLError, ValueError, OSError) as error:
        if getattr(error, "reason", None) == "KEY_VALUES_MISMATCH":
            sentence = f"{files.certificate} and {files.key} do not belong together."
        else:
            sentence = (
                f"{files.certificate} and {files.key} do not hold a certificate and its key, "
                "in PEM and without a passphrase."
            )
        raise CertificateError(sentence) from error
    return context


def _stamp(files: Files) -> tuple[tuple[int, int, int] | None, ...]:
    return tuple(_stamp_of(path) for path in files)


def _stamp_of(path: Path) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - follows the links of certbot
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
