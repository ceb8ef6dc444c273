"""What accountability offers to the rest of the house."""

from participa.accountability.fillings import fillings_of
from participa.accountability.followup.queries import datasets_of
from participa.accountability.followup.reporting import ask_for_evidence
from participa.accountability.followup.rules import FILE_OWNER
from participa.accountability.followup.waiting import SWEEP, SWEEP_EVERY, sweep_sheets
from participa.accountability.origins import commitments_of, goal_links
from participa.accountability.queries import cards_of, session_links
from participa.accountability.routes import ROUTES
from participa.accountability.rules import GOAL, KIND, SESSION
from participa.features import Feature, ThreadKind
from participa.i18n import _

FEATURE = Feature(
    name="accountability",
    routes=ROUTES,
    cards_of=cards_of,
    fillings_of=fillings_of,
    datasets_of=datasets_of,
    commitments_of=commitments_of,
    jobs={SWEEP: sweep_sheets},
    every={SWEEP: SWEEP_EVERY},
    file_owners={FILE_OWNER: ask_for_evidence},
    links={GOAL: goal_links, SESSION: session_links},
    thread_kinds={
        KIND: ThreadKind(
            _("Pregunta de rendición de cuentas"),
            url=lambda thread_id, _place_id: f"/hilos/{thread_id}",
            has_stance=False,
            place_url=lambda place_id: f"/rendicion-de-cuentas/{place_id}",
        ),
    },
)
