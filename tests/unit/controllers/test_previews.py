from tests import media
from tests.fakes import ServerTasks, code_of
from tests.sites import ok, site
from tests.talk import person


async def test_a_preview_arrives_with_its_image_and_is_taken_off(servers: ServerTasks):
    server = await servers.start(previews_links="on", previews_loopback=True)
    ana, luis, eva = [await person(server, name) for name in ("ana", "luis", "eva")]
    chat = await ana.found(luis)
    async with (
        site() as outside,
        ana.http() as by_ana,
        luis.http() as by_luis,
        eva.http() as by_eva,
    ):
        outside.answers["/foto.jpg"] = ok(media.picture(), "image/jpeg")
        talker = await luis.watch(chat)
        sender = await ana.watch(chat)
        await sender.send(chat, f"Vean {outside.shows()}")
        told = await talker.hear("event", kind="message.previewed")
        shown = told["data"]["preview"]
        assert (shown["title"], shown["image"]["alt"]) == ("Feria del libro", "Estantes con libros")
        content = f"/api/v1/files/{shown['image']['file_id']}/content"
        picture = await by_luis.get(content)
        assert picture.headers["content-type"] == "image/webp"
        assert code_of(await by_eva.get(content)) == "not_found"
        at = f"/api/v1/chats/{chat}/messages/{told['data']['message_id']}/preview"
        assert code_of(await by_luis.delete(at)) == "forbidden"
        assert (await by_ana.delete(at)).json() == {"seq": 3}
        gone = await talker.hear("event", kind="message.previewed")
        assert "preview" not in gone["data"]
        assert code_of(await by_luis.get(content)) == "not_found"
        assert (await by_ana.delete(at)).json() == {"duplicate": True}
        figures = (await by_ana.get("/metrics")).text
        assert "previews_made_total 1" in figures.replace("uptc_", "").replace(".0", "")
        await talker.socket.close()
        await sender.socket.close()


async def test_off_is_the_default(servers: ServerTasks):
    server = await servers.start()
    previewer = server.application.chores.previewer
    assert previewer is not None
    assert not previewer.on
