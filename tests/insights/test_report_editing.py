"""What edits of a draft come to, without a database."""

import pytest

from participa.insights.editing import (
    Change,
    Draft,
    EditKind,
    Impossible,
    edited_digest,
    in_words,
    stored_change,
)

MERGE = Change(EditKind.MERGE, theme=2, into=1)
SPLIT = Change(EditKind.SPLIT, parts=(1,), new=3, name="Fugas")
TAKE = Change(EditKind.SPLIT, contributions=(4, 9), new=3, name="Puente")
MOVE = Change(EditKind.MOVE, contributions=(1,), into=2)


def draft() -> Draft:
    """Two themes of three texts, the first in two parts; 9 was heard once, 7 repeats 1."""
    return Draft(
        theme_of={1: 1, 2: 1, 3: 1, 7: 1, 4: 2, 5: 2, 6: 2},
        part_of={1: 1, 7: 1, 2: 2},
        part_home={1: 1, 2: 1},
        themes={1, 2},
        copies={1: [7]},
        known=frozenset({1, 2, 3, 4, 5, 6, 7, 9}),
    )


def test_merging_takes_everything_along() -> None:
    """Texts and parts go into the other theme; the merged one is gone."""
    changed = draft()
    changed.apply(Change(EditKind.MERGE, theme=1, into=2))
    assert (changed.themes, set(changed.theme_of.values())) == ({2}, {2})
    assert changed.part_home == {1: 2, 2: 2}


def test_a_part_becomes_a_theme() -> None:
    """Its texts leave, copies too, and it is a part of the new theme."""
    changed = draft()
    changed.apply(SPLIT)
    assert {each for each, theme in changed.theme_of.items() if theme == 3} == {1, 7}
    assert (changed.part_home[1], changed.part_of[7], changed.names[3]) == (3, 1, "Fugas")


def test_chosen_texts_become_a_theme() -> None:
    """From a theme and from what was heard once."""
    changed = draft()
    changed.apply(TAKE)
    assert (changed.theme_of[4], changed.theme_of[9], changed.theme_of[5]) == (3, 3, 2)


def test_moving_takes_the_copies_along_and_leaves_the_part() -> None:
    """To another theme or to what was heard once."""
    changed = draft()
    changed.apply(MOVE)
    assert (changed.theme_of[1], changed.theme_of[7], 1 in changed.part_of) == (2, 2, False)
    changed.apply(Change(EditKind.MOVE, contributions=(1,)))
    assert not {1, 7} & set(changed.theme_of)


@pytest.mark.parametrize(
    "change",
    [
        Change(EditKind.MERGE, theme=2, into=2),
        Change(EditKind.MERGE, theme=2, into=8),
        Change(EditKind.RENAME, theme=8, name="x"),
        Change(EditKind.SPLIT, parts=(8,), new=3, name="x"),
        Change(EditKind.SPLIT, parts=(1,), new=2, name="x"),
        Change(EditKind.MOVE, contributions=(77,), into=1),
    ],
)
def test_what_is_not_there_is_refused(change: Change) -> None:
    """And nothing was done."""
    changed = draft()
    with pytest.raises(Impossible):
        changed.apply(change)
    assert changed == draft()


def test_the_digest_covers_the_edits() -> None:
    """No edit, the same digest; other edits or another order, another one."""
    digests = [edited_digest("ab", edits) for edits in ([], [MERGE], [MERGE, MOVE], [MOVE, MERGE])]
    assert digests[0] == "ab"
    assert len(set(digests)) == 4


@pytest.mark.parametrize("change", [MERGE, SPLIT, TAKE, MOVE, Change(EditKind.RENAME, 1, name="Á")])
def test_changes_are_stored_and_said(change: Change) -> None:
    """What is read back is what was stored; each has its words."""
    assert stored_change(change.kind, change.detail()) == change
    assert str(in_words(change)).endswith(".")
