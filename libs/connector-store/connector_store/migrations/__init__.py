"""The history of the tables: an Alembic environment that needs no ini file."""
