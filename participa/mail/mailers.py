"""The three mailers."""

import logging
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from participa.settings import Settings

_log = logging.getLogger("participa.mail")
TIMEOUT_SECONDS = 20


class Mailer(Protocol):
    """Takes a message to somebody, or raises."""

    async def send(self, to: str, subject: str, text: str) -> None:
        """Send a plain-text message."""
        ...


def message(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    """Build a message; an address or subject with a line break is refused (T08)."""
    mail = EmailMessage()
    mail["From"] = Address(addr_spec=sender)
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = subject
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    return mail


class SmtpMailer:
    """Hands messages to the entity's mail server."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self._tls = parts.scheme == "smtps"
        self._host = parts.hostname or "127.0.0.1"
        self._port = parts.port or (465 if self._tls else 25)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._sender = sender

    async def send(self, to: str, subject: str, text: str) -> None:
        """Send, with TLS where the server offers it; raises when the server refuses."""
        await aiosmtplib.send(
            message(self._sender, to, subject, text),
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._tls,
            timeout=TIMEOUT_SECONDS,
        )


class ConsoleMailer:
    """Writes messages to the log: for trying things out on one machine."""

    def __init__(self, sender: str) -> None:
        self._sender = sender

    async def send(self, to: str, subject: str, text: str) -> None:
        """Log the message."""
        _log.info("mail %s", message(self._sender, to, subject, text).as_string())


class NullMailer:
    """For an entity without mail: nothing is sent, and pages say so."""

    async def send(self, to: str, subject: str, text: str) -> None:
        """Send nothing."""


def mailer_for(settings: Settings) -> Mailer:
    """Give the mailer that the settings ask for."""
    scheme = urlsplit(settings.mail_url).scheme
    if scheme in {"smtp", "smtps"}:
        return SmtpMailer(settings.mail_url, settings.mail_from)
    return NullMailer() if scheme == "null" else ConsoleMailer(settings.mail_from)
