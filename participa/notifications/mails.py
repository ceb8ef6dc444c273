"""The words of the mails: what happened, a short quotation, where to read it, how to stop."""

from collections.abc import Sequence
from dataclasses import dataclass

from participa.deliberation.models import Conclusion, Contribution
from participa.deliberation.views import author_name, excerpt
from participa.entities.models import Entity
from participa.features import FormalAnswer, Results
from participa.i18n import Text, _, n_
from participa.kit.html import plain_text
from participa.notifications.rules import MAX_SUBJECT_TITLE, QUOTES_SHOWN, quotation


@dataclass(frozen=True, slots=True)
class Mail:
    """A subject and the paragraphs under it, in no language yet."""

    subject: Text
    paragraphs: tuple[Text, ...]

    def text(self, locale: str) -> str:
        """Write the paragraphs in a language."""
        return "\n\n".join(each.render(locale) for each in self.paragraphs) + "\n"


def answers_mail(entity: Entity, title: str, said: Sequence[Contribution]) -> Mail:
    """Tell what was answered in a thread. Only what may be read now is handed in."""
    short = excerpt(title, MAX_SUBJECT_TITLE)
    if any(each.office for each in said):
        subject = _("Respuesta oficial de {entity} en «{title}»",
                    entity=entity.short_name, title=short)  # fmt: skip
    else:
        subject = n_("Le respondieron en «{title}»", "{count} respuestas en «{title}»",
                     len(said), title=short)  # fmt: skip
    # What the entity says is never among those cut off.
    ordered = sorted(said, key=lambda each: (not each.office, each.id))
    left = len(ordered) - QUOTES_SHOWN
    paragraphs = [_quoted(entity, each) for each in ordered[:QUOTES_SHOWN]]
    if left > 0:
        paragraphs.append(n_("Y una respuesta más.", "Y {count} respuestas más.", left))
    return Mail(subject, (_("Hay respuesta a lo que usted dijo en «{title}».", title=short),
                          *paragraphs))  # fmt: skip


def _quoted(entity: Entity, said: Contribution) -> Text:
    quote = quotation(plain_text(said.body_html))
    link = f"{entity.base_url}/aportes/{said.receipt_number}"
    if said.office:
        return _("{office}, en nombre de {entity}, respondió:\n{quote}\n{link}",
                 office=said.office, entity=entity.name, quote=quote, link=link)  # fmt: skip
    return _("{name} escribió:\n{quote}\n{link}", name=author_name(said), quote=quote, link=link)


def formal_mail(
    entity: Entity, title: str, answer: FormalAnswer, answered: Sequence[Contribution]
) -> Mail:
    """Tell what the entity decided of what somebody said, and where it went."""
    short = excerpt(title, MAX_SUBJECT_TITLE)
    links = "\n".join(f"{entity.base_url}/aportes/{each.receipt_number}" for each in answered)
    paragraphs = [
        n_("{office}, en nombre de {entity}, respondió su aporte en «{title}»: {verdict}.\n{quote}",
           "{office}, en nombre de {entity}, respondió {count} aportes suyos: {verdict}.\n{quote}",
           len(answered), office=answer.office, entity=entity.name, title=short,
           verdict=answer.label, quote=quotation(plain_text(answer.html))),
    ]  # fmt: skip
    if answer.is_owed:
        paragraphs.append(_("Se incorporará en la próxima versión: {section}",
                            section=answer.section_label))  # fmt: skip
    elif answer.section_label and answer.version is not None:
        paragraphs.append(_("Está en la versión {version} del plan: {section}\n{link}",
                            version=answer.version, section=answer.section_label,
                            link=f"{entity.base_url}{answer.section_url}"))  # fmt: skip
    return Mail(
        _("{entity} respondió a lo que usted dijo en «{title}»",
          entity=entity.short_name, title=short),
        (*paragraphs, _("Siga aquí lo que pase con su aporte:\n{link}", link=links)),
    )  # fmt: skip


def results_mail(entity: Entity, process_title: str, results: Results) -> Mail:
    """Tell that a process in which somebody took part has its results."""
    short = excerpt(process_title, MAX_SUBJECT_TITLE)
    return Mail(
        _("Ya hay resultados de «{title}»", title=short),
        (
            _("{entity} publicó lo que salió de «{title}», donde usted participó:",
              entity=entity.name, title=short),
            _("{title}\n{link}", title=results.title, link=f"{entity.base_url}{results.url}"),
        ),
    )  # fmt: skip


def conclusion_mail(entity: Entity, title: str, written: Conclusion) -> Mail:
    """Tell what a thread in which somebody spoke was closed with."""
    short = excerpt(title, MAX_SUBJECT_TITLE)
    return Mail(
        _("Se cerró con una conclusión «{title}»", title=short),
        (
            _("{entity} cerró con una conclusión la conversación «{title}», donde usted habló:",
              entity=entity.name, title=short),
            _("{name} escribió:\n{quote}\n{link}", name=written.office or written.author_name,
              quote=quotation(plain_text(written.body_html)),
              link=f"{entity.base_url}/hilos/{written.thread_id}"),
        ),
    )  # fmt: skip


def moved_mail(entity: Entity, title: str, said: Sequence[Contribution]) -> Mail:
    """Tell somebody that what they said stands in another thread now, and where to read why."""
    short = excerpt(title, MAX_SUBJECT_TITLE)
    shown = [
        _("{quote}\n{link}", quote=quotation(plain_text(each.body_html)),
          link=f"{entity.base_url}/aportes/{each.receipt_number}")
        for each in said[:QUOTES_SHOWN]
    ]  # fmt: skip
    return Mail(
        _("Lo que usted dijo está ahora en «{title}»", title=short),
        (
            _("{entity} trasladó lo que usted dijo, con las respuestas que tenía. Conserva su "
              "radicado y sus apoyos:", entity=entity.name),
            *shown,
            _("El motivo está aquí:\n{link}",
              link=f"{entity.base_url}/hilos/{said[0].thread_id}/actuaciones"),
        ),
    )  # fmt: skip


def merged_mail(entity: Entity, title: str, said: Contribution, into: Contribution | None) -> Mail:
    """Tell somebody that what they said was merged into something, or into nothing any more."""
    short = excerpt(title, MAX_SUBJECT_TITLE)
    quote = quotation(plain_text(said.body_html))
    link = f"{entity.base_url}/aportes/{said.receipt_number}"
    if into is None:
        return Mail(
            _("Lo que usted dijo en «{title}» está otra vez por su cuenta", title=short),
            (_("{entity} separó otra vez lo que usted dijo del aporte al que se había unido:\n"
               "{quote}\n{link}", entity=entity.name, quote=quote, link=link),),
        )  # fmt: skip
    other = f"{entity.base_url}/aportes/{into.receipt_number}"
    return Mail(
        _("Lo que usted dijo se unió a «{title}»", title=short),
        (
            _("{entity} unió lo que usted dijo a otro aporte que dice lo mismo. Los apoyos de los "
              "dos cuentan allá, y lo que allá se responda vale también para el suyo:\n"
              "{quote}\n{link}", entity=entity.name, quote=quote, link=link),
            _("El otro aporte:\n{link}", link=other),
        ),
    )  # fmt: skip


def footer(entity: Entity, token: str) -> tuple[Text, ...]:
    """Say why the mail came and how to get fewer, or none."""
    return (
        _("Le escribimos porque participa en {site}. Escoja qué avisos recibe:\n{link}",
          site=entity.site_name, link=f"{entity.base_url}/avisos"),
        _("Para no recibir ninguno más, sin entrar con su cuenta:\n{link}",
          link=f"{entity.base_url}/avisos/parar/{token}"),
    )  # fmt: skip
