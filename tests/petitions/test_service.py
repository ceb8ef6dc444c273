"""Filing, answering and extending petitions, on both databases."""

import asyncio
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from participa.accounts.models import Person
from participa.audit import AuditRecord
from participa.jobs import run_due
from participa.mail import NullMailer
from participa.petitions.jobs import MAIL_NEWS, news_mail
from participa.petitions.models import ClosedDay, Petition
from participa.petitions.queries import (
    case_by_code,
    case_of_author,
    case_of_id,
    case_view,
    open_cases,
    public_figures,
)
from participa.petitions.service import (
    Asked,
    answer_petition,
    close_day,
    extend_petition,
    file_petition,
    reveal_identity,
)
from participa.web.refusals import Conflict, NotFound
from tests.people import NOW, Municipality
from tests.petitions.petitioning import ASKED, SECRET, again, filed_by

BOGOTA = ZoneInfo("America/Bogota")


async def test_filing_keeps_the_dates_of_its_day(town: Municipality) -> None:
    """A petition of Monday 23 November is due fifteen business days later."""
    petition = (await filed_by(town.ana, town)).petition
    assert (petition.effective_on, petition.due_on) == (date(2026, 11, 23), date(2026, 12, 15))
    assert (petition.rule_version, petition.term_days, petition.month) == (
        "ley-2207", 15, "2026-11",
    )  # fmt: skip


async def test_numbers_are_consecutive_for_entity_and_year(town: Municipality) -> None:
    """Each municipality counts for itself, from one in each year, and the form says PET."""
    numbers = [
        (await filed_by(actor, town, now=now)).petition.filing_number[:-2]
        for actor, now in (
            (town.ana, NOW), (town.elsa, NOW), (town.nora, NOW),
            # Half past eleven at night of 31 December in Bogotá, and an hour later.
            (town.ana, NOW.replace(month=12, day=31) + timedelta(hours=13, minutes=30)),
            (town.ana, NOW.replace(month=12, day=31) + timedelta(hours=14, minutes=30)),
        )
    ]  # fmt: skip
    assert numbers == [
        "PET-2026-000001", "PET-2026-000002", "PET-2026-000001", "PET-2026-000003",
        "PET-2027-000001",
    ]  # fmt: skip


async def test_parallel_filing_leaves_no_gap(town: Municipality) -> None:
    """Ten at once get ten numbers without a gap or a double."""
    filed = await asyncio.gather(*(filed_by(town.elsa, town) for _ in range(10)))
    numbers = sorted(int(f.petition.filing_number[9:15]) for f in filed)
    assert numbers == list(range(1, 11))


async def test_the_same_form_twice_is_one_petition(town: Municipality) -> None:
    """A repeated sending, also in parallel, shows the same number and the same code."""
    filed = await asyncio.gather(*(filed_by(town.elsa, town, request_key="k") for _ in range(5)))
    assert len({(f.petition.id, f.code) for f in filed}) == 1
    assert await Petition.of(town.entity.id).count() == 1
    other = Asked(ASKED.kind, ASKED.subject, "Otra cosa, con el mismo formulario.")
    assert (await filed_by(town.elsa, town, other, request_key="k")).code != filed[0].code
    assert await Petition.of(town.entity.id).count() == 2


async def test_the_code_is_not_kept(town: Municipality) -> None:
    """A leaked table opens no case: it holds neither code nor form key."""
    filed = await filed_by(town.ana, town, request_key="la-llave")
    row = await Petition.of(town.entity.id).filter(id=filed.petition.id).values()
    kept = str(row)
    assert filed.code not in kept
    assert filed.code.replace("-", "") not in kept
    assert "la-llave" not in kept


async def test_only_number_and_code_together_open_a_case(town: Municipality) -> None:
    """Another case's code, another entity, a wrong number: all find nothing."""
    first, second = await filed_by(town.ana, town), await filed_by(town.beto, town)
    number, entity = first.petition.filing_number, town.entity.id
    found = await case_by_code(entity, number.lower(), first.code.lower().replace("-", " "))
    assert found is not None
    assert found.id == first.petition.id
    assert await case_by_code(entity, number, second.code) is None
    assert await case_by_code(entity, "PET-2026-000099-0", first.code) is None
    assert await case_by_code(town.neighbour.id, number, first.code) is None
    assert await case_by_code(entity, "", first.code) is None


async def test_whose_it_is(town: Municipality) -> None:
    """The author finds it; another citizen and a neighbour official find nothing."""
    petition = (await filed_by(town.ana, town)).petition
    ana, beto = town.ana.person_id or 0, town.beto.person_id or 0
    assert (await case_of_author(town.entity.id, ana, petition.filing_number)).id == petition.id
    with pytest.raises(NotFound):
        await case_of_author(town.entity.id, beto, petition.filing_number)
    with pytest.raises(NotFound):
        await case_of_id(town.neighbour.id, petition.id)


async def test_nobody_is_nobody(town: Municipality) -> None:
    """An anonymous petition belongs to no account, and reserves no name."""
    asked = Asked("report", "Volquetas", "De noche.", is_reserved=True)
    petition = (await filed_by(town.elsa, town, asked)).petition
    assert (petition.author_id, petition.is_reserved) == (None, False)
    with pytest.raises(NotFound):
        await case_of_author(town.entity.id, 0, petition.filing_number)
    with pytest.raises(NotFound):
        await reveal_identity(town.diego, petition.id, now=NOW)


async def test_answering(town: Municipality) -> None:
    """An answer closes the case; a second one is refused and changes nothing."""
    petition = (await filed_by(town.ana, town)).petition
    await answer_petition(town.diego, petition.id, "Sí.", office="Planeación", now=NOW)
    with pytest.raises(Conflict):
        await answer_petition(town.alma, petition.id, "No.", office="Otra", now=NOW)
    kept = await again(petition)
    assert (kept.state, kept.answer, kept.answer_office) == ("answered", "Sí.", "Planeación")


async def test_a_late_answer_is_taken_and_called_late(town: Municipality) -> None:
    """The duty to answer outlives the term."""
    petition = (await filed_by(town.ana, town)).petition
    late = NOW + timedelta(days=60)
    await answer_petition(town.diego, petition.id, "Sí.", office="Planeación", now=late)
    view = await case_view(await case_of_id(town.entity.id, petition.id), late, BOGOTA)
    assert str(view.pill.text) == "Respondida fuera de término"


async def test_one_extension_within_twice_the_term(town: Municipality) -> None:
    """Fifteen days may become thirty; sixteen more may not, nor a second extension."""
    petition = (await filed_by(town.ana, town)).petition
    with pytest.raises(Conflict, match="15"):
        await extend_petition(town.diego, petition.id, days=16, reason="x", zone=BOGOTA, now=NOW)
    await extend_petition(
        town.diego, petition.id, days=15, reason="Falta el plano.", zone=BOGOTA, now=NOW
    )
    kept = await again(petition)
    assert (kept.first_due_on, kept.due_on) == (date(2026, 12, 15), date(2027, 1, 7))
    with pytest.raises(Conflict):
        await extend_petition(town.diego, petition.id, days=1, reason="x", zone=BOGOTA, now=NOW)
    assert (await again(petition)).due_on == date(2027, 1, 7)


async def test_no_extension_after_the_term(town: Municipality) -> None:
    """On the last day it may still be told, until midnight in Bogotá; then no more."""
    petition = (await filed_by(town.ana, town)).petition
    midnight = NOW.replace(month=12, day=16, hour=5, minute=0)
    with pytest.raises(Conflict):
        await extend_petition(
            town.diego, petition.id, days=1, reason="x", zone=BOGOTA, now=midnight
        )
    just = midnight - timedelta(seconds=1)
    await extend_petition(town.diego, petition.id, days=1, reason="x", zone=BOGOTA, now=just)
    assert (await again(petition)).due_on == date(2026, 12, 16)


async def test_acts_of_a_neighbour_find_nothing(town: Municipality) -> None:
    """Another municipality's administrator answers, extends and reveals nothing here."""
    petition = (await filed_by(town.ana, town)).petition
    with pytest.raises(NotFound):
        await answer_petition(town.nico, petition.id, "x", office="Vecina", now=NOW)
    with pytest.raises(NotFound):
        await extend_petition(town.nico, petition.id, days=1, reason="x", zone=BOGOTA, now=NOW)
    with pytest.raises(NotFound):
        await reveal_identity(town.nico, petition.id, now=NOW)


async def test_t44_looking_at_a_reserved_name_is_recorded(town: Municipality) -> None:
    """The name comes out once asked for, and the log keeps who asked but not the name."""
    asked = Asked("report", "Cobros", "Me cobraron.", is_reserved=True)
    petition = (await filed_by(town.ana, town, asked)).petition
    before = await AuditRecord.of(town.entity.id).count()
    assert await reveal_identity(town.diego, petition.id, now=NOW) == "Ana"
    act = await AuditRecord.of(town.entity.id).order_by("-id").first()
    assert act is not None
    assert await AuditRecord.of(town.entity.id).count() == before + 1
    assert (act.action, act.actor_name) == ("petitions.reveal_identity", "Diego")
    assert act.object_label == petition.filing_number
    assert "Ana" not in f"{act.reason}{act.object_label}"


async def test_the_log_holds_no_words_of_a_petition(town: Municipality) -> None:
    """Answering and extending are recorded by number alone, never subject, text or answer."""
    asked = Asked("petition", "asuntosecreto", "cuerposecreto")
    petition = (await filed_by(town.ana, town, asked)).petition
    await extend_petition(
        town.diego, petition.id, days=1, reason="motivosecreto", zone=BOGOTA, now=NOW
    )
    await answer_petition(town.diego, petition.id, "respuestasecreta", office="P", now=NOW)
    rows = await AuditRecord.of(town.entity.id).filter(object_id=petition.id).values()
    acts = [row for row in rows if row["object_kind"] == "petitions.petition"]
    assert [row["action"] for row in acts] == ["petitions.extend", "petitions.answer"]
    assert "secret" not in str(acts)


class Letters(NullMailer):
    """Keeps what would have been sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []

    async def send(self, to: str, subject: str, text: str) -> None:
        """Keep a letter."""
        self.sent.append((to, subject, text))


async def test_news_are_told_without_what_they_say(town: Municipality) -> None:
    """Who left an address, or has an account, gets a letter with the number and nothing else."""
    anonymous = Asked("petition", "asuntosecreto", "cuerpo", contact_email="elsa@example.org")
    filed = [
        await filed_by(town.elsa, town, anonymous),
        await filed_by(town.ana, town),
        await filed_by(town.elsa, town),
    ]
    for each in filed:
        await answer_petition(town.diego, each.petition.id, "respuestasecreta", office="P", now=NOW)
    letters = Letters()
    await run_due({MAIL_NEWS: news_mail(letters)}, lambda: NOW)
    assert sorted(to for to, _s, _t in letters.sent) == ["ana@example.org", "elsa@example.org"]
    assert all(f.petition.filing_number in str(letters.sent) for f in filed[:2])
    assert "secret" not in str(letters.sent)
    assert not any(f.code in str(letters.sent) for f in filed)


async def test_a_towns_closed_day_moves_later_petitions_only(town: Municipality) -> None:
    """A day declared free does not count from then on; what is running keeps its date."""
    before = (await filed_by(town.ana, town)).petition
    await close_day(town.alma, date(2026, 12, 1), "Día cívico", now=NOW)
    after = (await filed_by(town.ana, town)).petition
    assert ((await again(before)).due_on, after.due_on) == (date(2026, 12, 15), date(2026, 12, 16))
    assert (await filed_by(town.nora, town)).petition.due_on == date(2026, 12, 15)
    with pytest.raises(Conflict):
        await close_day(town.alma, date(2026, 12, 1), "Otra vez", now=NOW)
    assert await ClosedDay.of(town.entity.id).count() == 1


async def test_the_list_is_by_due_date_in_pages(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is due first stands first, each petition once, whatever the page."""
    monkeypatch.setattr("participa.petitions.queries.PAGE_SIZE", 2)
    kinds = ("advice", "information", "petition", "information", "petition")
    for kind in kinds:
        await filed_by(town.ana, town, Asked(kind, kind, "x"))
    subjects: list[str] = []
    start: str | None = ""
    while start is not None:
        page = await open_cases(town.entity.id, NOW, BOGOTA, start)
        subjects += [line.subject for line in page.lines]
        start = page.next_url.partition("desde=")[2] if page.next_url else None
    assert subjects == ["information", "information", "petition", "petition", "advice"]
    whole = await open_cases(town.entity.id, NOW, BOGOTA, "'; DROP TABLE x")
    assert len(whole.lines) == 2


@pytest.mark.parametrize(
    ("days", "kind", "words"),
    [
        (0, "open", "Quedan 15 días hábiles"),
        (17, "soon", "Quedan 3 días hábiles"),
        (21, "soon", "Queda 1 día hábil"),
        (22, "soon", "Vence hoy"),
        (23, "late", "Vencida hace 1 día hábil"),
        (24, "late", "Vencida hace 2 días hábiles"),
    ],
)
async def test_days_left_are_said_in_words(
    town: Municipality, days: int, kind: str, words: str
) -> None:
    """The pill counts business days, and late looks late."""
    await filed_by(town.ana, town)
    page = await open_cases(town.entity.id, NOW + timedelta(days=days), BOGOTA, "")
    assert (page.lines[0].pill.kind, str(page.lines[0].pill.text)) == (kind, words)


async def test_public_figures_hide_what_is_small(town: Municipality) -> None:
    """Five of a kind in a month that ended are shown; four are not, nor this month's."""
    october = NOW - timedelta(days=40)
    for kind, count in (("claim", 6), ("report", 4)):
        for _n in range(count):
            filed = await filed_by(town.ana, town, Asked(kind, "s", "t"), now=october)
    for _n in range(6):
        await filed_by(town.ana, town)
        await filed_by(town.nora, town, now=october)
    await answer_petition(town.diego, filed.petition.id, "x", office="P", now=NOW)
    figures = await public_figures(town.entity.id, NOW, BOGOTA)
    shown = [(f.month, str(f.kind_label), f.is_open, f.answered) for f in figures]
    assert shown == [(date(2026, 10, 1), "Reclamo", 6, None)]


async def test_an_erased_account_leaves_the_petition(town: Municipality) -> None:
    """The case is a public record: it stays, without its author."""
    petition = (await filed_by(town.beto, town)).petition
    await Person.of(town.entity.id).filter(id=town.beto.person_id).delete()
    assert (await again(petition)).author_id is None


async def test_an_unknown_office_fails_whole(town: Municipality) -> None:
    """A filing that breaks takes no number and leaves no row."""
    asked = Asked("petition", "s", "t", office_id=999_999)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await file_petition(town.ana, town.entity, asked, secret=SECRET, now=NOW)
    assert (await filed_by(town.ana, town)).petition.filing_number.startswith("PET-2026-000001")
