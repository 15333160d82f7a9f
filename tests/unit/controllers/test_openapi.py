import re
from typing import Any

import httpx
import pytest_asyncio

from uptc_messenger.controllers import problems

Json = dict[str, Any]


@pytest_asyncio.fixture
async def document(client: httpx.AsyncClient) -> Json:
    return (await client.get("/openapi.json")).json()


def operations(document: Json) -> list[tuple[str, str, Json]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


async def test_every_operation_has_a_name_of_its_own(document: Json):
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names)) >= 20
    assert all(re.fullmatch("[a-z_]+", name) for name in names)
    assert all(o["summary"].endswith(".") and o["tags"] for _, _, o in operations(document))


async def test_every_reference_leads_somewhere(document: Json):
    wanted = set(re.findall(r"'#/components/schemas/(\w+)'", repr(document)))
    assert wanted <= set(document["components"]["schemas"])


async def test_every_placeholder_is_a_required_parameter(document: Json):
    for path, _, operation in operations(document):
        declared = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
        assert declared == set(re.findall(r"\{(\w+)\}", path)), path
        assert all(p["required"] for p in operation["parameters"] if p["in"] == "path")


async def test_constraints_of_the_structs_are_in_it(document: Json):
    schemas = document["components"]["schemas"]
    assert schemas["Login"]["additionalProperties"] is False
    assert schemas["Register"]["required"] == ["username", "password"]
    assert "role" not in schemas["ProfileChange"]["properties"]
    find = document["paths"]["/api/v1/users"]["get"]["parameters"]
    limit = next(p for p in find if p["name"] == "limit")
    assert limit["schema"] == {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
    user = document["paths"]["/api/v1/users/{user_id}"]["get"]["parameters"][0]
    assert user["schema"]["format"] == "uuid"


async def test_refusals_are_declared_as_problems(document: Json):
    for path, method, operation in operations(document):
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert set(answer["content"]) == {problems.MEDIA_TYPE}, (path, method, status)
        assert {"400", "404", "429", "503"} <= set(operation["responses"])
        if "security" in operation:
            assert "401" in operation["responses"]


async def test_what_wants_a_login_says_so(document: Json):
    open_doors = {o["operationId"] for _, _, o in operations(document) if "security" not in o}
    assert {"log_in", "register", "get_health"} <= open_doors
    assert "get_me" not in open_doors
