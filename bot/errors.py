"""The exception tree: every class here carries a message that is fit for a user. Bugs are not wrapped."""


class CuepointError(Exception):
    """Something outside the code went wrong; `str()` says what, and what to do next."""


class SettingsError(CuepointError):
    """One or more settings are missing or wrong; the message names each, and never shows a secret's value."""


class DataFolderError(CuepointError):
    """The data folder cannot be used: absent, read-only, owned by another user, or held by another process."""


class StateDamagedError(CuepointError):
    """`state.db` is damaged. It holds what people made, so it is never replaced silently."""


class StoreFailure(CuepointError):
    """A database did not do what it was asked: one of the next two. Who goes on without it catches this."""


class StoreError(StoreFailure):
    """A database could not be read or written (disk full, file vanished). What was there before still is."""


class ReadTooSlow(StoreFailure):
    """A read was cut off at its time limit."""


class ReloadRefused(CuepointError):
    """A reload would have lost too much, or the corpus folder is missing; nothing was changed."""


class ReloadBusy(CuepointError):
    """Another reload is running; nothing was started."""


class WorkerLost(CuepointError):
    """A process that worked for a reload was ended from outside; nothing was changed."""


class BackupUnusable(CuepointError):
    """A file is no backup of ours, or not whole; nothing was changed."""


class InvalidRequest(CuepointError):
    """A member's request cannot be answered as it stands; the message says what to change."""


class ButtonExpired(CuepointError):
    """A button's or menu's custom_id is not one that this bot gave out and still remembers."""


class NotAllowed(CuepointError):
    """The person may not do this here."""


class LoginFailed(CuepointError):
    """Discord refused the token."""
