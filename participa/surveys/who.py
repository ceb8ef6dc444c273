"""Who is answering: what makes them one person, by the survey's audience and the way they come."""

import hashlib
from dataclasses import dataclass

from participa.accounts.guard import refuse
from participa.accounts.identity import checked_document, holder_of
from participa.accounts.permissions import Action, Actor, can
from participa.i18n import _
from participa.kit.codes import plain_code
from participa.security.tokens import new_token, token_hash
from participa.surveys.models import Participation, RollEntry, Survey
from participa.surveys.queries import survey_target
from participa.surveys.rules import WEB, Audience
from participa.web.refusals import BadInput, Conflict, NotAllowed, SignInNeeded


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who answers: `participant` is unique in a survey, whoever writes the answers down."""

    participant: str
    person_id: int | None = None
    channel: str = WEB
    recorded_by_id: int | None = None


class UnknownCode(BadInput):
    """No code of this survey was typed."""

    status = 422
    title = _("Ese código no es de esta encuesta. Cópielo de su carta: son 16 letras y números.")


class NotVerified(NotAllowed):
    """The account's document was not seen yet."""

    title = _("Para esta encuesta hay que mostrar el documento una vez")
    advice = _("Lleve su documento de identidad a la entidad para que verifiquen su cuenta. "
               "Lo que ya escribió queda guardado en su enlace.")  # fmt: skip


class SecretIsSilent(Conflict):
    """What a secret survey does not allow, because somebody would see who answers what."""

    title = _("En una encuesta secreta cada persona escribe sus propias respuestas")
    advice = _("Nadie puede registrarlas por otra persona ni cambiarlas después.")


def code_hash(survey_id: int, code: str) -> str:
    """Give what is kept of a personal code, however it was typed."""
    return hashlib.sha256(f"survey:{survey_id}:{plain_code(code)}".encode()).hexdigest()


async def answerer_of(
    actor: Actor, survey: Survey, code: str = "", *, request_key: str | None = None
) -> Answerer:
    """Say who answers on the web; who is nobody known is one person for each form they send.

    Refuses with SignInNeeded, NotVerified or UnknownCode who is not of the survey's audience.
    """
    if survey.audience == Audience.ROLL:
        return Answerer(f"roll:{(await _entry_of(survey, code)).id}")
    if actor.person_id is None:
        if survey.audience == Audience.OPEN:
            return Answerer(_guest(request_key))
        raise SignInNeeded
    document = await _document_of(actor.entity_id, actor.person_id, survey)
    if document is not None:
        return Answerer(f"doc:{document}", actor.person_id)
    if survey.audience == Audience.VERIFIED:
        raise NotVerified
    return Answerer(f"person:{actor.person_id}", actor.person_id)


async def _document_of(entity_id: int, person_id: int, survey: Survey) -> str | None:
    """Give the document by which an account is known in a survey, if it is.

    Where an account is enough that is one with which somebody was interviewed before the account
    was verified: it is the same person.
    """
    document = await checked_document(entity_id, person_id)
    if document is None or survey.audience == Audience.VERIFIED:
        return document
    by_document = Participation.of(entity_id).filter(
        survey_id=survey.id, participant=f"doc:{document}"
    )
    return document if await by_document.exists() else None


def _guest(request_key: str | None) -> str:
    return f"guest:{token_hash(request_key or new_token())}"


async def _entry_of(survey: Survey, code: str) -> RollEntry:
    entries = RollEntry.of(survey.entity_id).filter(survey_id=survey.id)
    found = await entries.filter(code_hash=code_hash(survey.id, code)).first()
    if found is None:
        raise UnknownCode
    return found


def may_record(actor: Actor, survey: Survey) -> bool:
    """Whether the actor may write answers down for others."""
    return can(actor, Action.MANAGE_PROCESS, survey_target(survey))


def require_recording(actor: Actor, survey: Survey) -> None:
    """Refuse who may not write answers down for others, and any secret survey."""
    if not may_record(actor, survey):
        refuse(actor, survey_target(survey))
    if survey.is_secret:
        raise SecretIsSilent


async def participant_interviewed(
    survey: Survey, document: str, roll_number: int | None, *, request_key: str | None = None
) -> str:
    """Name somebody whose answers are written down, by the hash of their document or the roll.

    Refuses with BadInput a number that is not on the roll.
    """
    if survey.audience == Audience.ROLL:
        entries = RollEntry.of(survey.entity_id).filter(survey_id=survey.id, number=roll_number)
        entry = await entries.first()
        if entry is None:
            raise BadInput(_("No hay nadie con ese número en la lista."))
        return f"roll:{entry.id}"
    if survey.audience == Audience.OPEN:
        return _guest(request_key)
    holder = await holder_of(survey.entity_id, document)
    if holder is not None and survey.audience == Audience.REGISTERED:
        return f"person:{holder}"
    return f"doc:{document}"
