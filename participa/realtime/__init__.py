"""Waking those who watch a topic, in this process or through Redis in all of them.

A wake carries nothing: the table is the truth, and a lost or doubled wake does no harm.
"""

from participa.realtime.hub import MemoryHub, current_hub, use_hub, wake
from participa.realtime.redis_hub import RedisHub

__all__ = ["MemoryHub", "RedisHub", "current_hub", "use_hub", "wake"]
