from pathlib import Path

import httpx

from tests.fakes import Running, register
from uptc_messenger.services.backups.writing import Made

NAMES = (
    "admin_requests_total",
    "admin_turned_away_total",
    "bus_dropped_total",
    "bus_other_databases_total",
    "bus_up",
    "bus_waiting",
    "database_commands_total",
    "database_strangers",
    "hellos_turned_away_total",
    "letters_failed_total",
    "letters_lag_seconds",
    "letters_sent_total",
    "letters_under_way",
    "letters_waiting",
    "limits_refused_total",
    "log_renewals_total",
    "notifications_chats_waiting",
    "notifications_lag_seconds",
    "notifications_queue_full",
    "notifications_read_lag_seconds",
    "notifications_waiting",
    "passwords_waiting",
    "presence_entries",
    "presence_followed",
    "presence_nodes",
    "push_devices_gone_total",
    "pushes_failed_total",
    "pushes_parked",
    "pushes_sent_total",
    "pushes_under_way",
    "repairs_pending",
    "repairs_total",
    "scheduled_done_total",
    "scheduled_late_seconds",
    "sockets",
    "sweep_lag_seconds",
    "sweeping",
)


async def test_the_figures_of_the_server_are_shown(server: Running):
    async with server.client() as client:
        await register(client, "ana")
        text = (await client.get("/metrics")).text
    assert [name for name in NAMES if f"\n{name} " not in text] == []


async def figures(client: httpx.AsyncClient) -> dict[str, float]:
    lines = (await client.get("/metrics")).text.splitlines()
    pairs = [line.rsplit(" ", 1) for line in lines if not line.startswith("#")]
    return {name: float(value) for name, value in pairs}


async def test_the_last_backup_and_the_last_proof_are_shown(
    server: Running, client: httpx.AsyncClient
):
    assert (await figures(client))["backup_proven_seconds"] == 0
    log = server.application.backend.backups
    log.made(Made(path="/b/a.gz", installation_id="", created_at=9_000, size=1, rows=1, chats=1))
    log.failed("The disk is full.")
    shown = await figures(client)
    assert (shown["backup_last_seconds"], shown["backup_failing"]) == (9, 1)
    log.proven(Path("/b/a.gz"), "")
    shown = await figures(client)
    assert shown["backup_proven_seconds"] > 1_700_000_000
    assert shown["backup_failing"] == 0
