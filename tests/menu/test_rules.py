"""Which items of the Menú Participa are filled, by what, and what is missing."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from participa.features import Filling
from participa.menu.items import ITEMS
from participa.menu.rules import Checked, Status, check, counts
from participa.processes.rules import PARTICIPA_ITEMS

DAY = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass
class Entry:
    """What an official wrote."""

    code: str
    mode: str = "live"
    owner: str = "Planeación"
    title: str = ""
    url: str = ""
    reason: str = ""
    changed_at: datetime = DAY


def by_code(checked: list[Checked]) -> dict[str, Checked]:
    """Give checked items by their codes."""
    return {each.item.code: each for each in checked}


def test_there_are_forty_four_in_their_sections() -> None:
    """Ten general ones and the six sections, as the matrix counts them."""
    assert len(ITEMS) == len({item.code for item in ITEMS}) == 44
    sections = Counter(item.section for item in ITEMS)
    assert list(sections) == list(PARTICIPA_ITEMS)
    assert list(sections.values()) == [10, 4, 4, 5, 6, 8, 7]


def test_what_belongs_to_a_process_fills_its_section() -> None:
    """A forum of a consultation fills that section and the general item, no other section."""
    forum = Filling("forum", "Vías", "/foros/1", process_id=7)
    found = by_code(check([forum], {7: "6.2.3"}, []))
    filled = {code for code, each in found.items() if each.status is Status.FILLED}
    assert filled == {"6.1.10", "6.2.3.b"}
    assert not any(each.fillings for each in check([forum], {}, []))


def test_what_belongs_to_none_fills_any() -> None:
    """The form to sign up and a session fill what asks for them; the latest stands first."""
    old = Filling("session", "La de 2025", "/1", at=datetime(2025, 1, 1, tzinfo=UTC))
    new = Filling("session", "La de 2026", "/2", at=DAY)
    found = by_code(check([old, new, Filling("sign_up", "Registro", "/registro")], {}, []))
    assert [each.title for each in found["6.2.5.c"].fillings] == ["La de 2026", "La de 2025"]
    assert found["6.2.5.c"].at == DAY
    assert found["6.1.9"].status is Status.FILLED


def test_an_officials_word_counts() -> None:
    """A link fills, what does not apply is not missing, an owner alone fills nothing."""
    entries = [
        Entry("6.1.3", "linked", title="Estrategia", url="https://example.org/e.pdf"),
        Entry("6.2.4.f", "not_applicable", reason="No hay prototipos."),
        Entry("6.1.4"),
    ]
    checked = check([], {}, entries)
    found = by_code(checked)
    assert found["6.1.3"].fillings[0].url == "https://example.org/e.pdf"
    assert found["6.2.4.f"].reason == "No hay prototipos."
    assert (found["6.1.4"].status, found["6.1.4"].owner) == (Status.EMPTY, "Planeación")
    assert counts(checked) == {Status.FILLED: 1, Status.NOT_APPLICABLE: 1, Status.EMPTY: 42}
