"""Configuration and connection: where data rests, and how a command reaches it."""

from uptc_messenger.database import file_tables, notices
from uptc_messenger.database.config import DatabaseConfig
from uptc_messenger.database.connection import Database, open_database
from uptc_messenger.database.transaction import Reader, Row, Transaction

__all__ = [
    "Database",
    "DatabaseConfig",
    "Reader",
    "Row",
    "Transaction",
    "file_tables",
    "notices",
    "open_database",
]
