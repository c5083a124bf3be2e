"""Migrations of the store's tables, run by alembic when a database is opened."""
