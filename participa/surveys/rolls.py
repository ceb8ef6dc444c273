"""The roll of a survey: who is asked by letter, each with a code that works once (T33).

A code is shown when it is made, on its letter or in the file, and never again: only its hash
is kept. Making it again makes the old one worthless.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tortoise.functions import Max

from participa.accounts.permissions import Actor
from participa.db import transaction
from participa.i18n import Text, _
from participa.kit.codes import new_code
from participa.processes.queries import schedule_of
from participa.surveys.audiences import record_act
from participa.surveys.models import Participation, RollEntry, Survey
from participa.surveys.service import locked
from participa.surveys.who import code_hash
from participa.web.refusals import BadInput, Conflict

MAX_ROLL = 20_000
MAX_LETTERS = 500
"""Codes are made for so many at a time, so that their file is ready while one waits."""
MAX_NAME, MAX_ADDRESS = 120, 200


@dataclass(frozen=True, slots=True)
class Letter:
    """A code just made, and whom it is for."""

    number: int
    name: str
    address: str
    code: str


@dataclass(frozen=True, slots=True)
class RollState:
    """How many are on the roll, have a code, and have answered."""

    people: int
    with_code: int
    answered: int

    @property
    def without_code(self) -> int:
        """How many letters are still to be made."""
        return self.people - self.with_code


def read_people(pasted: str) -> list[tuple[str, str]] | Text:
    """Read who is asked: a name in each line, and after a tab or semicolon an address. Pure."""
    people = []
    for number, line in enumerate(pasted.splitlines(), 1):
        name, _sign, address = line.replace("\t", ";").partition(";")
        name, address = name.strip(), address.strip(" ;")
        if len(name) > MAX_NAME or len(address) > MAX_ADDRESS:
            return _("La línea {n} es demasiado larga.", n=number)
        if name or address:
            people.append((name, address))
    return people


async def add_people(
    actor: Actor, survey_id: int, people: Sequence[tuple[str, str]], now: datetime
) -> int:
    """Put people on the roll, by name and address or, where both are empty, by number alone."""
    async with transaction():
        survey = await locked(actor.entity_id, survey_id)
        rows = RollEntry.of(survey.entity_id).filter(survey_id=survey.id)
        found = await rows.annotate(last=Max("number")).values_list("last", flat=True)
        last = int(str(found[0] or 0)) if found else 0
        if last + len(people) > MAX_ROLL:
            raise BadInput(_("En una lista caben {most} personas.", most=MAX_ROLL))
        await RollEntry.bulk_create(
            RollEntry(
                entity_id=survey.entity_id, survey=survey, number=last + n, name=name,
                address=address,
            )
            for n, (name, address) in enumerate(people, 1)
        )  # fmt: skip
        await record_act(actor, survey, "surveys.add_to_roll", now)
    return len(people)


async def make_letters(
    actor: Actor, survey_id: int, now: datetime, today: date, *, number: int | None = None
) -> list[Letter]:
    """Make the next codes, at most `MAX_LETTERS`, or a new one for one number of the roll.

    Who has answered gets none: their code is used. Refuses with BadInput where there is nobody.
    """
    async with transaction():
        survey = await locked(actor.entity_id, survey_id)
        rows = RollEntry.of(survey.entity_id).filter(survey_id=survey.id)
        wanted = rows.filter(code_hash=None) if number is None else rows.filter(number=number)
        entries = await wanted.order_by("number").limit(MAX_LETTERS)
        used = await _answered(survey, entries)
        entries = [entry for entry in entries if entry.id not in used]
        if not entries:
            raise BadInput(_("No hay a quién hacerle un código: ya respondió o no está."))
        letters = [Letter(e.number, e.name, e.address, new_code()) for e in entries]
        for entry, letter in zip(entries, letters, strict=True):
            entry.code_hash, entry.printed_on = code_hash(survey.id, letter.code), today
        await RollEntry.bulk_update(entries, ["code_hash", "printed_on"])
        await record_act(actor, survey, "surveys.make_letters", now)
    return letters


async def forget_names(actor: Actor, survey_id: int, now: datetime) -> None:
    """Erase the names, addresses and codes of a roll that has served: only numbers stay.

    Personal data is kept no longer than what it was asked for takes (Ley 1581 de 2012, art. 4).
    Refuses with Conflict while somebody can still answer.
    """
    async with transaction():
        survey = await locked(actor.entity_id, survey_id)
        schedule = await schedule_of(survey.entity_id, survey.process_id)
        closes = schedule.final_closing(survey.activity)
        if closes is None or now < closes:
            raise Conflict(_("Todavía se puede responder: los nombres se borran después."))
        rows = RollEntry.of(survey.entity_id).filter(survey_id=survey.id)
        await rows.update(name="", address="", code_hash=None)
        await record_act(actor, survey, "surveys.forget_names", now)


async def _answered(survey: Survey, entries: Sequence[RollEntry]) -> set[int]:
    names = {f"roll:{entry.id}": entry.id for entry in entries}
    rows = Participation.of(survey.entity_id).filter(survey_id=survey.id)
    found = await rows.filter(participant__in=list(names)).values_list("participant", flat=True)
    return {names[str(participant)] for participant in found}


async def roll_state(survey: Survey) -> RollState:
    """Count the roll in three statements."""
    rows = RollEntry.of(survey.entity_id).filter(survey_id=survey.id)
    took_part = Participation.of(survey.entity_id).filter(survey_id=survey.id)
    return RollState(
        people=await rows.count(),
        with_code=await rows.filter(code_hash__isnull=False).count(),
        answered=await took_part.filter(participant__startswith="roll:").count(),
    )
