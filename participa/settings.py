"""What an installation may configure: `PARTICIPA_*` variables, or the same names in a file.

One frozen object, read once at start and handed down; nothing else reads the environment.
"""

import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PACKAGE = Path(__file__).resolve().parent
CONFIG_FILE = "participa.env"


class ConfigurationError(Exception):
    """A setting is wrong; the message names it and says how to mend it."""


class Settings(BaseSettings):
    """Every setting with its meaning; `participa check` prints them in force."""

    model_config = SettingsConfigDict(
        env_prefix="PARTICIPA_", frozen=True, extra="forbid", env_file_encoding="utf-8"
    )

    var_dir: Path = Field(
        Path("var"),
        description="Carpeta de datos: base SQLite, clave secreta, adjuntos, copias.",
    )
    database_url: str = Field(
        "",
        description="sqlite:///ruta/archivo.db o postgres://usuario:clave@servidor:5432/base. "
        "Vacío: SQLite en la carpeta de datos.",
    )
    redis_url: str = Field(
        "", description="redis://servidor:6379/0. Necesario para más de un proceso web."
    )
    host: str = Field("127.0.0.1", description="Dirección en la que escucha el servidor.")
    port: int = Field(8000, ge=0, le=65535, description="Puerto del servidor.")
    processes: int = Field(1, ge=1, le=64, description="Procesos web; más de uno exige Redis.")
    max_watchers: int = Field(
        20_000, ge=1, description="Páginas en vivo abiertas a la vez por proceso web."
    )
    https: bool = Field(
        default=False, description="El sitio se publica por https: cookies seguras y HSTS."
    )
    trusted_proxies: str = Field(
        "", description="Direcciones de los proxies propios, separadas por comas."
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Al menos 32 caracteres. Vacía: se genera una en la carpeta de datos.",
    )
    mail_url: str = Field(
        "console:",
        description="smtp://usuario:clave@servidor:587, smtps://…, console: (a la bitácora) "
        "o null: (sin correo).",
    )
    mail_from: str = Field("participa@localhost", description="Remitente de los correos.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Detalle de la bitácora técnica."
    )
    max_image_mb: int = Field(
        10, ge=1, le=50, description="Megabytes de una imagen que alguien adjunta."
    )
    max_pdf_mb: int = Field(
        25, ge=1, le=100, description="Megabytes de un PDF que alguien adjunta."
    )
    max_recording_mb: int = Field(
        500, ge=1, le=2000, description="Megabytes de la grabación de una audiencia."
    )
    embedded_worker: bool = Field(
        default=True, description="El servidor web atiende también la cola de trabajos."
    )

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url and urlsplit(url).scheme not in {"sqlite", "postgres", "postgresql"}:
            raise ValueError("debe empezar por sqlite:// o postgres://")
        return url.replace("postgresql://", "postgres://", 1)

    @field_validator("redis_url")
    @classmethod
    def _known_redis(cls, url: str) -> str:
        if url and urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
            raise ValueError("debe empezar por redis://, rediss:// o unix://")
        return url

    @field_validator("mail_url")
    @classmethod
    def _known_mailer(cls, url: str) -> str:
        if urlsplit(url).scheme not in {"smtp", "smtps", "console", "null"}:
            raise ValueError("debe ser smtp://…, smtps://…, console: o null:")
        return url

    @field_validator("secret_key")
    @classmethod
    def _long_secret(cls, key: SecretStr) -> SecretStr:
        if 0 < len(key.get_secret_value()) < 32:
            raise ValueError("debe tener al menos 32 caracteres")
        return key

    @model_validator(mode="after")
    def _processes_share_redis(self) -> "Settings":
        if self.processes > 1 and not self.redis_url:
            raise ValueError("PARTICIPA_PROCESSES mayor que 1 exige PARTICIPA_REDIS_URL")
        return self

    @property
    def database(self) -> str:
        """The database's address, the embedded one when none was given."""
        return self.database_url or f"sqlite://{self.var_dir / 'participa.db'}"

    @property
    def sqlite_file(self) -> Path | None:
        """The embedded database's file; None on PostgreSQL."""
        if not self.database.startswith("sqlite://"):
            return None
        return Path(self.database.removeprefix("sqlite://").split("?", 1)[0])

    @property
    def files_dir(self) -> Path:
        """The folder of what people attached."""
        return self.var_dir / "archivos"

    @cached_property
    def secret(self) -> bytes:
        """The key that signs tokens; made once, readable by its owner only."""
        given = self.secret_key.get_secret_value()
        return given.encode() if given else _kept_secret(self.var_dir / "secret_key")


def _kept_secret(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return path.read_bytes()


def templates_dir() -> Path:
    """Give the folder of page templates: inside the installed package, or beside it."""
    inside = PACKAGE / "templates"
    return inside if inside.is_dir() else PACKAGE.parent / "templates"


def mappings_dir() -> Path:
    """Give the folder of the CSV mappings that come with Participa."""
    inside = PACKAGE / "mappings"
    return inside if inside.is_dir() else PACKAGE.parent / "mappings"


def load_settings() -> Settings:
    """Read the environment and the configuration file.

    The file is `PARTICIPA_CONFIG`, or `participa.env` in the current folder; the environment
    wins. Raises ConfigurationError with one line for each mistake.
    """
    named = os.environ.get("PARTICIPA_CONFIG")
    file = Path(named or CONFIG_FILE)
    if named and not file.is_file():
        raise ConfigurationError(f"PARTICIPA_CONFIG: no existe el archivo {file}")
    try:
        return Settings(_env_file=file if file.is_file() else None)
    except ValidationError as error:
        raise ConfigurationError(_readable(error)) from error


def _readable(error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        name = "PARTICIPA_" + "_".join(str(part) for part in problem["loc"]).upper()
        message = problem["msg"].removeprefix("Value error, ")
        lines.append(message if not problem["loc"] else f"{name}: {message}")
    return "\n".join(lines)
