"""The two sorts of consultations: what their threads are called and what a phase must open."""

from enum import StrEnum

from participa.i18n import Text, _

SECTION_KIND, COMMENT = "consultations.section", "consultations.comment"
PROPOSAL_KIND, PROPOSE = "consultations.proposal", "consultations.propose"


class ProposalOrder(StrEnum):
    """In which order proposals are read."""

    RECENT = "recientes"
    SUPPORTED = "apoyadas"


PROPOSAL_ORDERS: dict[ProposalOrder, Text] = {
    ProposalOrder.RECENT: _("Recientes"),
    ProposalOrder.SUPPORTED: _("Más apoyadas"),
}


def section_key(section_id: int) -> str:
    """Give the key by which a section has one thread and no second."""
    return f"section:{section_id}"


class Remark(StrEnum):
    """What a comment on a text is: something observed, something asked, or other words for it."""

    OBSERVATION = "observation"
    QUESTION = "question"
    AMENDMENT = "amendment"


MAX_PASSAGE = 2_000
MAX_WORDS = 4_000
