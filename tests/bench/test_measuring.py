"""The pure parts of the benchmarks: what is read off the line, how figures are judged."""

from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from participa.bench.load import Browser, etag, form_token
from participa.bench.measuring import Bar, Result, median, percentile
from participa.bench.watchers import frames, number_of


@given(st.lists(st.binary(max_size=70_000), max_size=5), st.integers(1, 4000))
def test_frames_are_read_whole_in_whatever_pieces(payloads: list[bytes], piece: int) -> None:
    """However the bytes are cut, each message comes out once, in order and whole."""
    sent = b"".join(Frame(Opcode.TEXT, each).serialize(mask=False) for each in payloads)
    buffer, found = bytearray(), []
    for at in range(0, len(sent), piece):
        buffer += sent[at : at + piece]
        found += frames(buffer)
    assert found == [(int(Opcode.TEXT), each) for each in payloads]
    assert not buffer


def test_numbers_are_read_of_events_only() -> None:
    """A greeting, a count and presence have none."""
    assert number_of(b'{"t":"event","n":58,"k":"published"}') == 58
    assert number_of(b'{"t":"hello","n":57,"state":"open"}') is None
    assert number_of(b'{"t":"here","here":12}') is None


def test_a_bar_says_what_is_reached() -> None:
    """Less is better for ratios of time, more for speeds; the aim itself is reached."""
    assert [Bar("x", v, 1.5, 0.9).verdict for v in (0.9, 1.5, 1.51)] == ["aim", "must", "short"]
    speeds = [Bar("x", v, 0.2, 0.5, more_is_better=True).verdict for v in (0.5, 0.2, 0.19)]
    assert speeds == ["aim", "must", "short"]


def test_figures_are_told_in_both_ways() -> None:
    """The table names what falls short; the JSON holds each bar with its verdict."""
    result = Result("x", {"lost": 0}, (Bar("peso", 70, 60, 30, "kB"),))
    assert "NO ALCANZA" in result.as_text()
    assert result.as_json()["bars"] == [
        {"name": "peso", "value": 70, "must": 60, "aim": 30, "unit": "kB",
         "more_is_better": False, "verdict": "short"}
    ]  # fmt: skip


def test_the_middle_and_the_tail() -> None:
    """Of nothing they are 0."""
    assert (percentile([], 0.99), median([])) == (0.0, 0.0)
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile(list(range(100)), 0.99) == 99


def test_requests_are_a_browsers() -> None:
    """A form has its origin, its length and its fields; what a page gives is read back."""
    sent = Browser(8000, "t").post("/x", {"body": "ñ"})
    assert b"Origin: http://127.0.0.1:8000\r\n" in sent
    assert sent.endswith(b"Content-Length: 11\r\n\r\nbody=%C3%B1")
    assert form_token(b'<input name="csrf" value="abc">') == "abc"
    assert etag(b'HTTP/1.1 200 OK\r\netag: W/"1"\r\n\r\n') == 'W/"1"'
