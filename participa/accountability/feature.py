"""What accountability offers to the rest of the house."""

from participa.accountability.fillings import fillings_of
from participa.accountability.followup.queries import datasets_of
from participa.accountability.followup.reporting import ask_for_evidence
from participa.accountability.followup.rules import FILE_OWNER
from participa.accountability.followup.waiting import SWEEP, SWEEP_EVERY, sweep_sheets
from participa.accountability.hearing.around import around_question
from participa.accountability.hearing.calling import ask_for_document
from participa.accountability.hearing.holding import TELL_OWED
from participa.accountability.hearing.jobs import (
    MAKE_AGENDA,
    SETTLE,
    SETTLE_EVERY,
    agenda_maker,
    settler,
)
from participa.accountability.hearing.rules import (
    DOCUMENT_FILES,
    RECORDING_FILES,
    REPORT_FILES,
    TOPIC_KIND,
)
from participa.accountability.hearing.table_pages import tables_of
from participa.accountability.hearing.telling import owed_told, tell_owed
from participa.accountability.origins import commitments_of, goal_links
from participa.accountability.queries import cards_of, session_links
from participa.accountability.routes import ROUTES
from participa.accountability.rules import GOAL, KIND, SESSION
from participa.features import CalendarOf, Dataset, Feature, ThreadKind
from participa.i18n import _
from participa.notifications.rules import Kind
from participa.settings import Settings


async def _datasets_of(entity_id: int) -> list[Dataset]:
    return [*await datasets_of(entity_id), *await tables_of(entity_id)]


def feature(settings: Settings, calendar_of: CalendarOf) -> Feature:
    """Make the manifest; `calendar_of` says on which days the terms of answers run."""
    return Feature(
        name="accountability",
        routes=ROUTES,
        cards_of=cards_of,
        fillings_of=fillings_of,
        datasets_of=_datasets_of,
        commitments_of=commitments_of,
        links={GOAL: goal_links, SESSION: session_links},
        thread_kinds={
            KIND: ThreadKind(
                _("Pregunta de rendición de cuentas"),
                url=lambda thread_id, _place_id: f"/hilos/{thread_id}",
                has_stance=False,
                place_url=lambda place_id: f"/rendicion-de-cuentas/{place_id}",
                template="accountability/hearing/question.html",
                around=around_question,
            ),
            TOPIC_KIND: ThreadKind(
                _("Tema para la rendición de cuentas"),
                url=lambda thread_id, _place_id: f"/hilos/{thread_id}",
                has_stance=False,
                place_url=lambda place_id: f"/rendicion-de-cuentas/{place_id}/temas",
            ),
        },
        jobs={
            MAKE_AGENDA: agenda_maker(settings),
            SETTLE: settler(calendar_of),
            TELL_OWED: tell_owed,
            SWEEP: sweep_sheets,
        },
        tellings={Kind.HEARING: owed_told},
        every={SETTLE: SETTLE_EVERY, SWEEP: SWEEP_EVERY},
        file_owners={
            REPORT_FILES: ask_for_document,
            DOCUMENT_FILES: ask_for_document,
            RECORDING_FILES: ask_for_document,
            FILE_OWNER: ask_for_evidence,
        },
    )
