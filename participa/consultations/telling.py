"""Telling of a proposal's course by mail: to who made it, and to who supports it."""

from participa.consultations.coauthors import coauthors_of
from participa.consultations.models import CourseStep
from participa.consultations.rules import COURSES, PROPOSAL_KIND, Course
from participa.deliberation.models import Contribution, Merge, Support
from participa.deliberation.rules import BY_ITSELF, State
from participa.features import Telling
from participa.i18n import Text, _
from participa.notifications.reading import News, tell_once
from participa.notifications.rules import Kind, quotation


async def tell_step(arguments: dict[str, object]) -> None:
    """Find out who is to be told of a step, and leave each of them a notice."""
    entity_id, step_id, by = (int(str(arguments[name])) for name in ("entity_id", "step_id", "by"))
    step = await CourseStep.of(entity_id).filter(id=step_id).first()
    if step is None:
        return
    people = await _concerned(entity_id, step.thread_id)
    source, about = f"course:{step.id}", f"course:{step.thread_id}"
    news = [News(each, Kind.COURSE, source, about, step.id) for each in sorted(people - {by})]
    await tell_once(entity_id, source, news, step.at)


async def _concerned(entity_id: int, thread_id: int) -> set[int]:
    opening = await _opening(entity_id, thread_id)
    if opening is None:
        return set()
    supports = Support.of(entity_id).filter(contribution_id=opening.id)
    people = {int(str(each)) for each in await supports.values_list("person_id", flat=True)}
    merges = Merge.of(entity_id).filter(into_id=opening.id, contribution__state=State.PUBLISHED)
    merged = [each.contribution for each in await merges.select_related("contribution")]
    made = [opening, *merged]
    others = await coauthors_of(entity_id, [each.thread_id for each in made if each.is_opening])
    people |= {each.person_id for group in others.values() for each in group}
    by_themselves = [each for each in made if each.channel == BY_ITSELF]
    return people | {each.author_id for each in by_themselves if each.author_id is not None}


async def _opening(entity_id: int, thread_id: int) -> Contribution | None:
    """Give a proposal's first words with its thread, while the public can read them."""
    rows = Contribution.of(entity_id).filter(
        thread_id=thread_id,
        thread__kind=PROPOSAL_KIND,
        thread__is_hidden=False,
        thread__process__is_published=True,
        is_opening=True,
        state=State.PUBLISHED,
    )
    return await rows.select_related("thread").first()


async def step_told(base_url: str, entity_id: int, step_id: int) -> Telling | None:
    """Write what a mail says of a step; None where the proposal cannot be read any more."""
    step = await CourseStep.of(entity_id).filter(id=step_id).first()
    opening = await _opening(entity_id, step.thread_id) if step is not None else None
    if step is None or opening is None:
        return None
    title, course = opening.thread.title, COURSES[Course(step.course)]
    paragraphs: list[Text] = [
        _("La propuesta «{title}», que usted hizo o apoyó, cambió de estado: {course}.",
          title=title, course=course),
    ]  # fmt: skip
    if step.reason:
        paragraphs.append(_("El motivo:\n{quote}", quote=quotation(step.reason)))
    link = f"{base_url}/hilos/{opening.thread_id}"
    paragraphs.append(_("Su camino completo:\n{link}", link=link))
    return Telling(_("{course}: «{title}»", course=course, title=title), tuple(paragraphs))
