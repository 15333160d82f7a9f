import io
import json
import logging

import pytest
import structlog
from prometheus_client import CollectorRegistry

from uptc_messenger.toolkit.telemetry import (
    Figure,
    Figures,
    HttpMetrics,
    LogFormat,
    configure_logging,
)

CANARY = "a-secret-that-must-not-appear"


def written(form: LogFormat) -> io.StringIO:
    stream = io.StringIO()
    configure_logging(form, "info", stream)
    return stream


def test_a_line_is_one_json_object_with_its_time():
    stream = written("json")
    structlog.get_logger().info("registered", user_id="7", name="a\nb\x1b[31m")
    line = json.loads(stream.getvalue())
    assert stream.getvalue().count("\n") == 1
    assert line["event"] == "registered"
    assert line["timestamp"].endswith("Z")
    assert line["name"] == "a\nb\x1b[31m"


def test_auto_is_json_where_nobody_reads():
    stream = written("auto")
    structlog.get_logger().info("registered")
    assert json.loads(stream.getvalue())["level"] == "info"


@pytest.mark.parametrize("form", ["json", "human"])
@pytest.mark.parametrize("name", ["password", "old_password", "token", "body", "text", "cookie"])
def test_what_is_secret_by_its_name_is_blanked(form: LogFormat, name: str):
    stream = written(form)
    structlog.get_logger().warning("odd", **{name: CANARY})
    assert CANARY not in stream.getvalue()
    assert "[redacted]" in stream.getvalue()


@pytest.mark.parametrize("form", ["json", "human"])
def test_a_traceback_shows_no_values(form: LogFormat):
    stream = written(form)
    password = CANARY
    try:
        int(f"{len(password)} x")
    except ValueError as error:
        structlog.get_logger().error("failed", exc_info=error)
    assert "ValueError" in stream.getvalue()
    assert CANARY not in stream.getvalue()


def test_a_name_does_not_move_the_cursor_of_a_terminal():
    stream = written("human")
    structlog.get_logger().info("renamed", name="\x1b]52;c;evil\x07\r\nfake line")
    assert "\x1b]52" not in stream.getvalue()
    assert stream.getvalue().count("\n") == 1


def test_a_stream_that_is_gone_does_not_stop_who_tells(capsys: pytest.CaptureFixture[str]):
    stream = written("json")
    stream.close()
    logging.getLogger("asyncio").warning("slow")
    assert "closed file" in capsys.readouterr().err


def test_lines_of_other_libraries_come_out_alike():
    stream = written("json")
    logging.getLogger("uvicorn.error").error("Exception in %s", "ASGI")
    logging.getLogger("uvicorn.error").info("Started")
    assert json.loads(stream.getvalue())["event"] == "Exception in ASGI"


def test_less_than_the_level_is_not_written():
    stream = written("json")
    structlog.get_logger().debug("detail")
    assert stream.getvalue() == ""


def test_answers_are_counted_in_the_registry_that_was_given():
    registry = CollectorRegistry()
    HttpMetrics(registry).observe("GET", "/api/v1/users", 200, 0.003)
    labels = {"method": "GET", "route": "/api/v1/users", "status": "200"}
    assert registry.get_sample_value("http_requests_total", labels) == 1
    assert registry.get_sample_value("http_request_seconds_count", {"route": "/api/v1/users"}) == 1


def test_a_figure_is_read_whenever_somebody_looks():
    registry, kept = CollectorRegistry(), [1, 10]
    waiting = Figure("waiting", "Things that wait.", lambda: kept[0])
    done = Figure("done", "Things done.", lambda: kept[1], counts=True)
    Figures(registry, [waiting, done])
    kept[:] = [2, 20]
    assert registry.get_sample_value("waiting") == 2
    assert registry.get_sample_value("done_total") == 20
