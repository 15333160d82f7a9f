"""What `/metrics` shows besides the answers over HTTP."""

from uptc_messenger.controllers.admin import AdminSocket
from uptc_messenger.controllers.state import Backend
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.toolkit.telemetry import Figure, Figures


def show_figures(backend: Backend, hub: Hub, admin: AdminSocket) -> None:
    """Show them; each is read whenever somebody looks."""
    lane, hashing = backend.database.lane, backend.auth.passwords
    limiter, trials = backend.limiter, backend.trials
    Figures(
        backend.registry,
        (
            Figure(
                "database_commands_waiting", "Commands before the writer.", lambda: lane.waiting
            ),
            Figure("database_commands", "Commands committed.", lambda: lane.commands, counts=True),
            Figure("database_commits", "Commits of the writer.", lambda: lane.commits, counts=True),
            Figure("passwords_waiting", "Logins waiting for a hash.", lambda: hashing.waiting),
            Figure("attempts_waiting", "Logins waiting for others.", lambda: trials.waiting),
            Figure("sockets", "Open sessions.", lambda: hub.sessions),
            Figure("frames_delivered", "Frames queued.", lambda: hub.delivered, counts=True),
            Figure("admin_requests", "Admin requests.", lambda: admin.requests, counts=True),
            Figure("limits_refused", "Refusals by a limit.", lambda: limiter.refused, counts=True),
        ),
    )
