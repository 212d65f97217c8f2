"""state.db's shape, as numbered steps on `user_version`. Steps are added, never changed: people's data is in there."""

from __future__ import annotations

import sqlite3

STEPS = (
    # 1: facts about this installation, and requests that do not fit a button's custom_id
    """
    CREATE TABLE meta (
        name  TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE payload (
        hash    TEXT PRIMARY KEY,      -- of the body
        body    TEXT NOT NULL,         -- the action, encoded
        used_at INTEGER NOT NULL       -- Unix day number of the last use
    ) WITHOUT ROWID;
    CREATE INDEX payload_used ON payload (used_at);
    """,
)


def migrate_state(connection: sqlite3.Connection) -> None:
    """Run the steps that this file has not seen, each in a transaction. Raises DatabaseError for a newer file."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(STEPS):
        raise sqlite3.DatabaseError(
            f"written by a newer version of Cuepoint (step {version}, this one knows {len(STEPS)})"
        )
    for number in range(version, len(STEPS)):
        connection.executescript(f"BEGIN IMMEDIATE; {STEPS[number]}; PRAGMA user_version = {number + 1}; COMMIT;")
