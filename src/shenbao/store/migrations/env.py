"""Run by alembic for every migration, on the connection that the store has opened."""

from alembic import context

import shenbao.store.models  # noqa: F401
from shenbao.store.columns import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    transactional_ddl=True,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
