"""A fake Discord on loopback that drives a real, unmodified bot process; see README.md beside this file."""

from .constants import ADMINISTRATOR, MANAGE_GUILD, MEMBER_PERMISSIONS, MENTION_EVERYONE
from .errors import BotExited, ClientRefusal
from .fake import FakeDiscord
from .guild import Guild
from .interaction import Interaction
from .load import LoadReport
from .message import Message
from .process import BotProcess

__all__ = [
    "ADMINISTRATOR",
    "MANAGE_GUILD",
    "MEMBER_PERMISSIONS",
    "MENTION_EVERYONE",
    "BotExited",
    "BotProcess",
    "ClientRefusal",
    "FakeDiscord",
    "Guild",
    "Interaction",
    "LoadReport",
    "Message",
]
