"""The order of a conversation, as pure rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participa.deliberation.rules import (
    MAX_LEVELS,
    SEGMENT,
    child_path,
    depth,
    is_path,
    path_segment,
    root_path,
)

numbers = st.integers(min_value=0, max_value=36**4 - 1)


@given(numbers, numbers)
def test_text_order_is_number_order(one: int, other: int) -> None:
    """Segments sort as the numbers they write."""
    assert (path_segment(one) < path_segment(other)) == (one < other)


def test_a_thread_that_is_too_long_is_refused() -> None:
    """A number beyond four digits is an error, never a wrong order."""
    with pytest.raises(ValueError, match="at most"):
        path_segment(36**4)


@given(st.lists(numbers, min_size=1, max_size=150))
def test_paths_never_outgrow_their_column(chain: list[int]) -> None:
    """However deep the replies go, the path fits and stays a path."""
    path = ""
    for number in chain:
        path = child_path(path, number)
        assert is_path(path)
    assert len(path) <= SEGMENT * MAX_LEVELS
    assert depth(path) == min(len(chain), MAX_LEVELS) - 1


@given(numbers, numbers, numbers)
def test_a_whole_branch_stands_together(first: int, reply: int, other: int) -> None:
    """Between a contribution and its reply no other branch can stand."""
    root, elsewhere = child_path("", first), child_path("", other)
    under = child_path(root, reply)
    assert root < under
    if other != first:
        assert not root < elsewhere < under
    assert root_path(under) == root


@given(st.text(max_size=300))
def test_nonsense_from_an_address_is_no_path(text: str) -> None:
    """Whatever an address holds, it is either a path of digits or not a path."""
    if is_path(text):
        assert set(text) <= set("0123456789abcdefghijklmnopqrstuvwxyz")
