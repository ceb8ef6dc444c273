"""The log of a survey: what it holds, and that whatever is done to it is found."""

import random
from typing import Any

import pytest

from participa.surveys.log import BEGINNING, digest, log_lines, receipt_digest, written
from participa.surveys.service import answer_survey
from participa.surveys.verify_survey import main, problems
from tests.people import NOW, Municipality
from tests.surveys.surveying import a_survey, counted_results, filled_in, many_answers
from tests.visitors import Web

TIMES = 1_000


def _log(answers: int = 40, **changed: Any) -> tuple[bytes, str]:
    """Give a log of some answers and their totals, and its end."""
    acts: list[dict[str, Any]] = [{"kind": "version", "questions": digest("x")}]
    acts += [{"kind": "answer", "receipt": receipt_digest(3, f"R-{n}")} for n in range(answers)]
    totals = [
        {"question": 1, "row": "", "answered": answers, "counts": [25, 15], "adds_up": True},
        {"question": 2, "row": "ñandú", "answered": 30, "counts": [None, 30], "adds_up": False},
    ]
    acts.append({"kind": "tally", "responses": answers, "totals": totals, **changed})
    previous, lines = BEGINNING, []
    for number, act in enumerate(acts, 1):
        day = "2026-11-28"
        facts = {"day": day, "number": number, "previous": previous, "survey": 3, "version": 1}
        lines.append(written({**facts, **act}))
        previous = digest(lines[-1])
    return "".join(f"{line}\n" for line in [*lines, written({"head": previous})]).encode(), previous


def test_a_log_that_nobody_touched_holds() -> None:
    """Also when its end is compared, and when a receipt is looked for."""
    log, head = _log()
    assert problems(log) == []
    assert problems(log, head, "R-7") == []
    assert problems(log, receipt="R-99") == ["no line accepts the answer of that receipt"]
    assert problems(log, "0" * 64) == ["the end of the log is not the one published"]


def test_every_changed_byte_is_found() -> None:
    """A thousand times another byte at a place drawn at random."""
    log, _head = _log()
    draw = random.Random(37)  # noqa: S311
    for _time in range(TIMES):
        at = draw.randrange(len(log))
        byte = draw.choice([other for other in range(256) if other != log[at]])
        assert problems(log[:at] + bytes([byte]) + log[at + 1 :])


def test_everything_taken_out_is_found() -> None:
    """A thousand times some bytes or a line are gone, the last lines too."""
    log, _head = _log()
    draw = random.Random(38)  # noqa: S311
    lines = log.splitlines(keepends=True)
    for time in range(TIMES):
        if time % 2:
            at = draw.randrange(len(log))
            shorter = log[:at] + log[at + draw.randrange(1, 200) :]
        else:
            at = draw.randrange(len(lines))
            shorter = b"".join(lines[:at] + lines[at + draw.randrange(1, 4) :])
        assert problems(shorter)


def test_everything_moved_is_found() -> None:
    """A thousand times two lines stand in each other's place."""
    log, _head = _log()
    draw = random.Random(39)  # noqa: S311
    lines = log.splitlines(keepends=True)
    for _time in range(TIMES):
        one, other = draw.sample(range(len(lines)), 2)
        moved = list(lines)
        moved[one], moved[other] = moved[other], moved[one]
        assert problems(b"".join(moved))


@pytest.mark.parametrize(
    "changed",
    [
        {"responses": 41},
        {"totals": [{"question": 1, "row": "", "answered": 40, "counts": [25, 14],
                     "adds_up": True}]},
        {"totals": [{"question": 1, "row": "", "answered": 41, "counts": [], "adds_up": False}]},
        {"totals": [{"question": 1, "row": "", "answered": 9, "counts": [10], "adds_up": False}]},
    ],
)  # fmt: skip
def test_totals_that_do_not_fit_are_found(changed: dict[str, Any]) -> None:
    """Even where the chain was made anew: more answers than accepted, counts that do not add up."""
    log, head = _log(**changed)
    assert problems(log, head)


async def _file(survey: Any) -> bytes:
    return b"".join([piece async for piece in log_lines(survey)])


async def test_the_log_tells_that_and_not_what(town: Municipality) -> None:
    """Answers from before the log, one after it and the totals: they fit, and say no choice."""
    survey = await a_survey(town)
    await many_answers(survey, [(20, 15, 5), (30, 5, 5), (12, 14, 14)])
    mine = await answer_survey(town.ana, survey.id, await filled_in(survey), NOW)
    before = await _file(survey)
    assert b"El puente" not in before
    assert b"person" not in before
    await counted_results(survey)
    log = await _file(survey)
    assert problems(log, receipt=mine.receipt_number) == []
    assert log.startswith(b"".join(before.splitlines(keepends=True)[:-1]))
    kinds = [line.split(b'"kind":"')[1].split(b'"')[0] for line in log.splitlines()[:-1]]
    assert kinds == [b"before", b"answer", b"tally"]


async def test_anybody_downloads_the_log_and_its_program(
    town: Municipality, web: Web, tmp_path: Any
) -> None:
    """The page shows the end, and the program that comes with it says that the log holds."""
    survey = await a_survey(town)
    await answer_survey(town.ana, survey.id, await filled_in(survey), NOW)
    visitor = await web.visit()
    base = f"/encuestas/{survey.id}"
    page = await visitor.get(f"{base}/comprobar")
    log = await visitor.get(f"{base}/bitacora.jsonl")
    program = await visitor.get(f"{base}/comprobar.py")
    assert len(program.text.splitlines()) <= 200
    file = tmp_path / "log.jsonl"
    file.write_bytes(log.content)
    head = log.text.splitlines()[-1].split('"')[3]
    assert head in page.text
    assert main([str(file), "--head", head]) == 0
    assert main([str(file), "--head", "0" * 64]) == 1
    assert main([]) == 2
