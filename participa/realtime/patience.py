"""The HTTP side of every connection, with an end to waiting for a request that never comes whole.

uvicorn waits for ever for the rest of a request's head, a socket's handshake included: a few
thousand connections that send one line each would leave no room for anybody (T18).
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 15.0


class PatientHttp(HttpToolsProtocol):
    """Hangs up on who has not sent a whole head some seconds after coming, or after its start."""

    _timer: asyncio.TimerHandle | None = None
    _is_head_whole = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Read on, and wait no longer once a head is whole."""
        super().data_received(data)
        if self._is_head_whole:
            self._stop_waiting()
        elif self._timer is None:
            self._wait()

    def on_message_begin(self) -> None:
        """Note that a head has begun."""
        self._is_head_whole = False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Note that it is whole."""
        self._is_head_whole = True
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timer with the connection."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self.transport.close()
