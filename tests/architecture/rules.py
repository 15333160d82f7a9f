"""Rules of the house that a machine can check: each takes a module and lists its breaches."""

import ast
import re
from collections.abc import Callable

from tests.architecture.source import Function, Module, calls, dotted, functions

MAX_LINES = 300
MAX_FUNCTION_LINES = 40
MAX_PARAMETERS = 5

LOGGERS = {"log", "_log", "logger", "_logger"}
LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}
SECRETS = {"body", "text", "password", "old_password", "new_password", "token", "secret", "cookie"}

Rule = Callable[[Module], list[str]]


def file_is_short(module: Module) -> list[str]:
    lines = len(module.text.splitlines())
    return [f"{lines} lines, at most {MAX_LINES}"] if lines > MAX_LINES else []


def functions_are_short(module: Module) -> list[str]:
    # A revision is a list of statements that never changes again once it was released.
    if module.name.startswith("database/migrations/versions/"):
        return []
    return [
        f"{f.name} has {_length(f)} lines, at most {MAX_FUNCTION_LINES}"
        for f in functions(module.tree)
        if _length(f) > MAX_FUNCTION_LINES
    ]


def functions_take_few_parameters(module: Module) -> list[str]:
    # One parameter for each option is the form that Typer reads a command from.
    if module.name.startswith("cli/"):
        return []
    return [
        f"{f.name} takes {len(_parameters(f))} parameters, at most {MAX_PARAMETERS}"
        for f in functions(module.tree)
        if len(_parameters(f)) > MAX_PARAMETERS and not _is_route(f)
    ]


def tasks_are_owned(module: Module) -> list[str]:
    """Only `toolkit.tasks` starts a task; a forgotten one would end unseen."""
    starters = {"asyncio.create_task", "asyncio.ensure_future", "loop.create_task"}
    if module.name == "toolkit/tasks.py":
        return []
    return [f"calls {dotted(c.func)}" for c in calls(module.tree) if dotted(c.func) in starters]


def member_is_minted_in_access(module: Module) -> list[str]:
    """`Member` proves a right: whoever could build one could do anything."""
    if module.name == "services/chats/access.py":
        return []
    return ["builds a Member" for c in calls(module.tree) if _last(c) == "Member"]


def principal_is_minted_in_auth(module: Module) -> list[str]:
    if module.name.startswith("services/auth/"):
        return []
    return ["builds a Principal" for c in calls(module.tree) if _last(c) == "Principal"]


def logs_name_no_secret(module: Module) -> list[str]:
    """A log line is a constant event with named values, none of them what people wrote or know."""
    found: list[str] = []
    for call in calls(module.tree):
        owner, _, level = dotted(call.func).rpartition(".")
        if owner.rpartition(".")[2] in LOGGERS and level in LEVELS:
            found += _log_breaches(call)
    return found


def types_are_not_silenced(module: Module) -> list[str]:
    return ["silences the type checker"] * len(re.findall(r"#\s*(?:type|pyright):", module.text))


def comments_are_no_banners(module: Module) -> list[str]:
    return re.findall(r"^[ \t]*#.*[-=#*]{4,}[ \t]*$", module.text, re.MULTILINE)


RULES: list[Rule] = [
    file_is_short,
    functions_are_short,
    functions_take_few_parameters,
    tasks_are_owned,
    member_is_minted_in_access,
    principal_is_minted_in_auth,
    logs_name_no_secret,
    types_are_not_silenced,
    comments_are_no_banners,
]


def _length(function: Function) -> int:
    """Lines from the first statement on: a signature is as long as its names."""
    first = function.body[0].lineno
    return (function.end_lineno or first) - first + 1


def _is_route(function: Function) -> bool:
    """Whether Litestar fills the parameters, one for each of the request's."""
    decorators = [d for d in function.decorator_list if isinstance(d, ast.Call)]
    return any(_last(d) in {"get", "post", "put", "patch", "delete"} for d in decorators)


def _parameters(function: Function) -> list[str]:
    given = function.args
    names = [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return [name for name in names if name not in {"self", "cls"}]


def _last(call: ast.Call) -> str:
    return dotted(call.func).rpartition(".")[2]


def _log_breaches(call: ast.Call) -> list[str]:
    found: list[str] = []
    if not call.args or not isinstance(call.args[0], ast.Constant):
        found.append("logs an event that is not a constant")
    values = [*call.args[1:], *(k.value for k in call.keywords)]
    named = {k.arg for k in call.keywords} | {dotted(v).rpartition(".")[2] for v in values}
    return found + [f"logs {name}" for name in sorted(n for n in named if n in SECRETS)]
