"""Messages as the bytes of a WebSocket frame: made once, written to every watcher."""

import json
from collections.abc import Mapping

from websockets.frames import Frame, Opcode

Message = Mapping[str, object]


def text_frame(message: Message) -> bytes:
    """Serialise a message as one unmasked text frame."""
    return framed(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode())


def framed(payload: bytes) -> bytes:
    """Put a text into a frame as servers send it."""
    return Frame(Opcode.TEXT, payload).serialize(mask=False)


PING_FRAME = Frame(Opcode.PING, b"").serialize(mask=False)
