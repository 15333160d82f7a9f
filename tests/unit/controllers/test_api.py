from uptc_messenger.controllers.api import PREFIX, routes


def test_all_of_the_interface_is_below_one_prefix():
    paths = {route.path for route in routes().routes}
    assert {p for p in paths if not p.startswith(PREFIX + "/")} == {
        "/healthz", "/readyz", "/metrics", "/openapi.json",
        # A link in a letter: a page for whoever follows it.
        "/mail/{purpose:str}/{code:str}",
    }  # fmt: skip


def test_every_route_that_changes_or_shows_something_is_guarded():
    for route in routes().routes:
        for handler in getattr(route, "route_handlers", ()):
            if route.path.startswith(PREFIX):
                assert len(handler.resolve_guards()) == 1, route.path
