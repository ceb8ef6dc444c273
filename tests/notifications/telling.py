"""A mail server, the two jobs of notifications, and a way to let time pass with a worker."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from participa.accountability.hearing.telling import owed_told
from participa.accounts.permissions import Actor
from participa.answers.queries import formal_answers
from participa.commitments import telling as commitments
from participa.commitments.steps import TELL_STEP
from participa.consultations.coauthors import cosigners
from participa.consultations.courses import TELL_COURSE
from participa.consultations.telling import step_told, tell_step
from participa.deliberation.models import Contribution
from participa.deliberation.saying import Said
from participa.deliberation.service import publish
from participa.features import TellingOf
from participa.insights.queries import results_since
from participa.jobs import run_due
from participa.mail import SmtpMailer
from participa.notifications.jobs import READ_EVERY, READ_NEWS, news_reader, notice_mail
from participa.notifications.reading import MAIL_NOTICE
from participa.notifications.rules import Kind
from tests.conftest import Clock
from tests.people import Municipality

TELLINGS: Mapping[str, TellingOf] = {
    Kind.COURSE: step_told,
    Kind.COMMITMENT: commitments.step_told,
    Kind.DUTY: commitments.duty_told,
    Kind.HEARING: owed_told,
}


@dataclass
class PostOffice:
    """A real mail server that can be closed and opened again, and what arrived at it."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list)
    refuses: bool = False
    slow: float = 0.0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a letter."""
        await asyncio.sleep(self.slow)
        if self.refuses:
            return "451 later"
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"

    def texts(self, to: str = "ana@example.org") -> list[str]:
        """Give what was written to somebody, letter by letter."""
        texts = [str(each.get_content()) for each in self.letters if each["To"] == to]
        return [text.replace("\r\n", "\n") for text in texts]

    def subjects(self, to: str = "ana@example.org") -> list[str]:
        """Give the subjects of the letters to somebody."""
        return [str(each["Subject"]) for each in self.letters if each["To"] == to]


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(office: PostOffice) -> Iterator[PostOffice]:
    """Keep a mail server open."""
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


@dataclass
class Worker:
    """A worker over the test's database and clock."""

    office: PostOffice
    clock: Clock

    async def work(self, *, minutes: float = 1) -> None:
        """Let time pass, and do all that is due."""
        self.clock.move(minutes=minutes)
        await run_due(self.handlers(), self.clock, {READ_NEWS: READ_EVERY})

    def handlers(self) -> Any:
        """Make the two jobs anew, as another worker would."""
        mailer = SmtpMailer(f"smtp://127.0.0.1:{self.office.port}", "participa@laloma.test")
        return {
            READ_NEWS: news_reader(results_since, cosigners, self.clock),
            MAIL_NOTICE: notice_mail(mailer, results_since, formal_answers, TELLINGS, self.clock),
            TELL_COURSE: tell_step,
            TELL_STEP: commitments.step_teller(cosigners),
        }


async def reply(
    town: Municipality,
    who: Actor,
    text: str,
    clock: Clock,
    *,
    office: str = "",
    to: Contribution | None = None,
    general: bool = False,
) -> Contribution:
    """Answer Ana's topic, or another contribution, or (general) nobody in particular."""
    parent = to or town.topic
    return await publish(
        who, parent.thread_id, Said(text, office=office), now=clock(),
        parent_id=None if general else parent.id,
    )  # fmt: skip
