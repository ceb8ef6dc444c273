"""What the threads of consultations are called, and the course that a proposal takes. No I/O."""

from collections.abc import Sequence
from enum import StrEnum

from participa.i18n import Text, _

SECTION_KIND, COMMENT = "consultations.section", "consultations.comment"
PROPOSAL_KIND, PROPOSE = "consultations.proposal", "consultations.propose"
MAX_CATEGORY, MAX_CATEGORIES = 80, 30
MAX_REASON = 2_000


class ProposalOrder(StrEnum):
    """In which order proposals are read."""

    RECENT = "recientes"
    SUPPORTED = "apoyadas"
    LOT = "azar"


PROPOSAL_ORDERS: dict[ProposalOrder, Text] = {
    ProposalOrder.RECENT: _("Recientes"),
    ProposalOrder.SUPPORTED: _("Más apoyadas"),
    ProposalOrder.LOT: _("Al azar"),
}


class Course(StrEnum):
    """Where a proposal stands with the entity."""

    RECEIVED = "recibida"
    IN_STUDY = "en-estudio"
    VIABLE = "viable"
    NOT_VIABLE = "no-viable"
    ADOPTED = "acogida"
    UNDER_WAY = "en-ejecucion"
    FULFILLED = "cumplida"


COURSES: dict[Course, Text] = {
    Course.RECEIVED: _("Recibida"),
    Course.IN_STUDY: _("En estudio"),
    Course.VIABLE: _("Viable"),
    Course.NOT_VIABLE: _("No viable"),
    Course.ADOPTED: _("Acogida"),
    Course.UNDER_WAY: _("En ejecución"),
    Course.FULFILLED: _("Cumplida"),
}

# What each step may lead to: nothing is adopted unstudied, and what was said may be taken back.
_NEXT: dict[Course, tuple[Course, ...]] = {
    Course.RECEIVED: (Course.IN_STUDY, Course.VIABLE, Course.NOT_VIABLE),
    Course.IN_STUDY: (Course.VIABLE, Course.NOT_VIABLE),
    Course.VIABLE: (Course.ADOPTED, Course.NOT_VIABLE, Course.IN_STUDY),
    Course.NOT_VIABLE: (Course.IN_STUDY,),
    Course.ADOPTED: (Course.UNDER_WAY, Course.FULFILLED, Course.IN_STUDY),
    Course.UNDER_WAY: (Course.FULFILLED, Course.ADOPTED),
    Course.FULFILLED: (Course.UNDER_WAY,),
}
# Backwards, or against who proposed it: the public is told why.
_EXPLAINED = frozenset(
    {
        (Course.VIABLE, Course.IN_STUDY),
        (Course.NOT_VIABLE, Course.IN_STUDY),
        (Course.ADOPTED, Course.IN_STUDY),
        (Course.UNDER_WAY, Course.ADOPTED),
        (Course.FULFILLED, Course.UNDER_WAY),
    }
)


def next_courses(course: Course) -> tuple[Course, ...]:
    """Say where a proposal may go from here."""
    return _NEXT[course]


def needs_reason(course: Course, to: Course) -> bool:
    """Whether a step has to be explained: a refusal, and every step back."""
    return to is Course.NOT_VIABLE or (course, to) in _EXPLAINED


def categories_problem(names: Sequence[str]) -> Text | None:
    """Say what is wrong with a list of categories; None when nothing is."""
    if len(names) > MAX_CATEGORIES:
        return _("Caben {most} categorías.", most=MAX_CATEGORIES)
    for name in names:
        if len(name) > MAX_CATEGORY:
            return _("«{name}» es muy larga: caben {most} letras.", name=name, most=MAX_CATEGORY)
    if len({name.casefold() for name in names}) < len(names):
        return _("Hay dos categorías con el mismo nombre.")
    return None


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
