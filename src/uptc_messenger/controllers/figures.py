"""What `/metrics` shows besides the answers over HTTP."""

from uptc_messenger.controllers.admin import AdminSocket
from uptc_messenger.controllers.chores import Chores
from uptc_messenger.controllers.cluster import Cluster
from uptc_messenger.controllers.gateway import Gateway
from uptc_messenger.controllers.state import Backend
from uptc_messenger.services.backups.history import Event, HistoryFile
from uptc_messenger.services.files.service import Files
from uptc_messenger.services.messages.sender import Sender
from uptc_messenger.services.notifications.delivering import Deliverer
from uptc_messenger.services.notifications.postman import Postman
from uptc_messenger.services.notifications.service import Notifications
from uptc_messenger.services.previews.previewer import Previewer
from uptc_messenger.services.search.indexing import Indexer
from uptc_messenger.toolkit.telemetry import Figure, Figures


def show_figures(
    backend: Backend, delivery: tuple[Cluster, Gateway], admin: AdminSocket, chores: Chores
) -> None:
    """Show them; each is read whenever somebody looks."""
    cluster, gateway = delivery
    hub = cluster.hub
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
            Figure(
                "admin_turned_away",
                "Admin connections over the limit.",
                lambda: admin.turned_away,
                counts=True,
            ),
            Figure("limits_refused", "Refusals by a limit.", lambda: limiter.refused, counts=True),
            *search_figures(chores.indexer),
            *sender_figures(chores.sender),
            *notification_figures(backend.notifications),
            *file_figures(backend.files),
            *preview_figures(chores.previewer),
            *backup_figures(backend.backups),
            *cluster_figures(cluster),
            *gateway_figures(gateway),
        ),
    )


def search_figures(indexer: Indexer) -> tuple[Figure, ...]:
    """How far the index for search is behind what was said."""
    return (
        Figure(
            "search_chats_waiting",
            "Chats with something that is not in the search index yet.",
            lambda: indexer.follower.waiting,
        ),
        Figure(
            "search_lag_seconds",
            "For how long the one that waits longest has been waiting.",
            lambda: indexer.follower.lag_ms / 1000,
        ),
        Figure(
            "search_messages_indexed",
            "Messages written to the search index.",
            lambda: indexer.indexed,
            counts=True,
        ),
    )


def sender_figures(sender: Sender) -> tuple[Figure, ...]:
    """Messages whose time has come."""
    return (
        Figure(
            "scheduled_late_seconds",
            "For how long the first of the messages that are due has been.",
            lambda: sender.late_ms / 1000,
        ),
        Figure(
            "scheduled_done",
            "Messages that were due and were sent or refused.",
            lambda: sender.done,
            counts=True,
        ),
    )


def notification_figures(about: Notifications) -> tuple[Figure, ...]:
    """How far telling people is behind, and what became of it."""
    reader = about.reader
    return (
        Figure(
            "notifications_chats_waiting",
            "Chats with something that was not read for notifications yet.",
            lambda: reader.follower.waiting,
        ),
        Figure(
            "notifications_read_lag_seconds",
            "For how long the one that waits longest has been waiting.",
            lambda: reader.follower.lag_ms / 1000,
        ),
        Figure(
            "notifications_queue_full",
            "1 while the queue has no room and the log is not read on.",
            lambda: reader.follower.full,
        ),
        *push_figures(about.deliverer),
        *letter_figures(about.deliverer, about.postman),
    )


def push_figures(deliverer: Deliverer) -> tuple[Figure, ...]:
    """What waits to be pushed, and what push services answered."""
    line, teller = deliverer.pushes, deliverer.teller
    return (
        Figure("notifications_waiting", "Places that wait to be told.", lambda: line.waiting),
        Figure(
            "notifications_lag_seconds",
            "For how long the one that is due for longest has been due.",
            lambda: line.lag_ms / 1000,
        ),
        Figure("pushes_under_way", "Pushes that are being sent.", lambda: line.under_way),
        Figure(
            "pushes_parked", "Pushes that wait for others to the same service.", lambda: line.parked
        ),
        Figure("pushes_sent", "Pushes taken.", lambda: teller.sent, counts=True),
        Figure("pushes_failed", "Pushes not taken.", lambda: teller.failed, counts=True),
        Figure(
            "push_devices_gone", "Subscriptions that ended.", lambda: teller.withdrawn, counts=True
        ),
    )


def letter_figures(deliverer: Deliverer, postman: Postman) -> tuple[Figure, ...]:
    """What waits to be mailed, and what the mail server answered."""
    line = deliverer.letters
    return (
        Figure("letters_waiting", "People who get a letter some day.", lambda: line.waiting),
        Figure(
            "letters_lag_seconds",
            "For how long the letter that is due for longest has been due.",
            lambda: line.lag_ms / 1000,
        ),
        Figure("letters_under_way", "Letters that are being sent.", lambda: line.under_way),
        Figure("letters_sent", "Letters taken.", lambda: postman.sent, counts=True),
        Figure("letters_failed", "Letters not taken.", lambda: postman.failed, counts=True),
    )


def preview_figures(previewer: Previewer | None) -> tuple[Figure, ...]:
    """Links that are looked into."""
    if previewer is None:
        return ()
    return (
        Figure("previews_waiting", "Messages whose link waits.", lambda: previewer.waiting),
        Figure("previews_made", "Previews shown.", lambda: previewer.made, counts=True),
        Figure(
            "previews_failed",
            "Links behind which nothing was found.",
            lambda: previewer.maker.failed,
            counts=True,
        ),
        Figure(
            "previews_dropped",
            "Messages without a preview because too many waited.",
            lambda: previewer.dropped,
            counts=True,
        ),
        Figure(
            "previews_limited",
            "Messages without a preview because their author had so many.",
            lambda: previewer.limited,
            counts=True,
        ),
    )


def file_figures(files: Files) -> tuple[Figure, ...]:
    """What comes in and goes out, and who waits for a look at it."""
    intake, decoders, collector = files.intake, files.decoders, files.collector
    return (
        Figure("file_parts_coming", "Parts of uploads on their way.", lambda: intake.slots.taken),
        Figure(
            "file_parts_refused",
            "Parts refused because too many were on their way.",
            lambda: intake.slots.refused,
            counts=True,
        ),
        Figure("file_bytes_stored", "Bytes that came in.", lambda: intake.bytes, counts=True),
        Figure("file_bytes_served", "Bytes that went out.", lambda: files.served, counts=True),
        Figure("files_completed", "Uploads completed.", lambda: intake.completed, counts=True),
        Figure("files_collected", "Files let go of.", lambda: collector.collected, counts=True),
        Figure("decoders_running", "Files being looked into.", lambda: decoders.running),
        Figure(
            "decoders_waiting",
            "Files being looked into, or waiting for it.",
            lambda: decoders.waiting,
        ),
        Figure(
            "decoders_refused",
            "Uploads told to come back for their end.",
            lambda: decoders.refused,
            counts=True,
        ),
        Figure(
            "decoders_failed",
            "Files that were not what they seemed, or too much.",
            lambda: decoders.failed,
            counts=True,
        ),
    )


def cluster_figures(cluster: Cluster) -> tuple[Figure, ...]:
    """The bus, and what is missing here of what other nodes committed."""
    broker, repairs, renewal = cluster.broker, cluster.hub.repairs, cluster.renewal
    return (
        Figure("bus_up", "1 while the link to the bus stands.", lambda: bool(broker and broker.up)),
        Figure("bus_waiting", "Messages before the bus.", lambda: broker.waiting if broker else 0),
        Figure(
            "bus_dropped",
            "Messages that found no room before the bus.",
            lambda: broker.dropped if broker else 0,
            counts=True,
        ),
        Figure(
            "bus_other_databases",
            "Nodes heard that have another database of this installation.",
            lambda: cluster.twins.seen,
            counts=True,
        ),
        Figure(
            "database_strangers",
            "Nodes on this database that are not on this bus.",
            lambda: renewal.strangers if renewal else 0,
        ),
        Figure(
            "log_renewals",
            "Times that a database took over which lacked what was acknowledged.",
            lambda: renewal.count if renewal else 0,
            counts=True,
        ),
        Figure("repairs_pending", "Logs known to lack something.", lambda: repairs.pending),
        Figure("repairs", "Gaps that were read.", lambda: repairs.begun, counts=True),
        Figure("sweeping", "1 on the node that sweeps.", lambda: cluster.sweeping.holding),
        Figure("sweep_lag_seconds", "How old what is surely known here is.", cluster.lag),
    )


def gateway_figures(gateway: Gateway) -> tuple[Figure, ...]:
    """What sockets cost, and who is shown to them."""
    elsewhere = gateway.elsewhere
    return (
        Figure(
            "hellos_turned_away",
            "Sessions told to come back later.",
            lambda: gateway.hellos_turned_away,
            counts=True,
        ),
        Figure("presence_followed", "People shown here.", lambda: elsewhere.followed),
        Figure("presence_entries", "States kept of other nodes.", lambda: elsewhere.entries),
        Figure("presence_nodes", "Other nodes that live.", lambda: elsewhere.nodes),
    )


def backup_figures(backups: HistoryFile) -> tuple[Figure, ...]:
    """When the installation was last copied and proven; 0 for never."""
    return (
        Figure(
            "backup_last_seconds",
            "Unix time of the last backup.",
            lambda: seconds_of(backups.read().last_backup),
        ),
        Figure(
            "backup_proven_seconds",
            "Unix time of the last backup that was restored to scratch and found equal.",
            lambda: seconds_of(backups.read().last_proof),
        ),
        Figure(
            "backup_failing",
            "1 while the last attempt at a backup failed.",
            lambda: backups.read().failure is not None,
        ),
    )


def seconds_of(event: Event | None) -> float:
    """When something happened, in seconds since the Unix epoch; 0 for never."""
    return event.at / 1000 if event else 0
