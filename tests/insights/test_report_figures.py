"""Counting people, intervals, places and exact quotes, without a database."""

import json
import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from participa.deliberation.voices import Count, Counted, mesa_voice, people_in, voice_of
from participa.entities.census import Group, Population
from participa.insights.breakdowns import rows
from participa.insights.census import as_json, by_area, compared, stored_tables
from participa.insights.figures import (
    MOST_TOPICS,
    Campaign,
    Counting,
    Figures,
    Item,
    stored_figures,
)
from participa.insights.intervals import ratio_interval
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
    people = [
        Source(n, "", "texto", 0, item(n, counted)).person for n, counted in enumerate(voices)
    ]
    assert people == ["person:7", "mesa:a:2026-11-20:9", None]


def test_unsigned_paper_counts_each() -> None:
    """Letters without an author are different people, each as many as signed it."""
    assert people_in([said(1, None, "paper"), said(2, None, "paper", people=40)]) == 41


def test_a_letter_of_many_is_not_added_to_its_bearer() -> None:
    """Who brings a letter of forty and writes once more are forty people."""
    assert people_in([said(1, 7, "paper", people=40), said(2, 7)]) == 40


def item(number: int, counted: Counted, first: int | None = None, *, topic: int = 1,
         area: str = "", day: int = 0) -> Item:  # fmt: skip
    return Item(number, counted, first, topic, area, DAY + timedelta(days=day))


def test_figures_by_channel_and_stance() -> None:
    """Texts and people are counted by channel, texts by stance."""
    own = [item(1, said(1, 7, stance="against")), item(2, said(2, 7)),
           item(3, said(3, None, "workshop", "A", 9))]  # fmt: skip
    figures = Counting([*own, *(item(n, said(n, n)) for n in (14, 15, 16))]).part(own)
    assert (figures.contributions, figures.people, figures.share) == (3, 10, 0.5)
    assert (figures.people_share, figures.low is None) == (round(10 / 13, 4), False)
    assert {name: (c.contributions, c.people) for name, c in figures.channels.items()} == {
        "web": (2, 1),
        "workshop": (1, 9),
    }
    assert figures.stances == {"against": 1}
    assert figures.offline_share == pytest.approx(1 / 3)


def test_figures_are_read_back_as_stored() -> None:
    """What is frozen is what is read; nothing stored reads as zero."""
    items = [item(1, said(1, 7)), item(2, said(2, 8), area="El Alto")]
    figures = Counting(items).part(items[:1])
    assert stored_figures(json.loads(json.dumps(figures.as_json()))) == figures
    assert stored_figures({}) == Figures()


def test_a_campaign_counts_its_people_and_its_text_once() -> None:
    """What five people sent is five people, and one text beside the others; two are no campaign."""
    copies = [item(1, said(1, 1)), *(item(n, said(n, n), 1) for n in (2, 3, 4, 5))]
    twice = [item(6, said(6, 6)), item(7, said(7, 7), 6)]
    others = [item(n, said(n, n)) for n in (8, 9)]
    counting = Counting([*copies, *twice, *others])
    figures = counting.part([*copies, *twice])
    assert (figures.contributions, figures.people, figures.repeated) == (7, 7, 5)
    assert (figures.distinct, figures.distinct_share) == (Count(2, 2), 0.5)
    assert figures.campaigns == (Campaign(1, 5, 5),)
    assert counting.whole(1).distinct.contributions == 4


def test_one_person_s_copies_are_no_campaign() -> None:
    """Who sends the same ten times is one voice."""
    copies = [item(1, said(1, 1)), *(item(n, said(n, 1), 1) for n in range(2, 11))]
    assert Counting(copies).whole(0).campaigns == ()


def test_counts_by_topic_area_and_period() -> None:
    """Weeks by their Mondays, or months where it went on for long; nobody is left out."""
    items = [
        item(1, said(1, 1), topic=4, area="El Alto"),
        item(2, said(2, 2), topic=4, day=7),
        item(3, said(3, 2), topic=9, day=8, area="El Alto"),
    ]
    figures = Counting(items).whole(0)
    assert figures.topics == {"4": Count(2, 2), "9": Count(1, 1)}
    assert figures.areas == {"": Count(1, 1), "El Alto": Count(2, 2)}
    assert figures.periods == {"2026-11-16": Count(1, 1), "2026-11-23": Count(2, 1)}
    late = Counting([*items, item(4, said(4, 3), day=200)]).whole(0)
    assert list(late.periods) == ["2026-11", "2027-06"]


def test_few_topics_are_named() -> None:
    """The least spoken of share one line."""
    many = [item(n, said(n, n), topic=n // 2) for n in range(2, 2 * MOST_TOPICS + 2)]
    topics = Counting([*many, item(999, said(999, 999), topic=999)]).whole(0).topics
    assert len(topics) == MOST_TOPICS + 1
    assert topics[""] == Count(1, 1)


def test_intervals_hold_the_share() -> None:
    """The interval surrounds the share, about as wide as the textbook says."""
    found = ratio_interval([(1, 1)] * 30 + [(0, 1)] * 70)
    assert found is not None
    assert found[0] < 0.3 < found[1]
    assert 0.15 < found[1] - found[0] < 0.21


def test_small_shares_have_intervals_too() -> None:
    """Where nobody speaks of it, or everybody, the margin is no point."""
    for part in (0, 1):
        found = ratio_interval([(part, 1)] * 50)
        assert found is not None
        assert 0.05 < found[1] - found[0] < 0.12


def test_one_loud_person_widens_the_interval() -> None:
    """Thirty texts of one person say less than thirty of thirty."""
    many = ratio_interval([(1, 1)] * 30 + [(0, 1)] * 70)
    loud = ratio_interval([(30, 30)] + [(0, 1)] * 70)
    assert many is not None
    assert loud is not None
    assert loud[1] - loud[0] > 2 * (many[1] - many[0])


def test_intervals_cover_what_was_planted() -> None:
    """Of people who write once, or often, about 95 of 100 intervals hold the true share."""
    dice = random.Random(5)  # noqa: S311
    held = 0
    for _time in range(400):
        texts = [dice.choice((1, 1, 1, 2, 5)) for _person in range(150)]
        drawn = [(sum(dice.random() < 0.2 for _text in range(n)), n) for n in texts]
        found = ratio_interval(drawn)
        held += found is not None and found[0] <= 0.2 <= found[1]
    assert 0.93 <= held / 400 <= 0.98


def test_one_voice_has_no_interval() -> None:
    """With a single person there is nobody to draw."""
    assert ratio_interval([(2, 2)]) is None


def test_small_cells_are_withheld_in_pairs() -> None:
    """A line of fewer than three people is not shown, nor what would tell it by subtraction."""
    counts = {"a": Count(9, 9), "b": Count(4, 4), "c": Count(2, 2)}
    shown = rows(counts, dict.fromkeys(counts, "x"))
    assert [row.contributions for row in shown] == [9, None, None]
    assert [row.is_guarded for row in rows(counts | {"c": Count(3, 3)}, dict.fromkeys(counts, "x"))
            ] == [False] * 3  # fmt: skip


def test_the_census_says_who_is_missing() -> None:
    """Who told is set against who lives here; who did not is counted, few are withheld."""
    table = compared(
        "area", "DANE", [("Centro", 600), ("El Alto", 300), ("El Salado", 100)],
        {"Centro": 30, "El Alto": 10, "El Salado": 0, "": 5, "Otra parte": 1},
    )  # fmt: skip
    assert [(row.heard, row.heard_share) for row in table.rows] == [(30, 0.75), (10, 0.25), (0, 0)]
    assert (table.rows[0].share, table.untold) == (0.6, 6)
    few = compared("area", "", [("A", 5), ("B", 5), ("C", 5)], {"A": 2, "B": 3, "C": 9})
    assert [row.heard for row in few.rows] == [None, None, 9]
    assert stored_tables(json.loads(json.dumps(as_json([table])))) == (table,)


def test_areas_are_found_in_the_census_by_their_names() -> None:
    """Case and accents aside; people of other places are among those who did not say."""
    groups = (Group(area="La Peña", people=60), Group(area="El Alto", people=40))
    population = Population("DANE", None, 1, groups)
    (table,) = by_area(population, {"LA PENA": 9, "El Alto": 5, "": 2, "Bogotá": 3})
    assert [row.heard for row in table.rows] == [9, 5]
    assert (table.untold, str(table.title)) == (5, "Lugar")
    assert by_area(population, {"Bogotá": 3}) == []


def sources(*ids: int) -> list[Source]:
    return [Source(n, "", "texto", 0, item(n, said(n))) for n in ids]


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
