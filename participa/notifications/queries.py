"""Reads of notifications: who can be told, what they want, and what there is to tell."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from participa.accounts.models import Person
from participa.deliberation.models import Conclusion, Contribution, Support, Thread
from participa.deliberation.rules import BY_ITSELF, State
from participa.features import CosignersOf
from participa.notifications.models import Choice, Notice
from participa.notifications.rules import Wishes
from participa.processes.models import Process
from participa.security.tokens import token_hash

MANY = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """A contribution and what it answers: the one above it, or the one that opened its thread."""

    said: Contribution
    answered: Contribution | None


async def reachable(entity_id: int, people: Collection[int]) -> dict[int, Person]:
    """Give those of these people who can be told anything by mail.

    Imported and deactivated people cannot; the addresses of the demonstration are invented.
    """
    found: dict[int, Person] = {}
    for part in _parts(sorted(people)):
        rows = Person.of(entity_id).filter(
            id__in=part, kind="registered", is_active=True, is_demo=False
        )
        found |= {person.id: person for person in await rows if person.email}
    return found


async def wishes_of(entity_id: int, people: Collection[int]) -> dict[int, Wishes]:
    """Say what each of these people wants to be told: everything, until they choose."""
    wishes = dict.fromkeys(people, Wishes())
    for part in _parts(sorted(people)):
        for each in await Choice.of(entity_id).filter(person_id__in=part):
            wishes[each.person_id] = Wishes(
                each.on_reply, each.on_answer, each.on_results, each.locale
            )
    return wishes


async def answers(entity_id: int, contributions: Collection[int]) -> list[Answer]:
    """Load contributions, in their order, each with what it answers.

    What is said in a thread to nobody in particular answers who opened it.
    """
    rows = Contribution.of(entity_id).filter(id__in=list(contributions))
    said = await rows.select_related("thread", "author", "parent").order_by("id")
    threads = {each.thread_id for each in said}
    openings = await Contribution.of(entity_id).filter(thread_id__in=threads, is_opening=True)
    first = {each.thread_id: each for each in openings}
    return [Answer(each, _answered(each, first)) for each in said]


def _answered(said: Contribution, first: Mapping[int, Contribution]) -> Contribution | None:
    if said.parent_id is not None:
        return said.parent
    return None if said.is_opening else first.get(said.thread_id)


async def public_processes(entity_id: int, processes: Iterable[int]) -> dict[int, Process]:
    """Give those of these processes that the public can see."""
    rows = Process.of(entity_id).filter(id__in=list(processes), is_published=True)
    return {process.id: process for process in await rows}


async def shown_titles(entity_id: int, contributions: Sequence[Contribution]) -> dict[int, str]:
    """Give a title for the thread of each of these that a mail may name.

    A thread whose first words were hidden or taken back is called by its process: its title was
    part of them.
    """
    processes = await public_processes(entity_id, {each.process_id for each in contributions})
    threads = {each.thread_id for each in contributions}
    gone = Contribution.of(entity_id).filter(thread_id__in=threads, is_opening=True)
    hidden = {each.thread_id for each in await gone.exclude(state=State.PUBLISHED)}
    return {
        each.thread_id: processes[each.process_id].title
        if each.thread_id in hidden
        else each.thread.title
        for each in contributions
        if each.process_id in processes
    }


async def shown_title(thread: Thread) -> str | None:
    """Give a title for one thread as `shown_titles` does; None where the public cannot see it."""
    public = await public_processes(thread.entity_id, [thread.process_id])
    openings = Contribution.of(thread.entity_id).filter(thread_id=thread.id, is_opening=True)
    process = public.get(thread.process_id)
    if process is None:
        return None
    is_gone = await openings.exclude(state=State.PUBLISHED).exists()
    return process.title if is_gone else thread.title


async def participants(entity_id: int, process_id: int) -> set[int]:
    """List who took part in a process: who said or supported something that can be read.

    Who speaks for the entity takes no part.
    """
    said = Contribution.of(entity_id).filter(
        process_id=process_id, state=State.PUBLISHED, thread__is_hidden=False
    )
    supported = Support.of(entity_id).filter(
        contribution__process_id=process_id,
        contribution__state=State.PUBLISHED,
        contribution__thread__is_hidden=False,
    )
    authors = said.filter(office="").exclude(author_id=None)
    people = [
        *await authors.distinct().values_list("author_id", flat=True),
        *await supported.distinct().values_list("person_id", flat=True),
    ]
    return {int(str(person)) for person in people}


async def spoke_in(entity_id: int, threads: Collection[int]) -> dict[int, set[int]]:
    """List who said something that can be read in each of these threads; the entity apart."""
    said = Contribution.of(entity_id).filter(thread_id__in=list(threads), state=State.PUBLISHED)
    authors = said.filter(office="").exclude(author_id=None).distinct()
    found: dict[int, set[int]] = {thread: set() for thread in threads}
    for thread, author in await authors.values_list("thread_id", "author_id"):
        found[int(str(thread))].add(int(str(author)))
    return found


async def authors_of(entity_id: int, contributions: Collection[int]) -> dict[int, int]:
    """Give the author of each of these contributions that can be read; the entity apart.

    What came by telephone or on paper was typed by somebody else: its author is told by hand.
    """
    rows = Contribution.of(entity_id).filter(
        id__in=list(contributions), state=State.PUBLISHED, channel=BY_ITSELF
    )
    signed = rows.filter(office="").exclude(author_id=None).order_by("id")
    found = await signed.values_list("id", "author_id")
    return {int(str(each)): int(str(author)) for each, author in found}


async def signers_of(
    entity_id: int, contributions: Collection[int], cosigners: CosignersOf
) -> list[tuple[int, int]]:
    """List with each of these contributions its author, and who made it together with them."""
    pairs = list((await authors_of(entity_id, contributions)).items())
    rows = Contribution.of(entity_id).filter(id__in=list(contributions), is_opening=True)
    readable = rows.filter(state=State.PUBLISHED).order_by("id")
    for said, thread in await readable.values_list("id", "thread_id"):
        people = await cosigners(entity_id, int(str(thread)))
        pairs += [(int(str(said)), each) for each in people]
    return pairs


async def conclusion_of(entity_id: int, thread_id: int) -> Conclusion | None:
    """Give what a thread is closed with, with the thread; None where it may not be told."""
    rows = Conclusion.of(entity_id).filter(thread_id=thread_id, thread__is_hidden=False)
    closed = rows.filter(thread__closed_at__isnull=False).select_related("thread")
    return await closed.order_by("-number").first()


async def stop_link_owner(entity_id: int, token: str) -> int | None:
    """Give the id of the person in whose mail a stop link stands."""
    notice = await Notice.of(entity_id).filter(mail_hash=token_hash(token)).first()
    return notice.person_id if notice is not None else None


def _parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in range(0, len(ids), MANY):
        yield ids[start : start + MANY]
