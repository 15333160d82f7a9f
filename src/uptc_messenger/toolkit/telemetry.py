"""Logs and metrics: one line for what happened, one number for how often and how long."""

import logging
import sys
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from typing import Any, Final, Literal, NamedTuple, TextIO

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

LogFormat = Literal["auto", "json", "human"]
LogLevel = Literal["debug", "info", "warning", "error"]
REDACTED: Final = "[redacted]"
_SECRETS: Final = frozenset(
    {"authorization", "body", "code", "cookie", "invite", "password", "secret", "text", "token"}
)
_SECRET_ENDINGS: Final = ("_password", "_token", "_secret", "password_hash", "token_hash")
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
Line = MutableMapping[str, Any]


def configure_logging(form: LogFormat, level: LogLevel, stream: TextIO | None = None) -> None:
    """Send every log line of the process to `stream` (standard error), without secrets.

    `auto` is for people on a terminal and JSON anywhere else. A traceback never shows the
    values of variables: they may be what somebody wrote.
    """
    out = stream or sys.stderr
    human = form == "human" or (form == "auto" and out.isatty())
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*_shared(), *_rendering(human=human, colors=human and out.isatty())],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    _adopt_standard_logging(max(threshold, logging.WARNING))


def redact(_logger: object, _method: str, line: Line) -> Line:
    """Blank the values of a line whose names say that they are secret or private."""
    for name in line:
        if name in _SECRETS or name.endswith(_SECRET_ENDINGS):
            line[name] = REDACTED
    return line


def _shared() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        redact,
    ]


def _rendering(*, human: bool, colors: bool) -> list[Any]:
    if human:
        plain = structlog.dev.plain_traceback
        return [_escape, structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=plain)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]


def _escape(_logger: object, _method: str, line: Line) -> Line:
    """Make control characters visible: a name must not move the cursor of a terminal."""
    for name, value in line.items():
        if isinstance(value, str) and not value.isprintable():
            line[name] = value.encode("unicode_escape").decode()
    return line


class _Adopted(logging.Handler):
    """Carries lines of the standard library's logging to ours."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger(record.name)
        try:
            # Where an error is raised says enough; its message may quote what somebody sent.
            log.log(record.levelno, record.getMessage(), exc_info=record.exc_info or None)
        except (OSError, ValueError):
            # A stream that is gone must not stop who only wanted to tell of something.
            self.handleError(record)


def _adopt_standard_logging(threshold: int) -> None:
    root = logging.getLogger()
    root.handlers = [_Adopted()]
    root.setLevel(threshold)


class Figure(NamedTuple):
    """A number that something else keeps: read whenever somebody looks."""

    name: str
    about: str
    read: Callable[[], float]
    counts: bool = False
    """Whether it only grows."""


class Figures(Collector):
    """Shows figures in a registry without keeping them twice."""

    def __init__(self, registry: CollectorRegistry, figures: Iterable[Figure]) -> None:
        self._figures = tuple(figures)
        registry.register(self)

    def collect(self) -> Iterator[Metric]:
        for figure in self._figures:
            family = CounterMetricFamily if figure.counts else GaugeMetricFamily
            yield family(figure.name, figure.about, value=figure.read())


class HttpMetrics:
    """How often each route answered what, and how long it took."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "http_requests", "Requests answered.", ["method", "route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "http_request_seconds",
            "Time until the answer was complete.",
            ["route"],
            registry=registry,
            buckets=_BUCKETS,
        )

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer; `route` is a template of ours, never a path that somebody typed."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
