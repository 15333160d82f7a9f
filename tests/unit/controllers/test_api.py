from tests.fakes import Running
from uptc_messenger.controllers.api import PREFIX, make_api


async def test_all_of_the_interface_is_below_one_prefix(server: Running):
    paths = {route.path for route in make_api(server.application.backend).routes}
    assert {p for p in paths if not p.startswith(PREFIX + "/")} == {
        "/healthz", "/readyz", "/metrics", "/openapi.json",
        # A link in a letter: a page for whoever follows it.
        "/mail/{purpose:str}/{code:str}",
    }  # fmt: skip


async def test_every_route_that_changes_or_shows_something_is_guarded(server: Running):
    for route in make_api(server.application.backend).routes:
        for handler in getattr(route, "route_handlers", ()):
            if route.path.startswith(PREFIX):
                assert len(handler.resolve_guards()) == 1, route.path
