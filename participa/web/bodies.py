"""How much of a request is taken: more is refused with a page, not with a dropped line (T18)."""

from starlette.requests import Request
from starlette.types import Message, Receive

from participa.web.refusals import TooLarge

# A browser shows our page only when it could finish sending; up to this much is thrown away.
DRAINED_BYTES = 16 * 1024 * 1024


def limited(request: Request, body_bytes: int) -> Request:
    """Give the same request, refusing with TooLarge when its body outgrows the limit."""
    return Request(request.scope, _limited_receive(request.receive, body_bytes))


def _limited_receive(receive: Receive, body_bytes: int) -> Receive:
    taken = 0

    async def receive_some() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > body_bytes:
            await _drain(receive, message, DRAINED_BYTES - taken)
            raise TooLarge
        return message

    return receive_some


async def _drain(receive: Receive, message: Message, left: int) -> None:
    while left > 0 and message.get("more_body", False):
        message = await receive()
        left -= len(message.get("body", b""))
