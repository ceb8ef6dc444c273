"""Telling those who watch a topic what happens in it, in this process or through Redis in all.

The table is the truth, and a lost or doubled wake does no harm: what a wake carries inside a
process only spares reading what was just written. A feed reads once for all its watchers; a
socket is only a place to write ready frames to.
"""

from participa.realtime.feed import Event, Feed, News, Source, Words
from participa.realtime.feeds import Feeds
from participa.realtime.frames import Message
from participa.realtime.hub import MemoryHub, current_hub, use_hub, wake
from participa.realtime.redis_hub import RedisHub
from participa.realtime.socket import Handshake, LiveSocket, Lobby, Welcome

__all__ = [
    "Event",
    "Feed",
    "Feeds",
    "Handshake",
    "LiveSocket",
    "Lobby",
    "MemoryHub",
    "Message",
    "News",
    "RedisHub",
    "Source",
    "Welcome",
    "Words",
    "current_hub",
    "use_hub",
    "wake",
]
