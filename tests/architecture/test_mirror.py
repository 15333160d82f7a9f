"""Each module is proven by its own test, at the same path below tests/unit."""

from pathlib import PurePosixPath

from tests.architecture.source import UNIT, Module, modules

# Wiring and declarations with nothing to prove by themselves. The list may only shrink: an
# entry that has its test, or that no longer exists, fails below.
UNPROVEN: set[str] = {
    "__main__.py",  # one call
    "database/schema.py",  # declarations, proven by the migrations' test
    "database/migrations/env.py",  # run by Alembic, proven by the migrations' test
}


def test_every_module_has_its_test():
    missing = [m.name for m in modules() if _counts(m) and not (UNIT / _test_of(m.name)).is_file()]
    assert sorted(set(missing) - UNPROVEN) == []


def test_the_exceptions_only_shrink():
    names = {m.name for m in modules()}
    stale = {n for n in UNPROVEN if n not in names or (UNIT / _test_of(n)).is_file()}
    assert stale == set()


def test_every_unit_test_has_its_module():
    expected = {_test_of(m.name) for m in modules()}
    found = {p.relative_to(UNIT).as_posix() for p in UNIT.rglob("test_*.py")}
    assert sorted(found - expected) == []


def test_the_mirror_maps_paths():
    assert _test_of("services/chats/access.py") == "services/chats/test_access.py"
    assert _test_of("app.py") == "test_app.py"


def _counts(module: Module) -> bool:
    path = PurePosixPath(module.name)
    return path.name != "__init__.py" and "versions" not in path.parts


def _test_of(name: str) -> str:
    path = PurePosixPath(name)
    return str(path.with_name(f"test_{path.name}"))
