"""An installation moves to PostgreSQL while people write; their clients go on where they were."""

import subprocess
import sys
from pathlib import Path

from tests import postgres
from tests.blackbox.conftest import UNLIMITED
from tests.blackbox.people import Town
from tests.server import serving


def command(*line: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command line as an operator does."""
    return subprocess.run(
        [sys.executable, "-m", "uptc_messenger", *map(str, line)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def test_clients_resume_on_the_new_database(tmp_path: Path):
    data = tmp_path / "data"
    with postgres.serving() as server:
        await server.execute("CREATE DATABASE uptc")
        place = server.url("uptc")
        line = ("promote", "--to", place, "--data", data)
        with serving(data, "--registration", "open", **UNLIMITED) as old:
            town = Town(old.url)
            ana, ben = await town.person("ana"), await town.person("ben")
            chat_id = await ana.found(ben)
            socket = await ana.connect(chat_id)
            said = await socket.say(chat_id, "uno")
            await socket.settle()
            known = socket.welcome
            copied = command(*line)
            assert copied.returncode == 6, copied.stderr
            assert "beside the server" in copied.stdout
            await ben.post(chat_id, "mientras tanto")
            await town.close()
            old.stop()
        moved = command(*line)
        assert moved.returncode == 0, moved.stderr
        assert "Proven: every table and the digest of every chat are equal." in moved.stdout
        refused = command("serve", "--port", "0", "--data", data)
        assert refused.returncode == 3
        assert "This installation was moved to postgresql://postgres@" in refused.stderr
        with serving(data, "--database", place, "--registration", "open", **UNLIMITED) as new:
            resume = {
                "useq": known["useq"],
                "sync_token": known["sync_token"],
                "open": [{"chat_id": chat_id, "seq": said["seq"]}],
            }
            town = Town(new.url)
            back = await town.socket(
                token=ana.token,
                resume=resume,
                view={"open": [chat_id]},
            )
            assert back.welcome["log_epoch"] == known["log_epoch"]
            assert back.welcome["resumed"] is True
            told = await back.hear(lambda frame: frame["type"] == "sync.result")
            assert told["reset"] is False
            assert [item["data"]["body"]["text"] for item in told["items"]] == ["mientras tanto"]
            again = await back.say(chat_id, "dos")
            assert again["seq"] == said["seq"] + 2
            await town.close()
            assert new.stop() in {0, -15}
