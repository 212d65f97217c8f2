"""state.db's shape, as numbered steps on `user_version`. Steps are added, never changed: people's data is in there."""

from __future__ import annotations

import sqlite3

from bot.errors import DataFolderError

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
    # 2: what YouTube says about videos
    """
    CREATE TABLE video (
        id         TEXT PRIMARY KEY,
        title      TEXT NOT NULL,
        channel    TEXT NOT NULL,
        published  TEXT NOT NULL,      -- ISO date, or empty
        seconds    INTEGER,            -- its length; NULL where it has none, as a stream that goes on
        is_missing INTEGER NOT NULL,   -- 1: YouTube does not know the id
        fetched_at INTEGER NOT NULL    -- Unix time
    ) WITHOUT ROWID;
    """,
    # 3: what moderators did
    """
    CREATE TABLE audit (
        id      INTEGER PRIMARY KEY,
        at      INTEGER NOT NULL,      -- Unix time
        who     INTEGER NOT NULL,      -- Discord user id; 0 for the bot itself and the host's terminal
        action  TEXT NOT NULL,
        subject TEXT NOT NULL,         -- what it was done to, or empty
        outcome TEXT NOT NULL,         -- open while it is being done
        note    TEXT NOT NULL
    );
    CREATE INDEX audit_at ON audit (at);
    """,
    # 4: what members asked that the library has no good answer to; never who asked
    """
    CREATE TABLE gap (
        id     INTEGER PRIMARY KEY,
        kind   TEXT NOT NULL,          -- missed, repaired or reported
        day    INTEGER NOT NULL,       -- Unix day number
        words  TEXT NOT NULL,          -- folded
        became TEXT NOT NULL,          -- what they were repaired to, or empty
        times  INTEGER NOT NULL,
        UNIQUE (kind, day, words)
    );
    """,
    # 5: what servers have set for themselves
    """
    CREATE TABLE server (
        id       INTEGER PRIMARY KEY,
        private  INTEGER NOT NULL,     -- 1: replies are for the asker alone unless they say otherwise
        channels TEXT NOT NULL,        -- ids of those where replies may be public, by spaces; empty: all
        every    INTEGER NOT NULL      -- seconds between a member's requests
    );
    """,
)


def migrate_state(connection: sqlite3.Connection) -> None:
    """Run the steps that this file has not seen, each in a transaction. Raises DataFolderError for a newer file."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(STEPS):
        raise DataFolderError(
            f"state.db was written by a newer version of Cuepoint (step {version}; this one knows {len(STEPS)}). "
            "Run that version, or put the backup from before the update in its place."
        )
    for number in range(version, len(STEPS)):
        connection.executescript(f"BEGIN IMMEDIATE; {STEPS[number]}; PRAGMA user_version = {number + 1}; COMMIT;")
