import httpx

from tests.fakes import Running, code_of
from tests.uploads import content, upload


async def test_a_store_that_is_away_is_a_refusal_and_not_half_an_answer(
    server: Running, ana: httpx.AsyncClient
):
    file = await upload(ana, b"hola")
    files = server.application.backend.files
    names = await files.store.names(next(iter(await _folders(server))))
    await files.store.delete(names)
    refused = await ana.get(content(file))
    assert (refused.status_code, code_of(refused)) == (503, "unavailable")
    assert refused.json()["details"] == {"reason": "damaged"}
    assert (await ana.head(content(file))).status_code == 200


async def test_a_shared_computer_keeps_no_file(ana: httpx.AsyncClient):
    file = await upload(ana, b"hola")
    assert (await ana.get(content(file))).headers["cache-control"] == "private, no-cache"
    shared = await ana.get(content(file), headers={"cookie": "shared=1"})
    assert (shared.status_code, shared.headers["cache-control"]) == (200, "no-store")


async def test_what_went_out_is_counted(server: Running, ana: httpx.AsyncClient):
    file = await upload(ana, b"hola")
    await ana.get(content(file))
    await ana.get(content(file), headers={"range": "bytes=1-2"})
    assert server.application.backend.files.served == 6


async def _folders(server: Running) -> set[str]:
    root = server.application.folder.folder / "files"
    return {str(path.parent.relative_to(root)) for path in root.rglob("*") if path.is_file()}
