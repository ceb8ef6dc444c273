"""A real server in a process of its own, and real Chromium in front of it."""

import fcntl
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
# Two browsers and their servers share two slow cores with the analysis of a report.
PATIENCE_MS = 20_000

expect.set_options(timeout=PATIENCE_MS)


@dataclass(frozen=True)
class Site:
    """A served demonstration with its log-ins."""

    url: str
    logins: dict[str, dict[str, str]]
    report: str

    def login(self, page: Page, who: str) -> None:
        """Sign in as citizen, moderator, official or administrator."""
        page.goto(f"{self.url}/ingresar")
        page.get_by_label("Correo electrónico").fill(self.logins[who]["email"])
        page.get_by_label("Contraseña").fill(self.logins[who]["password"])
        page.get_by_role("main").get_by_role("button", name="Entrar").click()
        page.wait_for_url(re.compile("aviso=entro"))

    def forum(self, page: Page) -> str:
        """Give the address of the first forum of the plan's process."""
        page.goto(f"{self.url}/procesos/plan-de-desarrollo")
        return page.locator("a[href^='/foros/']").first.get_attribute("href") or ""


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


LOADED = "demo.json"


def _environment(folder: Path, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "PARTICIPA_VAR_DIR": str(folder),
        "PARTICIPA_PORT": str(port),
        "PARTICIPA_MAIL_URL": "null:",
        "PARTICIPA_DATABASE_URL": "",
    }


def _load(folder: Path, told: Path) -> None:
    """Load the demonstration by the commands that a new user types."""
    environment = _environment(folder, 0)
    for words in (("migrate",), ("demo", "--json")):
        command = [sys.executable, "-m", "participa", *words]
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    told.write_text(done.stdout)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Load the demonstration and serve it as `make run` does."""
    port = free_port()
    folder = tmp_path_factory.mktemp("served") / "site"
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    with (shared / "demo.lock").open("w") as lock:
        # One loads it for all that test side by side.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / LOADED).exists():
            _load(shared / "demo", shared / LOADED)
    shutil.copytree(shared / "demo", folder)
    loaded = json.loads((shared / LOADED).read_text())
    environment = _environment(folder, port)
    server = subprocess.Popen([sys.executable, "-m", "participa", "serve"], env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url, server)
        yield Site(url, loaded["logins"], loaded["report"])
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(url: str, server: "subprocess.Popen[Any]") -> None:
    """Wait until a server answers, or say that it ended."""
    for _try in range(150):
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server does not answer")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start one browser for the whole run."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert path, "no Chromium: run sh scripts/install-browser.sh"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


def new_context(browser: Browser, **options: Any) -> BrowserContext:
    """Open a private window of a Colombian reader."""
    settings: dict[str, Any] = {
        "locale": "es-CO",
        "timezone_id": "America/Bogota",
        "viewport": {"width": 360, "height": 740},
        **options,
    }
    return browser.new_context(**settings)


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """Give a private window with scripts."""
    opened = new_context(chromium)
    yield opened
    opened.close()


@pytest.fixture
def plain_context(chromium: Browser) -> Iterator[BrowserContext]:
    """Give a private window without JavaScript."""
    opened = new_context(chromium, java_script_enabled=False)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """Give the accessibility checker's source."""
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
