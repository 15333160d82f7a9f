"""Alembic's entry: run on the connection, and in the transaction, that we are handed."""

from alembic import context

from uptc_messenger.database.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
