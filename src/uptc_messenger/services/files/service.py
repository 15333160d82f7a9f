"""Everything about files, put together."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from uptc_messenger.database import Database
from uptc_messenger.services.files.collecting import Collector
from uptc_messenger.services.files.config import FilesConfig
from uptc_messenger.services.files.decoding.decoder import Decoders
from uptc_messenger.services.files.examining import Examiner
from uptc_messenger.services.files.hosting import Hosting
from uptc_messenger.services.files.intake import Intake
from uptc_messenger.services.files.store import Store
from uptc_messenger.services.files.store_obstore import open_store
from uptc_messenger.toolkit.clock import Clock

WORK: Final = "decoding"
"""The folder beside the store in which decoders read and write; emptied at every start."""


@dataclass(slots=True)
class Files:
    """The one of each; `served` counts bytes that went out."""

    config: FilesConfig
    database: Database
    clock: Clock
    store: Store
    decoders: Decoders
    intake: Intake
    collector: Collector
    hosting: Hosting
    served: int = 0


def open_files(config: FilesConfig, data: Path, database: Database, clock: Clock) -> Files:
    """Put it together; raises `StoreAway` or `StoreFull` where there can be no store."""
    store = open_store(config, data)
    decoders = Decoders(config)
    examiner = Examiner(store, decoders, data / WORK)
    return Files(
        config=config,
        database=database,
        clock=clock,
        store=store,
        decoders=decoders,
        intake=Intake(database, store, examiner, config),
        collector=Collector(database, store, config, clock),
        hosting=Hosting(database, store, (examiner, decoders), config),
    )
