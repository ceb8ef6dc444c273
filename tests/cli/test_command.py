"""The command as a municipal IT person meets it: help, exit codes, words instead of traces."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest


@pytest.fixture
def participa(tmp_path: Path) -> "Run":
    """Run the command in a folder of its own."""
    return Run(tmp_path)


class Run:
    """The command `participa` with its data in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("PARTICIPA_")
        } | {"PARTICIPA_VAR_DIR": str(folder / "var")}

    def __call__(self, *words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """Run it and give what it said."""
        return subprocess.run(
            [sys.executable, "-m", "participa", *words],
            env=self.environment | variables,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


VERBS = (
    "serve", "worker", "migrate", "check", "backup", "create-entity", "create-admin",
    "create-process", "demo", "import", "report",
)  # fmt: skip


def test_help_names_every_verb(participa: Run) -> None:
    """--help lists the verbs in Spanish and answers quickly."""
    began = time.perf_counter()
    answer = participa("--help")
    assert time.perf_counter() - began < 10
    assert answer.returncode == 0
    for verb in VERBS:
        assert verb in answer.stdout
    assert "deliberan" in answer.stdout


@pytest.mark.parametrize("verb", [*VERBS, "import plan", "import contributions", "report build"])
def test_every_verb_explains_itself(participa: Run, verb: str) -> None:
    """Each verb has its own help."""
    answer = participa(*verb.split(), "--help")
    assert answer.returncode == 0
    assert len(answer.stdout) > 80


def test_heavy_packages_wait_until_they_are_needed(participa: Run) -> None:
    """--help imports neither the ORM nor the clustering."""
    heavy = "('sklearn', 'tortoise')"
    code = f"import sys, participa.cli; print([m for m in {heavy} if m in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


def test_wrong_use_is_2_and_wrong_configuration_is_3(participa: Run) -> None:
    """The exit codes tell mistakes apart, in words and without a trace."""
    assert participa("fly").returncode == 2
    answer = participa("check", PARTICIPA_PORT="ochenta")
    assert answer.returncode == 3
    assert "PARTICIPA_PORT" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_from_nothing_to_an_administrator(participa: Run) -> None:
    """Check says at each step what is missing and how to mend it, until all is well."""
    first = participa("check")
    assert first.returncode == 1
    assert "participa migrate" in first.stdout
    assert participa("migrate").returncode == 0
    assert "al día" in participa("migrate").stdout
    second = participa("check")
    assert second.returncode == 1
    assert "create-entity" in second.stdout
    entity = participa("create-entity", "loma", "--name", "La Loma", "--url", "http://loma.test")
    assert entity.returncode == 0, entity.stderr
    again = participa("create-entity", "loma", "--name", "La Loma", "--url", "http://loma.test")
    assert again.returncode == 1
    assert "Traceback" not in again.stderr
    admin = participa(
        "create-admin", "alma@example.org", "--name", "Alma",
        PARTICIPA_ADMIN_PASSWORD="cuatro palabras muy juntas",
    )  # fmt: skip
    assert admin.returncode == 0, admin.stderr
    weak = participa(
        "create-admin", "otra@example.org", "--name", "Otra", PARTICIPA_ADMIN_PASSWORD="1234567890"
    )
    assert weak.returncode == 1
    process = participa("create-process", "plan", "--title", "Plan de desarrollo")
    assert process.returncode == 0, process.stderr
    final = participa("check")
    assert final.returncode == 0, final.stdout


def test_serving_needs_migrations(participa: Run) -> None:
    """The server does not start on a database it does not know; it says what to do."""
    answer = participa("serve", "--port", "0")
    assert answer.returncode == 3
    assert "participa migrate" in answer.stderr
