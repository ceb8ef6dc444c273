"""Loading the demonstration, all of it or nothing, once."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from participa.accounts.models import Person
from participa.accounts.sessions import end_all_sessions
from participa.db import transaction
from participa.demo.answers import answer_decree
from participa.demo.calendar import Calendar
from participa.demo.cast import create_cast
from participa.demo.commitments import load_commitments
from participa.demo.content import Municipality, Neighbour, Officials, Processes, content
from participa.demo.evaluation import load_evaluation
from participa.demo.outcome import Loaded
from participa.demo.passwords import new_password
from participa.demo.results import publish_results
from participa.demo.stage import Shown
from participa.demo.town import fill_neighbour, fill_town
from participa.entities.models import Entity
from participa.files.forms import store_of
from participa.i18n import _
from participa.insights.models import ResultReport
from participa.insights.queries import report_url
from participa.security.passwords import hash_password
from participa.settings import Settings
from participa.web.refusals import Conflict

HOST, NEIGHBOUR_HOST = "127.0.0.1", "vecina.localhost"
CAST_SINCE_DAYS = -90
# How the time of loading is shared out, measured: people, words, report.
_CAST, _WORDS = 0.1, 0.6


def _silent(_share: float) -> None:
    pass


async def load_demo(
    settings: Settings,
    *,
    progress: Shown = _silent,
    if_empty: bool = False,
    new_passwords: bool = False,
    now: datetime | None = None,
) -> Loaded | None:
    """Load the demonstration in one transaction: an interrupted loading leaves nothing.

    Where it is loaded already nothing changes, except for the passwords of its log-ins when
    new ones are asked for. With `if_empty`, any entity is reason enough to do nothing and give
    None. Refuses with Conflict a database with an entity that is not the demonstration's.
    """
    if if_empty and await Entity.all().exists():
        return None
    await _refuse_the_real()
    town = content(Municipality, "municipality.toml")
    entity = await Entity.filter(slug=town.entity.slug).first()
    if entity is not None:
        passwords = await _renew(entity, town, now or datetime.now(UTC)) if new_passwords else {}
        return await _loaded(settings, town, passwords, is_new=False)
    passwords = {role: new_password() for role in town.logins}
    hashes = {role: await hash_password(word) for role, word in passwords.items()}
    async with transaction():
        await _load(settings, town, hashes, now or datetime.now(UTC), progress)
    return await _loaded(settings, town, passwords, is_new=True)


async def _refuse_the_real() -> None:
    for entity in await Entity.filter(is_demo=False).order_by("id"):
        people = await Person.of(entity.id).filter(kind="registered", is_demo=False).count()
        raise Conflict(
            _("La demostración no se carga en una base de datos con personas reales: ya está "
              "{name}, con {count} personas registradas.", name=entity.name, count=people),
            _("Cárguela en otra base de datos: cambie PARTICIPA_VAR_DIR o "
              "PARTICIPA_DATABASE_URL."),
        )  # fmt: skip


async def _load(
    settings: Settings,
    town: Municipality,
    hashes: Mapping[str, str],
    now: datetime,
    progress: Shown,
) -> None:
    officials = content(Officials, "officials.toml").official
    calendar = Calendar(now, _zone(town))
    since = calendar.start_of(CAST_SINCE_DAYS)
    cast = await create_cast(
        town, officials, base_url=_url(settings, HOST), hosts=("localhost",),
        password_hashes=hashes, now=since,
    )  # fmt: skip
    vicinity = content(Neighbour, "neighbour.toml")
    neighbours = await create_cast(
        vicinity, officials, base_url=_url(settings, NEIGHBOUR_HOST), hosts=(),
        password_hashes={}, now=since,
    )  # fmt: skip
    await fill_neighbour(neighbours, Calendar(now, _zone(vicinity)))
    progress(_CAST)
    filled = await fill_town(
        cast,
        calendar,
        store_of(settings),
        lambda share: progress(_CAST + share * (_WORDS - _CAST)),
    )
    await publish_results(
        cast, filled.decree, calendar, lambda share: progress(_WORDS + share * (1 - _WORDS))
    )
    await answer_decree(cast, filled.decree, filled.said, calendar)
    await load_evaluation(cast)
    await load_commitments(cast, filled.said, calendar, store_of(settings))
    progress(1.0)


def _url(settings: Settings, host: str) -> str:
    return f"http://{host}:{settings.port}"


def _zone(town: Municipality) -> ZoneInfo:
    return ZoneInfo(town.entity.timezone)


async def _renew(entity: Entity, town: Municipality, now: datetime) -> dict[str, str]:
    """Make new passwords for the log-ins and end whatever was open with the old ones."""
    passwords = {role: new_password() for role in town.logins}
    hashes = {role: await hash_password(word) for role, word in passwords.items()}
    async with transaction():
        for role, login in town.logins.items():
            person = await Person.of(entity.id).get(email=login.email, is_demo=True)
            await Person.of(entity.id).filter(id=person.id).update(password_hash=hashes[role])
            await end_all_sessions(person, now)
    return passwords


async def _loaded(
    settings: Settings, town: Municipality, passwords: Mapping[str, str], *, is_new: bool
) -> Loaded:
    entity = await Entity.get(slug=town.entity.slug)
    parts = content(Processes, "processes.toml")
    reports = ResultReport.of(entity.id).filter(process__slug=parts.decree.slug)
    report = await reports.order_by("id").first()
    return Loaded(
        url=entity.base_url,
        neighbour_url=_url(settings, NEIGHBOUR_HOST),
        emails={role: login.email for role, login in town.logins.items()},
        processes=(parts.plan.slug, parts.decree.slug),
        report_url=entity.base_url + (report_url(report) if report else "/informes"),
        is_new=is_new,
        passwords=passwords,
    )
