"""The actions that buttons and menus can carry, and what their arguments are. The one place that both ends agree on.

commands/ registers a handler for each verb; arguments come back from outside, so the handlers parse them strictly.
"""

from __future__ import annotations

from bot.render.reply import Action

TOPIC = "topic"  # key
SECTION = "section"  # document key, ordinal, page
MOMENTS_OF_PAGE = "page"  # document key, offset
MOMENTS = "moments"  # query, video id, offset, "literal" or "", and a source where only that is asked
AROUND = "around"  # video id, second
TAKES = "takes"  # topic key, label, offset
SEARCH = "search"  # query, source, offset, "literal" or "", and a video id where only that is asked
LIBRARY = "library"  # source, offset
FINDINGS = "corpus.findings"  # code
GAPS = "gaps.list"  # offset
GAP_DONE = "gaps.done"  # key, offset
TELL = "gaps.tell"  # words
SETTINGS = "settings"  # one of the next four, its value
CONFIRM = "corpus.confirm"  # token
CANCEL = "corpus.cancel"  # token
UNDO = "corpus.undo"  # nothing
SET_PRIVATE, SET_EVERY, TAKE_OFF, EVERYWHERE = ("private", "every", "off", "everywhere")
_LABEL = 100  # code points, as many as a member may type
_QUERY = 100  # characters, as many as a member may type: a topic's title may have more


def topic(key: str) -> Action:
    """Show a topic."""
    return Action(TOPIC, (key,))


def section(key: str, ordinal: int, page: int = 0) -> Action:
    """Show a section of a document, from one of its pages on."""
    return Action(SECTION, (key, str(ordinal), str(page)))


def page_moments(key: str, offset: int = 0) -> Action:
    """Show all moments of a page."""
    return Action(MOMENTS_OF_PAGE, (key, str(offset)))


def moments(query: str, *, video: str = "", source: str = "", offset: int = 0, literal: bool = False) -> Action:
    """Search moments."""
    return Action(MOMENTS, (query, video, str(offset), "literal" if literal else "", *filter(None, [source])))


def around(video: str, second: int) -> Action:
    """Show what else is said around a moment."""
    return Action(AROUND, (video, str(second)))


def takes(*, topic: str = "", label: str = "", offset: int = 0) -> Action:
    """Show quick takes. The start of a label is enough to find it."""
    return Action(TAKES, (topic, label[:_LABEL], str(offset)))


def search(query: str, *, source: str = "", video: str = "", offset: int = 0, literal: bool = False) -> Action:
    """Search passages."""
    return Action(SEARCH, (query[:_QUERY], source, str(offset), "literal" if literal else "", *filter(None, [video])))


def library(source: str = "", offset: int = 0) -> Action:
    """Browse the documents of a source, or of all."""
    return Action(LIBRARY, (source, str(offset)))


def findings(code: str) -> Action:
    """List the findings of one kind."""
    return Action(FINDINGS, (code,))


def confirm(token: str) -> Action:
    """Do what was offered."""
    return Action(CONFIRM, (token,))


def cancel(token: str) -> Action:
    """Leave what was offered."""
    return Action(CANCEL, (token,))


def undo() -> Action:
    """Ask whether to go back to the corpus before the last change."""
    return Action(UNDO)


def gaps(offset: int = 0) -> Action:
    """List what the library has no good answer to."""
    return Action(GAPS, (str(offset),))


def gap_done(key: str, offset: int) -> Action:
    """Clear one gap, then list those from `offset` on."""
    return Action(GAP_DONE, (key, str(offset)))


def tell(words: str) -> Action:
    """Tell the moderators that something is missing."""
    return Action(TELL, (words[:_LABEL],))


def settings(name: str, value: str) -> Action:
    """Change one of a server's settings."""
    return Action(SETTINGS, (name, value))
