"""Firefox and WebKitGTK, driven without a library: the two calls that the drift suite needs."""

import itertools
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from websockets.sync.client import ClientConnection, connect

WAIT_S = 30.0


class Engine(Protocol):
    """A browser with one page."""

    def goto(self, url: str) -> None: ...

    def evaluate(self, expression: str) -> Any:
        """The value of an expression, awaited; JSON both ways."""
        ...


class Firefox:
    """WebDriver BiDi over the browser's own socket."""

    def __init__(self, socket_: ClientConnection) -> None:
        self._socket = socket_
        self._numbers = itertools.count(1)
        self._call("session.new", {"capabilities": {}})
        contexts = self._call("browsingContext.getTree", {})["contexts"]
        self._context: str = contexts[0]["context"]
        self._call(
            "browsingContext.setViewport",
            {"context": self._context, "viewport": {"width": 1280, "height": 800}},
        )

    def goto(self, url: str) -> None:
        self._call(
            "browsingContext.navigate", {"context": self._context, "url": url, "wait": "complete"}
        )

    def evaluate(self, expression: str) -> Any:
        wrapped = f"(async () => JSON.stringify(await ({expression})) ?? 'null')()"
        answer = self._call(
            "script.evaluate",
            {"expression": wrapped, "target": {"context": self._context}, "awaitPromise": True},
        )
        if answer["type"] == "exception":
            raise AssertionError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def _call(self, method: str, params: dict[str, Any]) -> Any:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(timeout=WAIT_S))
            if answer.get("id") != number:
                continue
            if answer["type"] == "error":
                raise AssertionError(f"{method}: {answer['message']}")
            return answer["result"]


class WebKit:
    """Classic WebDriver over HTTP."""

    def __init__(self, address: str) -> None:
        self._address = address
        program = shutil.which("MiniBrowser") or _mini_browser()
        wanted = {
            "capabilities": {
                "alwaysMatch": {
                    "browserName": "MiniBrowser",
                    "webkitgtk:browserOptions": {"binary": program, "args": ["--automation"]},
                }
            }
        }
        self._session: str = self._call("POST", "/session", wanted)["sessionId"]
        self._call("POST", f"{self._base}/timeouts", {"script": int(WAIT_S * 1000)})
        self._call("POST", f"{self._base}/window/rect", {"width": 1280, "height": 800})

    @property
    def _base(self) -> str:
        return f"/session/{self._session}"

    def goto(self, url: str) -> None:
        self._call("POST", f"{self._base}/url", {"url": url})

    def evaluate(self, expression: str) -> Any:
        script = (
            "const done = arguments[arguments.length - 1];"
            f"(async () => JSON.stringify(await ({expression})) ?? 'null')()"
            ".then(done, error => done(JSON.stringify({failed: String(error)})))"
        )
        text: str = self._call(
            "POST", f"{self._base}/execute/async", {"script": script, "args": []}
        )
        if text.startswith('{"failed"'):
            raise AssertionError(text)
        return json.loads(text)

    def close(self) -> None:
        self._call("DELETE", self._base)

    def _call(self, method: str, path: str, body: object = None) -> Any:
        request = urllib.request.Request(f"{self._address}{path}", method=method)
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, timeout=WAIT_S * 2) as answer:
                return json.loads(answer.read())["value"]
        except urllib.error.HTTPError as refusal:
            raise AssertionError(refusal.read().decode()[:400]) from refusal


def _mini_browser() -> str:
    for folder in Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"):
        return str(folder)
    for folder in Path("/usr/lib").glob("*/webkitgtk-*/MiniBrowser"):
        return str(folder)
    return "MiniBrowser"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _until_open(port: int) -> None:
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"nothing listens on port {port}")


@contextmanager
def firefox() -> Generator[Firefox]:
    """Firefox ESR without a window."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    assert program is not None
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="firefox-") as profile:
        command = [program, "--headless", "--no-remote", "--profile", profile]
        with _running([*command, f"--remote-debugging-port={port}"], {"HOME": profile}):
            _until_open(port)
            with connect(f"ws://127.0.0.1:{port}/session", max_size=None) as opened:
                yield Firefox(opened)


@contextmanager
def webkit() -> Generator[WebKit]:
    """WebKitGTK's own small browser, on a screen that nobody sees."""
    port = _free_port()
    driver = ["WebKitWebDriver", f"--port={port}", "--host=127.0.0.1"]
    if shutil.which("xvfb-run") is not None:
        driver = ["xvfb-run", "-a", *driver]
    environment = {
        "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
        "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
    }
    with _running(driver, environment):
        _until_open(port)
        opened = WebKit(f"http://127.0.0.1:{port}")
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Generator[None]:
    process = subprocess.Popen(
        command,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        os.killpg(process.pid, 15)
        process.wait(timeout=20)
