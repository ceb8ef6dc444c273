"""The pages where officials decide who answers, keep the roll and get its letters."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require_bare
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.entities.models import Entity
from participa.i18n import Moment, Text, _
from participa.kit.csvs import write_rows
from participa.processes.queries import schedule_of
from participa.security.limits import CORRECTION, EXPORT, POST
from participa.surveys.audiences import Rules, set_quotas, set_rules
from participa.surveys.builder_pages import builder_crumbs, builder_url, managed
from participa.surveys.models import Participation, QuotaCell, Survey
from participa.surveys.papers import PaperForm, form_paper, letters_paper
from participa.surveys.queries import questions_of, survey_url
from participa.surveys.questionnaire import Item, in_language
from participa.surveys.quotas import MOST_ITEMS, all_cells, can_divide
from participa.surveys.rolls import (
    MAX_LETTERS,
    MAX_ROLL,
    Letter,
    add_people,
    forget_names,
    make_letters,
    read_people,
    roll_state,
)
from participa.surveys.rules import AUDIENCES, Audience
from participa.surveys.views import question_view
from participa.territory.queries import areas_of
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import BadInput, Conflict
from participa.web.templating import render

RULES_FIELDS = ("audience", "is_secret", "may_change")
ROLL_FIELDS = ("people", "blank")
LETTER_FIELDS = ("format", "number", "with_form")
MAX_CELLS = 150
MAX_WANTED = 1_000_000


def who_url(survey: Survey) -> str:
    """Give the page where it is decided who answers."""
    return f"{builder_url(survey)}/quienes"


async def who(request: Request) -> Response:
    """Show who answers, how many of each group are wanted, and the roll."""
    return await _show(request, await managed(request), Form(fields=RULES_FIELDS))


async def _show(request: Request, survey: Survey, form: Form, status: int = 200) -> Response:
    items = [question.asked for question in await questions_of(survey)]
    language = context(request).locale
    answered = await Participation.of(survey.entity_id).filter(survey_id=survey.id).exists()
    if not form.has_errors:
        form.values |= {
            "audience": survey.audience,
            "is_secret": "1" if survey.is_secret else "",
            "may_change": "1" if survey.may_change else "",
        }
    is_roll = survey.audience == Audience.ROLL
    return render(
        request,
        "surveys/who.html",
        status=status,
        survey={
            "title": survey.title,
            "url": builder_url(survey),
            "is_published": bool(survey.version),
            "is_frozen": answered and not form.has_errors,
            "audience_words": AUDIENCES[Audience(survey.audience)],
            "may_change": survey.may_change,
            "audiences": list(AUDIENCES.items()),
            "is_roll": is_roll,
            "roll": await roll_state(survey) if is_roll else None,
            "most_letters": MAX_LETTERS,
            "is_secret": survey.is_secret,
            "dividing": [("", "–"), *_dividing(items, language)],
            "cells": await _cells(survey, items, language),
        },
        form=_with_quotas(form, survey),
        crumbs=builder_crumbs(survey, inside=True),
    )


def _dividing(items: Sequence[Item], language: str) -> list[tuple[str, str]]:
    return [(i.code, in_language(i.text, language)) for i in items if can_divide(i)]


def _with_quotas(form: Form, survey: Survey) -> Form:
    for n in range(MOST_ITEMS):
        code = survey.quota_items[n] if n < len(survey.quota_items) else ""
        form.values.setdefault(f"item{n}", code)
    return form


async def _cells(
    survey: Survey, items: Sequence[Item], language: str
) -> list[tuple[str, str, QuotaCell | None]]:
    rows = QuotaCell.of(survey.entity_id).filter(survey_id=survey.id)
    present = {row.cell: row for row in await rows}
    named = all_cells(survey.quota_items, items, language)
    return [(f"most{n}", label, present.get(cell)) for n, (cell, label) in enumerate(named.items())]


async def save_rules(request: Request) -> Response:
    """Decide who answers; with a form that needs mending nothing changes."""
    survey = await managed(request)
    form = Form(form_data(request), fields=RULES_FIELDS)
    audience = form.choice("audience", tuple(Audience), required=_("Elija quién responde."))
    if audience is None:
        return await _show(request, survey, form, 422)
    rules = Rules(audience, form.checked("is_secret"), form.checked("may_change"))
    try:
        await set_rules(actor_of(request), survey.id, rules, context(request).now)
    except (BadInput, Conflict) as refused:
        form.fail("audience", refused.title)
        return await _show(request, survey, form, 422)
    return see(with_query(who_url(survey), aviso="guardado"))


async def save_quotas(request: Request) -> Response:
    """Decide how many of each group are wanted; other questions come first, then their numbers."""
    survey = await managed(request)
    items = [question.asked for question in await questions_of(survey)]
    names = [f"item{n}" for n in range(MOST_ITEMS)]
    before = all_cells(survey.quota_items, items, "")
    form = Form(form_data(request), fields=(*names, *(f"most{n}" for n in range(len(before)))))
    divides = [form.values[name] for name in names if form.values[name]]
    wanted = _wanted(form, list(before) if divides == survey.quota_items else [])
    if len(all_cells(divides, items, "")) > MAX_CELLS:
        form.fail("item0", _("Son más de {most} grupos: elija otra pregunta.", most=MAX_CELLS))
    if not form.has_errors:
        try:
            await set_quotas(actor_of(request), survey.id, divides, wanted, context(request).now)
            return see(with_query(f"{who_url(survey)}#cupos", aviso="guardado"))
        except (BadInput, Conflict) as refused:
            form.fail("item0", refused.title)
    return await _show(request, survey, form, 422)


def _wanted(form: Form, cells: Sequence[str]) -> Mapping[str, int]:
    found = {}
    for n, cell in enumerate(cells):
        number = form.number(f"most{n}")
        if number is not None and number > MAX_WANTED:
            form.fail(f"most{n}", _("Escriba un número más pequeño."))
        elif number is not None:
            found[cell] = number
    return found


async def add_to_roll(request: Request) -> Response:
    """Put people on the roll, by name or as letters without one."""
    survey = await managed(request)
    form = Form(form_data(request), fields=ROLL_FIELDS)
    people = read_people(form.values["people"])
    blank = form.number("blank") or 0
    if isinstance(people, Text):
        form.fail("people", people)
    elif not people and not blank:
        form.fail("people", _("Escriba a quién se le pregunta, o cuántas cartas sin nombre."))
    elif blank > MAX_ROLL:
        form.fail("blank", _("En una lista caben {most} personas.", most=MAX_ROLL))
    else:
        try:
            whole = [*people, *[("", "")] * blank]
            await add_people(actor_of(request), survey.id, whole, context(request).now)
            return see(with_query(f"{who_url(survey)}#lista", aviso="guardado"))
        except BadInput as refused:
            form.fail("people", refused.title)
    return await _show(request, survey, form, 422)


async def forget(request: Request) -> Response:
    """Erase the names of a roll that has served."""
    survey = await managed(request)
    require_bare(request)
    await forget_names(actor_of(request), survey.id, context(request).now)
    return see(with_query(f"{who_url(survey)}#lista", aviso="guardado"))


async def letters(request: Request) -> Response:
    """Make the codes that are still to be made and send their letters: only now are they known."""
    ctx, survey = context(request), await managed(request)
    form = Form(form_data(request), fields=LETTER_FIELDS)
    wanted = form.choice("format", ("pdf", "csv"), required=_("Elija cartas o tabla."))
    number = form.number("number")
    if form.has_errors:
        return await _show(request, survey, form, 422)
    today = ctx.now.astimezone(ctx.zone).date()
    try:
        made = await make_letters(actor_of(request), survey.id, ctx.now, today, number=number)
    except BadInput as refused:
        form.fail("number", refused.title)
        return await _show(request, survey, form, 422)
    name = f"cartas-{survey.id}-{made[0].number}-{made[-1].number}.{wanted}"
    if wanted == "csv":
        return _file(b"".join(_csv(made)), name, "text/csv; charset=utf-8")
    schedule = await schedule_of(survey.entity_id, survey.process_id)
    closes = schedule.final_closing(survey.activity)
    paper = letters_paper(
        await _form(request, survey),
        made,
        entity_name=ctx.entity.name,
        url=f"{ctx.entity.base_url}{survey_url(survey)}",
        closes=None if closes is None else Moment(closes, ctx.zone),
        printed_at=ctx.now,
        with_form=form.checked("with_form"),
    )
    return _file(await _pdf(paper), name, "application/pdf")


def _csv(made: Sequence[Letter]) -> Any:
    header = ("numero", "nombre", "direccion", "codigo")
    rows = ((each.number, each.name, each.address, each.code) for each in made)
    return write_rows(header, rows, bom=True)


async def _pdf(paper: Any) -> bytes:
    from participa.kit.pdf import pdf

    return await asyncio.to_thread(pdf, paper)


def _file(content: bytes, name: str, media_type: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=media_type, headers=headers)


async def _form(request: Request, survey: Survey) -> PaperForm:
    areas = [place.name for place in await areas_of(survey.entity_id)]
    items = [question.asked for question in await questions_of(survey)]
    return PaperForm(survey.title, items, areas, context(request).locale)


async def paper(request: Request) -> Response:
    """Show the form to be printed and filled in by hand."""
    survey = await managed(request)
    form, areas = await _form(request, survey), await areas_of(survey.entity_id)
    questions = await questions_of(survey)
    return render(
        request,
        "surveys/paper.html",
        survey={
            "title": survey.title,
            "url": builder_url(survey),
            "introduction": survey.introduction.splitlines(),
            "questions": [
                question_view(each, areas, form.language)
                | {"notes": [note for note in form.notes(each.asked) if note]}
                for each in questions
            ],
        },
        crumbs=builder_crumbs(survey, inside=True),
    )


async def paper_pdf(request: Request) -> Response:
    """Send the form to be printed as PDF."""
    ctx, survey = context(request), await managed(request)
    await ctx.limit(EXPORT)
    entity = await Entity.get(id=survey.entity_id)
    written = form_paper(await _form(request, survey), entity.name, ctx.now)
    return _file(await _pdf(written), f"encuesta-{survey.id}.pdf", "application/pdf")


_SURVEY = "/gestion/encuestas/{id:int}"
MANAGE: dict[str, Any] = {"action": Action.MANAGE_PROCESS}
POSTED: dict[str, Any] = {**MANAGE, "methods": ("POST",)}
ROUTES = [
    page(f"{_SURVEY}/quienes", who, **MANAGE),
    page(f"{_SURVEY}/quienes", save_rules, limit=CORRECTION, **POSTED),
    page(f"{_SURVEY}/cupos", save_quotas, limit=CORRECTION, **POSTED),
    page(f"{_SURVEY}/lista", add_to_roll, limit=POST, body_bytes=2 * 1024 * 1024, **POSTED),
    page(f"{_SURVEY}/lista/borrar", forget, limit=CORRECTION, **POSTED),
    page(f"{_SURVEY}/cartas", letters, limit=POST, **POSTED),
    page(f"{_SURVEY}/papel", paper, **MANAGE),
    page(f"{_SURVEY}/papel.pdf", paper_pdf, **MANAGE),
]
