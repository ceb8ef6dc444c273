"""Configuration: read from variables or a file, wrong ones refused in words."""

import stat
from pathlib import Path

import pytest

from participa.settings import ConfigurationError, Settings, load_settings, templates_dir


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty folder, without any variable of ours."""
    import os

    for name in list(os.environ):
        if name.startswith("PARTICIPA_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_everything_has_a_default(tmp_path: Path) -> None:
    """Without any setting there is an SQLite file under var/ on a local port."""
    settings = load_settings()
    assert settings.database == "sqlite://var/participa.db"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """participa.env is read; a variable goes before it."""
    (tmp_path / "participa.env").write_text("PARTICIPA_PORT=9000\nPARTICIPA_HOST=0.0.0.0\n")
    monkeypatch.setenv("PARTICIPA_PORT", "9100")
    settings = load_settings()
    assert (settings.host, settings.port) == ("0.0.0.0", 9100)  # noqa: S104


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PARTICIPA_PORT", "ochenta", "PARTICIPA_PORT"),
        ("PARTICIPA_DATABASE_URL", "mysql://x", "sqlite:// o postgres://"),
        ("PARTICIPA_REDIS_URL", "http://x", "redis://"),
        ("PARTICIPA_MAIL_URL", "ftp://x", "smtp://"),
        ("PARTICIPA_SECRET_KEY", "corta", "32 caracteres"),
        ("PARTICIPA_PROCESSES", "4", "PARTICIPA_REDIS_URL"),
        ("PARTICIPA_CONFIG", "no-existe.env", "no existe"),
    ],
)
def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    """The message says which setting is wrong and what it should be; no trace, no secret."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as refusal:
        load_settings()
    assert words in str(refusal.value)
    if name == "PARTICIPA_SECRET_KEY":
        assert value not in str(refusal.value)


def test_an_unknown_setting_in_the_file_is_refused(tmp_path: Path) -> None:
    """A misspelt name in the file is told, not passed over."""
    (tmp_path / "participa.env").write_text("PARTICIPA_PROT=9000\n")
    with pytest.raises(ConfigurationError, match="PROT"):
        load_settings()


def test_postgresql_is_one_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    """postgresql:// and postgres:// are the same, and there is no SQLite file then."""
    monkeypatch.setenv("PARTICIPA_DATABASE_URL", "postgresql://u:p@h/base")
    settings = load_settings()
    assert settings.database == "postgres://u:p@h/base"
    assert settings.sqlite_file is None


def test_t30_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    """Two processes read the same key, and nobody else reads it."""
    one = Settings(_env_file=None, var_dir=tmp_path).secret
    other = Settings(_env_file=None, var_dir=tmp_path).secret
    assert one == other
    assert len(one) >= 32
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_every_setting_is_explained() -> None:
    """Each has words of its own, and the manual names it."""
    manual = (Path(__file__).resolve().parents[1] / "docs" / "operating.md").read_text("utf-8")
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"PARTICIPA_{name.upper()}" in manual


def test_templates_are_found() -> None:
    """The pages' folder is there, in a checkout and in an installed package alike."""
    assert (templates_dir() / "base.html").is_file()
