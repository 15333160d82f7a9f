from tests.fakes import Running, register

NAMES = (
    "admin_requests_total",
    "database_commands_total",
    "limits_refused_total",
    "passwords_waiting",
    "sockets",
)


async def test_the_figures_of_the_server_are_shown(server: Running):
    async with server.client() as client:
        await register(client, "ana")
        text = (await client.get("/metrics")).text
    assert [name for name in NAMES if f"\n{name} " not in text] == []
