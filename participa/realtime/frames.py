"""Messages as the bytes of a WebSocket frame: made once, written to every watcher."""

import json
from collections.abc import Mapping
from struct import pack

from websockets.frames import Frame, Opcode

Message = Mapping[str, object]
_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# A whole text and no mask, as servers send it (RFC 6455, section 5.2).
_WHOLE_TEXT = 0x81


def text_frame(message: Message) -> bytes:
    """Serialise a message as one unmasked text frame."""
    return framed(_written(message).encode())


def framed(payload: bytes) -> bytes:
    """Put a text into a frame as servers send it."""
    size = len(payload)
    if size < 126:
        return pack("!BB", _WHOLE_TEXT, size) + payload
    if size < 65_536:
        return pack("!BBH", _WHOLE_TEXT, 126, size) + payload
    return pack("!BBQ", _WHOLE_TEXT, 127, size) + payload


PING_FRAME = Frame(Opcode.PING, b"").serialize(mask=False)
