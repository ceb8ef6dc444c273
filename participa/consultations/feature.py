"""What consultations offer to the rest of the house."""

from participa.consultations.alike import like_thread
from participa.consultations.coauthors import cosigners, is_coauthor
from participa.consultations.courses import TELL_COURSE
from participa.consultations.jobs import MOVE, MOVE_REST, REST_EVERY, move_passages, move_rest
from participa.consultations.plan_pages import show_section
from participa.consultations.proposal_pages import around_proposal
from participa.consultations.queries import cards_of
from participa.consultations.remarks import BESIDE
from participa.consultations.routes import ROUTES
from participa.consultations.rules import COMMENT, PROPOSAL_KIND, PROPOSE, SECTION_KIND
from participa.consultations.telling import step_told, tell_step
from participa.features import Feature, ThreadKind, filled_by_cards
from participa.i18n import _
from participa.notifications.rules import Kind

FEATURE = Feature(
    name="consultations",
    routes=ROUTES,
    cards_of=cards_of,
    fillings_of=filled_by_cards(cards_of, {COMMENT: "consultation", PROPOSE: "call"}),
    tellings={Kind.COURSE: step_told},
    jobs={MOVE: move_passages, MOVE_REST: move_rest, TELL_COURSE: tell_step},
    every={MOVE_REST: REST_EVERY},
    thread_kinds={
        SECTION_KIND: ThreadKind(
            _("Apartado"),
            url=lambda _thread_id, place_id: f"/apartados/{place_id}",
            show=show_section,
            beside=BESIDE,
        ),
        PROPOSAL_KIND: ThreadKind(
            _("Propuesta"),
            url=lambda thread_id, _place_id: f"/hilos/{thread_id}",
            place_url=lambda place_id: f"/consultas/{place_id}/propuestas",
            template="consultations/proposal.html",
            around=around_proposal,
            signed_by=is_coauthor,
            takes_files=True,
            similar=like_thread,
            cosigners=cosigners,
        ),
    },
)
