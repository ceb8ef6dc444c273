"""Mail through a real SMTP server."""

import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from participa.accounts.jobs import MAIL_RESET, reset_mail
from participa.mail import SmtpMailer, mailer_for
from participa.mail.mailers import ConsoleMailer, NullMailer, message
from tests.conftest import make_settings
from tests.people import Municipality


class Inbox:
    """Keeps what arrives."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a letter."""
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"


@pytest.fixture
def post_office() -> Any:
    """Run a mail server on a free port."""
    inbox = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield f"smtp://127.0.0.1:{port}", inbox
    controller.stop()


async def test_a_letter_arrives_whole(post_office: Any) -> None:
    """Accents in subject and text survive the way."""
    url, inbox = post_office
    mailer = SmtpMailer(url, "participa@laloma.test")
    await mailer.send("ana@example.org", "Su contraseña", "Oiga: mañana habrá reunión.")
    (letter,) = inbox.letters
    assert letter["Subject"] == "Su contraseña"
    assert letter.get_content().strip() == "Oiga: mañana habrá reunión."
    assert letter["Auto-Submitted"] == "auto-generated"


async def test_the_reset_job_sends_its_link(post_office: Any, town: Municipality) -> None:
    """The link leads to the entity's configured address, in the reader's language."""
    url, inbox = post_office
    send = reset_mail(SmtpMailer(url, "participa@laloma.test"))
    arguments: dict[str, object] = {
        "email": "ana@example.org", "locale": "es", "entity_id": town.entity.id,
    }  # fmt: skip
    await send(arguments)
    (letter,) = inbox.letters
    assert "https://laloma.test/recuperar/" in letter.get_content()
    assert MAIL_RESET == "accounts.mail_reset"


@pytest.mark.parametrize("bad", ["ana@example.org\nBcc: x@y.co", "ana\r\n@example.org"])
def test_t08_a_line_break_in_an_address_is_refused(bad: str) -> None:
    """Nobody adds a header through an address or a subject."""
    with pytest.raises(ValueError, match=r".+"):
        message("participa@laloma.test", bad, "Hola", "x")
    with pytest.raises(ValueError, match=r".+"):
        message("participa@laloma.test", "ana@example.org", f"Hola {bad}", "x")


def test_the_settings_choose_the_mailer(tmp_path: Any) -> None:
    """smtp, console and null are told apart by the address."""
    chosen = {
        url: type(mailer_for(make_settings(tmp_path, mail_url=url)))
        for url in ("smtp://h:25", "smtps://h", "console:", "null:")
    }
    assert list(chosen.values()) == [SmtpMailer, SmtpMailer, ConsoleMailer, NullMailer]
