"""Write the client's TypeScript types from the server's structs: `generate.py [--check]`.

With `--check` nothing is written; a difference is told and is exit code 1, so that CI sees a
forgotten `make types`. Needs `node` on the PATH and the packages of `web/`.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import cast

import msgspec

from uptc_messenger.models import (
    auth,
    chats,
    commands,
    events,
    files,
    frames,
    messages,
    notifications,
    scheduled,
    search,
    users,
)

Json = dict[str, object]

WEB = Path(__file__).resolve().parents[1]
GENERATED = WEB / "src" / "protocol"
RESOURCES = (auth, users, chats, files, messages, notifications, scheduled, search)
UNIONS: dict[str, object] = {
    "ClientFrame": commands.AnyCommand,
    "ChatEvent": events.ChatEvent,
    "UserEvent": events.UserEvent,
}
REFERENCE = "#/components/schemas/{name}"
ANSWERS = (frames.ViewState,)
INTERNAL = {"Principal", "Member"}
"""Proofs that live inside the server: no wire carries them."""


def frames_document() -> Json:
    """An OpenAPI document without operations: only the named shapes of frames and resources."""
    kinds = frames.Frame.__subclasses__()
    singles = [*kinds, *ANSWERS, *(struct for module in RESOURCES for struct in _structs(module))]
    references, components = msgspec.json.schema_components(
        [*UNIONS.values(), *singles], ref_template=REFERENCE
    )
    schemas: Json = {name: _closed(schema) for name, schema in components.items()}
    schemas |= {name: _plain(union) for name, union in zip(UNIONS, references, strict=False)}
    schemas["ServerFrame"] = _any_of(
        [*(frame.__name__ for frame in kinds), "ChatEvent", "UserEvent"]
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": "frames", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    }


def _any_of(names: list[str]) -> Json:
    return {"anyOf": [{"$ref": REFERENCE.format(name=name)} for name in names]}


def _structs(module: ModuleType) -> Iterator[type[msgspec.Struct]]:
    for name, value in vars(module).items():
        defined_here = isinstance(value, type) and value.__module__ == module.__name__
        if defined_here and issubclass(value, msgspec.Struct) and name not in INTERNAL:
            yield value


def _closed(schema: Json) -> Json:
    """A field of one possible value is always written, though the struct gives it a default."""
    properties = cast("dict[str, Json]", schema.get("properties", {}))
    if not properties:
        return schema
    constant = [name for name, field in properties.items() if _constant(field)]
    required = cast("list[str]", schema.get("required", []))
    return schema | {"required": list(dict.fromkeys([*required, *constant]))}


def _constant(field: Json) -> bool:
    return len(cast("list[object]", field.get("enum", ()))) == 1


def _plain(union: Json) -> Json:
    """Without `discriminator`: each member already carries its own tag as a literal."""
    return {"anyOf": union["anyOf"]}


def typescript(document: Json) -> str:
    """The declarations that openapi-typescript makes of an OpenAPI document."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "document.json"), Path(folder, "types.ts")
        source.write_bytes(msgspec.json.encode(document))
        generator = WEB / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
        options = ["--default-non-nullable=false", "--alphabetize", "--empty-objects-unknown"]
        command = ["node", str(generator), str(source), "--output", str(target), *options]
        # Every word of the command is ours.
        subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603
        return target.read_text()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare")
    check = cast("bool", parser.parse_args().check)
    return max(_settle(GENERATED / name, document, check=check) for name, document in documents())


def documents() -> Iterator[tuple[str, Json]]:
    yield "schema.gen.ts", frames_document()


def _settle(target: Path, document: Json, *, check: bool) -> int:
    text = typescript(document)
    if target.exists() and target.read_text() == text:
        return 0
    if check:
        print(f"{target.name} is not what the server says; run `make types`.", file=sys.stderr)
        return 1
    target.write_text(text)
    print(f"wrote {target.relative_to(WEB)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
