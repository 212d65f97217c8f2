"""Everything that changes the corpus, and who did it: reloads, uploads, undo, audit. Answers no questions."""

from bot.curation.curator import Curator

__all__ = ["Curator"]
