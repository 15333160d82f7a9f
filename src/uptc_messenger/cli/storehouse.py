"""The question of `uptc-messenger doctor` about files: can they be stored, seen and previewed."""

import asyncio
import secrets
from pathlib import Path

from uptc_messenger.cli.findings import Finding
from uptc_messenger.models.errors import Unavailable
from uptc_messenger.services.files.decoding import films, pages
from uptc_messenger.services.files.store_obstore import open_store
from uptc_messenger.settings import Settings, lonely_files


async def files(settings: Settings) -> list[Finding]:
    """Whether an object can be stored and read again, and what previews are made of."""
    if (reason := lonely_files(settings)) is not None:
        return [Finding(name="files", verdict="fail", told=reason)]
    return [await _store(settings), _previews(settings)]


async def _store(settings: Settings) -> Finding:
    folder = settings.files.folder(Path(settings.server.data))
    if folder is not None and not await asyncio.to_thread(folder.exists):
        told = f"There is no folder {folder} yet; the first `uptc-messenger serve` makes it."
        return Finding(name="files", verdict="warn", told=told)
    place = settings.files.url or str(folder)
    name, data = f"doctor/{secrets.token_hex(8)}", secrets.token_bytes(64)
    try:
        store = open_store(settings.files, Path(settings.server.data))
        await store.put(name, data)
        try:
            found = b"".join([piece async for piece in store.read(name, 0, len(data))])
        finally:
            await store.delete([name])
    except Unavailable as error:
        told = (
            f"{place}: {error.sentence} Mend `files`, its credentials, or the rights of the folder."
        )
        return Finding(name="files", verdict="fail", told=told)
    verdict = "ok" if found == data else "fail"
    told = f"{place} keeps what it is given." if found == data else f"{place} gives something else."
    return Finding(name="files", verdict=verdict, told=told)


def _previews(settings: Settings) -> Finding:
    if settings.files.previews == "images":
        told = "Pictures have previews; films and documents have none, as `files_previews` says."
        return Finding(name="previews", verdict="ok", told=told)
    missing = [
        f"{tool} ({what})"
        for there, tool, what in (
            (films.available(), "ffmpeg", "films and sounds"),
            (pages.available(), "pdftoppm, of poppler-utils", "PDFs"),
        )
        if not there
    ]
    if not missing:
        told = "Pictures, films, sounds and PDFs have previews."
        return Finding(name="previews", verdict="ok", told=told)
    told = f"Only some files have previews: install {' and '.join(missing)}, or leave it so."
    return Finding(name="previews", verdict="warn", told=told)
