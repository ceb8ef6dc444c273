"""Counting people, intervals, places and exact quotes, without a database."""

from dataclasses import replace
from datetime import date

import pytest

from participa.deliberation.voices import Counted, mesa_voice, people_in, voice_of
from participa.insights.figures import Figures, figures_of, stored_figures
from participa.insights.intervals import share_intervals
from participa.insights.placing import Unplaced, place
from participa.insights.reading import Source
from participa.insights.rules import (
    Standing,
    balanced,
    days_waiting,
    exact_quote,
    excerpt,
    ledger_lines,
    suggested_name,
)
from tests.insights.reporting import FakeCondensed, FakeTheme
from tests.people import NOW

DAY = date(2026, 11, 20)


def voice(number: int, author: int | None, channel: str, place_: str = "", people: int = 1) -> str:
    mesa = mesa_voice(place_, DAY, people) if channel == "workshop" else ""
    return voice_of(contribution_id=number, author_id=author, channel=channel, voice=mesa)


def said(number: int, author: int | None = None, channel: str = "web", place_: str = "",
         people: int = 1, stance: str | None = None) -> Counted:  # fmt: skip
    return Counted(voice(number, author, channel, place_, people), people, channel, stance)


def test_a_person_counts_once() -> None:
    """Three texts of one author are one person."""
    assert people_in([said(1, 7), said(2, 7), said(3, 7), said(4, 8)]) == 2


def test_a_workshop_counts_its_people_once() -> None:
    """Rows of the same mesa do not add its people up; another mesa does."""
    mesa = [said(n, None, "workshop", "El Salado", 30) for n in (1, 2, 3)]
    assert people_in(mesa) == 30
    assert people_in([*mesa, said(4, None, "workshop", "El Alto", 12)]) == 42


def test_a_workshop_does_not_count_who_wrote_it_down() -> None:
    """Two mesas typed in by one official are two mesas, with or without a place."""
    assert people_in([said(1, 5, "workshop", "A", 10), said(2, 5, "workshop", "B", 10)]) == 20
    assert people_in([said(1, 5, "workshop", "", 10), said(2, 5, "workshop", "", 10)]) == 20


def test_who_speaks_in_several_texts() -> None:
    """A person and a mesa may be known again; an unsigned letter may not."""
    voices = [said(1, 7), said(2, None, "workshop", "A", 9), said(3, None, "paper")]
    people = [Source(n, "", "texto", 0, counted).person for n, counted in enumerate(voices)]
    assert people == ["person:7", "mesa:a:2026-11-20:9", None]


def test_unsigned_paper_counts_each() -> None:
    """Letters without an author are different people, each as many as signed it."""
    assert people_in([said(1, None, "paper"), said(2, None, "paper", people=40)]) == 41


def test_a_letter_of_many_is_not_added_to_its_bearer() -> None:
    """Who brings a letter of forty and writes once more are forty people."""
    assert people_in([said(1, 7, "paper", people=40), said(2, 7)]) == 40


def test_figures_by_channel_and_stance() -> None:
    """Texts and people are counted by channel, texts by stance."""
    figures = figures_of(
        [said(1, 7, stance="against"), said(2, 7), said(3, None, "workshop", "A", 9)],
        of_all=6, repeated=1,
    )  # fmt: skip
    assert (figures.contributions, figures.people, figures.share) == (3, 10, 0.5)
    assert {name: (c.contributions, c.people) for name, c in figures.channels.items()} == {
        "web": (2, 1),
        "workshop": (1, 9),
    }
    assert figures.stances == {"against": 1}
    assert figures.offline_share == pytest.approx(1 / 3)


def test_figures_are_read_back_as_stored() -> None:
    """What is frozen is what is read; nothing stored reads as zero."""
    figures = figures_of([said(1, 7)], of_all=1, repeated=0, interval=(0.2, 0.9), themes=3)
    assert stored_figures(figures.as_json()) == figures
    assert stored_figures({}) == Figures()


def test_intervals_hold_the_share_and_repeat() -> None:
    """The interval surrounds the share and is the same with the same seed."""
    voices = [f"p{n}" for n in range(100)]
    themes = [0 if n < 30 else 1 if n < 90 else None for n in range(100)]
    first = share_intervals(voices, themes, 2, 2026)
    assert first == share_intervals(voices, themes, 2, 2026)
    assert first[0] is not None
    assert first[1] is not None
    assert first[0][0] < 0.3 < first[0][1]
    assert 0.15 < first[0][1] - first[0][0] < 0.21
    assert first[1][0] < 0.6 < first[1][1]


def test_one_loud_person_widens_the_interval() -> None:
    """Thirty texts of one person say less than thirty of thirty."""
    themes: list[int | None] = [0] * 30 + [None] * 70
    many = share_intervals([f"p{n}" for n in range(100)], themes, 1, 1)[0]
    loud = share_intervals(["p0"] * 30 + [f"p{n}" for n in range(30, 100)], themes, 1, 1)[0]
    assert many is not None
    assert loud is not None
    assert loud[1] - loud[0] > 2 * (many[1] - many[0])


def test_one_voice_has_no_interval() -> None:
    """With a single person there is nobody to resample."""
    assert share_intervals(["p", "p"], [0, None], 1, 1) == [None]


def sources(*ids: int) -> list[Source]:
    return [Source(n, "", "texto", 0, said(n)) for n in ids]


def test_every_text_has_one_place() -> None:
    """Members keep their order, repeated texts follow the first of their kind."""
    grouping = FakeCondensed(
        themes=(FakeTheme(("agua",), (3, 1), ()),), heard_once=(5,), duplicates=((3, 4), (5, 6)),
        empty=(2,),
    )  # fmt: skip
    places = {p.text_id: p for p in place(sources(1, 2, 3, 4, 5, 6), grouping)}
    assert [places[n].rank for n in (3, 1, 4)] == [0, 1, 2]
    assert (places[4].theme, places[4].duplicate_of) == (0, 3)
    assert (places[6].standing, places[6].duplicate_of) == (Standing.ONCE, 5)
    assert places[2].standing is Standing.EMPTY


def test_a_repeated_text_listed_as_member_counts_once() -> None:
    """Whether or not grouping lists repeated texts among the members, each has one place."""
    grouping = FakeCondensed((FakeTheme(("agua",), (1, 2), ()),), (), ((1, 2),), ())
    assert [p.text_id for p in place(sources(1, 2), grouping)] == [1, 2]


@pytest.mark.parametrize("ids", [(1, 2), (1, 2, 3, 4)])
def test_a_lost_text_is_refused(ids: tuple[int, ...]) -> None:
    """A grouping that loses or invents a text makes no report."""
    grouping = FakeCondensed((FakeTheme(("agua",), (1, 2), ()),), (3,), (), ())
    with pytest.raises(Unplaced):
        place(sources(*ids), grouping)


def test_quotes_stand_in_one_piece() -> None:
    """Title and words are apart on the page: a quote keeps to one of them."""
    assert exact_quote("se cae", "El puente", "El puente se cae.") == "se cae"
    assert exact_quote("El puente\n\nse cae ya", "El puente", "se cae ya") == "El puente"
    assert exact_quote("lo nunca dicho", "El puente", "se cae") == ""


def test_ledger() -> None:
    """The parts add up, and lines that are zero are left out except the total."""
    ledger = {"received": 5, "in_themes": 3, "once": 1, "repeated": 1, "empty": 0, "hidden": 0}
    assert balanced(ledger)
    assert not balanced(ledger | {"hidden": 1})
    assert [count for _label, count in ledger_lines(ledger)] == [5, 3, 1, 1]
    assert [count for _label, count in ledger_lines({"received": 0})] == [0]


def test_small_words() -> None:
    """Names, waits and excerpts."""
    assert suggested_name(["agua", "acueducto", "tubo", "más"]) == "Agua, acueducto, tubo"
    assert suggested_name([]) == ""
    assert days_waiting(None, NOW) is None
    assert days_waiting(NOW, NOW) == 0
    assert excerpt("corto") == "corto"
    assert excerpt("una dos tres", 9) == "una dos […]"


def test_what_was_merged_repeats_the_other() -> None:
    """It was not grouped, and stands where the text stands that it was merged into."""
    grouping = FakeCondensed((FakeTheme(("agua",), (1,), ()),), (3,), ((3, 4),), ())
    merged = [replace(sources(2)[0], merged_into=1), replace(sources(5)[0], merged_into=4)]
    places = {p.text_id: p for p in place([*sources(1, 3, 4), *merged], grouping)}
    assert (places[2].theme, places[2].duplicate_of) == (0, 1)
    assert (places[5].standing, places[5].duplicate_of) == (Standing.ONCE, 3)
