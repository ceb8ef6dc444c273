"""The measuring tools notice what they are there to notice."""

import asyncio
import resource
import time

import pytest
import typer
from typer.testing import CliRunner

from participa.bench import measuring, processes
from participa.bench.live import Told
from participa.bench.measuring import Bar, BenchFailed, Elsewhere, Result
from participa.bench.reads import _IMPORTS, _LATER
from participa.bench.watchers import Crowd, Reader, collected
from participa.bench.words import WORDS
from participa.cli import benches
from participa.realtime.frames import framed


async def test_a_message_told_twice_is_counted_as_doubled() -> None:
    crowd = Crowd()
    reader = Reader(crowd, b"")
    reader.ready = None
    message = framed(b'{"t":"event","n":4,"k":"published"}')

    reader.data_received(message + message[:5])
    reader.data_received(message[5:])

    assert await collected(crowd, 4, 1, 0.1) == {
        "arrivals": [pytest.approx(time.monotonic(), abs=5)],
        "text": '{"t":"event","n":4,"k":"published"}', "doubled": 1, "cut": 0,
    }  # fmt: skip


async def test_waiting_for_a_message_that_never_comes_ends() -> None:
    found = await asyncio.wait_for(collected(Crowd(), 9, 3, 0.1), 5)

    assert found["arrivals"] == []


def test_readers_without_the_message_are_counted_as_lost() -> None:
    told = Told()
    told.note([10.1, 10.2], 10.0, 5)
    told.note([], 10.0, 5)

    assert told.lost == 3 + 5


def test_a_bar_without_a_minimum_is_never_called_reached() -> None:
    assert Bar("text_p99", 60, None, 50).verdict == "short of aim"


def test_a_busy_machine_is_told_but_our_own_work_is_not_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    all_cores, own = iter((100.0, 130.0)), iter((4.0, 14.0))
    monkeypatch.setattr(measuring, "_busy_seconds", lambda: next(all_cores))
    monkeypatch.setattr(measuring, "_own_seconds", lambda: next(own))
    elsewhere = Elsewhere()
    elsewhere._began = time.monotonic() - 10

    assert elsewhere.cores() == pytest.approx((30 - 10) / 10, rel=0.05)


def test_the_cores_are_asked_of_this_machine() -> None:
    assert measuring._busy_seconds() > measuring._own_seconds() > 0


@pytest.mark.parametrize(("cores", "is_said"), [(0.1, False), (1.4, True)])
def test_figures_of_a_busy_machine_say_so(cores: float, *, is_said: bool) -> None:
    text = Result("live", {"elsewhere_cores": cores}, ()).as_text()

    assert ("en calma" in text) is is_said


@pytest.mark.parametrize("name", ["lost", "doubled", "cut", "untold", "threads_with_gaps"])
def test_a_wrong_figure_is_printed_and_ends_with_one(name: str) -> None:
    application = typer.Typer()
    application.command()(
        lambda: benches._tell(lambda: Result("live", {name: 1}, ()), as_json=False)
    )

    done = CliRunner().invoke(application)

    assert done.exit_code == 1
    assert WORDS[name] in done.output


def test_what_cannot_be_measured_is_one_line() -> None:
    def fails() -> Result:
        raise BenchFailed("no hay manera")

    application = typer.Typer()
    application.command()(lambda: benches._tell(fails, as_json=True))

    done = CliRunner().invoke(application)

    assert done.exit_code == 1
    assert "No se pudo medir: no hay manera" in done.output


def test_too_few_open_files_are_said_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_what: int, _limits: tuple[int, int]) -> None:
        raise ValueError

    monkeypatch.setattr(resource, "getrlimit", lambda _what: (1024, 4096))
    monkeypatch.setattr(resource, "setrlimit", refuse)

    with pytest.raises(BenchFailed, match="10500"):
        processes.allow_files(10_000)


def test_a_program_that_says_nothing_is_not_waited_for_and_is_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(processes, "HEAR_SECONDS", 0.2)
    server_on, _load_on = processes.cores()

    with processes.child(processes.LOAD, on=server_on) as silent:
        with pytest.raises(BenchFailed, match="no responde"):
            silent.hear()
        process = silent._process

    assert process.poll() is not None


def test_a_program_that_ended_is_said_to_have_ended() -> None:
    server_on, _load_on = processes.cores()

    with processes.child("participa.bench.nothing", on=server_on) as ended:
        ended._process.wait()
        with pytest.raises(BenchFailed, match="terminó"):
            ended.hear()
        with pytest.raises(BenchFailed, match="terminó"):
            for _each in range(3):
                ended.tell("anybody?")


def test_modules_that_are_only_named_or_asked_for_later_do_not_load_the_page() -> None:
    source = (
        'import { a } from "./one.js";\nimport {\n  b,\n} from "./two.js";\nimport "./three.js";\n'
        '/** @typedef {import("./types.js").Message} Message */\n'
        ' * @param {import("./types.js").Said} said\n'
        'const later = () => import("./later.js");\n'
    )

    assert _IMPORTS.findall(source) == ["one.js", "two.js", "three.js"]
    assert _LATER.findall(source) == ["later.js"]
