"""What to do about each kind of finding, in one sentence. What was done about one is in the finding itself."""

from __future__ import annotations

REMEDIES = {
    "time-repaired": "Compare with the video; where the time is right, write it so in the file.",
    "time-doubtful": "Find the place in the video and correct the stamp in the file.",
    "dead-link": "Write the page, correct the target, or add an alias to the page that is meant.",
    "broken-anchor": 'Close the tag: <a class="yt-timestamp" data-t="00:03:11">[00:03:11]</a>.',
    "stamp-without-words": "Put the stamp after the words that it belongs to.",
    "length-differs": "Correct or remove the duration in the front matter.",
    "video-list": "Correct the line as the message says.",
    "video-id": "Give the 11 characters of the video's id.",
    "no-title": "Add a title to the front matter.",
    "duplicate-key": "Keep one of the two lines.",
    "nested-field": "Write the value as a text, or as a list of texts.",
    "date": "Write the date as 2025-12-31.",
    "duration": "Write the duration as 1:02:03.",
    "front-matter-open": "Close the front matter with a line of ---.",
    "front-matter-yaml": "Put quotes around the value that YAML stumbles over.",
    "not-utf8": "Save the file as UTF-8.",
    "binary": "Take it out of the folder: only texts are read.",
    "empty": "Write something, or delete the file.",
    "file-unreadable": "Let the bot's user read the file.",
    "parser-failed": "Report it with the file; meanwhile the version from before stays, if there was one.",
    "folder-unreadable": "Let the bot's user read the folder.",
    "file-name": "Rename the file: shorter, in UTF-8, without control characters.",
    "not-a-file": "Put a regular file in its place.",
    "symlink": "Put the file itself here.",
    "too-large": "Split the file.",
    "too-many-files": "Split the corpus over several bots, or join small files.",
}


def remedy(code: str) -> str:
    """What to do about findings of this code; empty where nothing is known."""
    return REMEDIES.get(code, "")
