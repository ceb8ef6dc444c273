"""What the entity decides of what was said to it: one contribution, many, or a theme."""

from enum import StrEnum

from participa.i18n import Text, _


class Verdict(StrEnum):
    """What an answer decides."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    REJECTED = "rejected"
    ALREADY = "already"
    NOT_OURS = "not_ours"


VERDICTS: dict[str, Text] = {
    Verdict.ACCEPTED: _("Se acoge"),
    Verdict.PARTLY: _("Se acoge en parte"),
    Verdict.REJECTED: _("No se acoge"),
    Verdict.ALREADY: _("Ya está en el plan"),
    Verdict.NOT_OURS: _("No es competencia de la entidad"),
}
# The shapes of pills in which they are shown, beside their words.
VERDICT_PILLS: dict[str, str] = {
    Verdict.ACCEPTED: "done",
    Verdict.PARTLY: "follow",
    Verdict.REJECTED: "closed",
    Verdict.ALREADY: "done",
    Verdict.NOT_OURS: "closed",
}
