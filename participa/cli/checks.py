"""What `participa check` looks at: each finding in words, with its remedy."""

import os
import stat
from dataclasses import dataclass

from participa.settings import Settings, templates_dir


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    name: str
    is_fine: bool
    words: str
    remedy: str = ""


async def run_checks(settings: Settings) -> list[Finding]:
    """Look at everything; what depends on something broken is left out."""
    findings = [_configuration(settings), _folder(settings), _secret(settings), _templates()]
    if findings[1].is_fine:
        findings += await _database(settings)
    if all(each.is_fine for each in findings[1:]):
        findings.append(await _files(settings))
    if settings.redis_url:
        findings.append(await _redis(settings))
    findings.append(_mail(settings))
    return findings


def _configuration(settings: Settings) -> Finding:
    where = f"{settings.host}:{settings.port}"
    if settings.host not in {"127.0.0.1", "localhost", "::1"} and not settings.https:
        return Finding(
            "configuración",
            is_fine=False,
            words=f"sirve en {where} sin https",
            remedy="publique detrás de un proxy con https y ponga PARTICIPA_HTTPS=true",
        )
    return Finding(
        "configuración",
        is_fine=True,
        words=f"sirve en {where}, "
        f"{settings.processes} proceso(s), https {'sí' if settings.https else 'no'}",
    )


def _folder(settings: Settings) -> Finding:
    folder = settings.var_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return Finding(
            "carpeta de datos",
            is_fine=False,
            words=f"{folder}: {error.strerror}",
            remedy="créela o cambie PARTICIPA_VAR_DIR",
        )
    if not os.access(folder, os.W_OK):
        return Finding(
            "carpeta de datos",
            is_fine=False,
            words=f"{folder} no se puede escribir",
            remedy=f"dé permiso de escritura al usuario del servicio sobre {folder}",
        )
    return Finding("carpeta de datos", is_fine=True, words=str(folder.resolve()))


def _secret(settings: Settings) -> Finding:
    if settings.secret_key.get_secret_value():
        return Finding("clave secreta", is_fine=True, words="dada por PARTICIPA_SECRET_KEY")
    file = settings.var_dir / "secret_key"
    if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        return Finding(
            "clave secreta",
            is_fine=False,
            words=f"otros pueden leer {file}",
            remedy=f"chmod 600 {file}",
        )
    return Finding("clave secreta", is_fine=True, words=f"en {file}")


def _templates() -> Finding:
    folder = templates_dir()
    if not (folder / "base.html").is_file():
        return Finding(
            "plantillas",
            is_fine=False,
            words=f"no están en {folder}",
            remedy="reinstale el paquete",
        )
    return Finding("plantillas", is_fine=True, words=str(folder))


async def _database(settings: Settings) -> list[Finding]:
    from participa.db import connected
    from participa.db.migrations import pending
    from participa.entities.models import Entity

    try:
        missing = await pending(settings)
    except Exception as error:
        return [
            Finding(
                "base de datos",
                is_fine=False,
                words=str(error) or repr(error),
                remedy="revise PARTICIPA_DATABASE_URL y que el servidor responda",
            )
        ]
    kind = "SQLite" if settings.sqlite_file else "PostgreSQL"
    found = [Finding("base de datos", is_fine=True, words=f"{kind} responde")]
    if missing:
        return [
            *found,
            Finding(
                "migraciones",
                is_fine=False,
                words=f"faltan {len(missing)}",
                remedy="ejecute «participa migrate»",
            ),
        ]
    async with connected(settings):
        count = await Entity.all().count()
    found.append(Finding("migraciones", is_fine=True, words="al día"))
    remedy = "" if count else "ejecute «participa create-entity» o «participa demo»"
    found.append(Finding("entidades", is_fine=bool(count), words=str(count), remedy=remedy))
    return found


async def _files(settings: Settings) -> Finding:
    from participa.db import connected
    from participa.files.forms import store_of
    from participa.files.service import missing

    folder = settings.files_dir
    if folder.exists() and not os.access(folder, os.W_OK):
        return Finding(
            "archivos adjuntos",
            is_fine=False,
            words=f"{folder} no se puede escribir",
            remedy=f"dé permiso de escritura al usuario del servicio sobre {folder}",
        )
    async with connected(settings):
        lost = await missing(store_of(settings))
    return Finding(
        "archivos adjuntos",
        is_fine=not lost,
        words=f"faltan {lost} en {folder}" if lost else "están todos",
        remedy=f"traiga {folder} de la copia de seguridad" if lost else "",
    )


async def _redis(settings: Settings) -> Finding:
    from redis.asyncio import Redis
    from redis.exceptions import RedisError

    async with Redis.from_url(settings.redis_url) as redis:
        try:
            await redis.ping()
        except (RedisError, OSError) as error:
            return Finding(
                "Redis",
                is_fine=False,
                words=str(error),
                remedy="revise PARTICIPA_REDIS_URL y que el servidor responda",
            )
    return Finding("Redis", is_fine=True, words="responde")


def _mail(settings: Settings) -> Finding:
    scheme = settings.mail_url.split(":", 1)[0]
    words = {
        "console": "los correos van a la bitácora técnica, no a la gente",
        "null": "sin correo",
    }.get(scheme, f"por {scheme}")
    remedy = "" if scheme.startswith("smtp") else "para enviar correo ponga PARTICIPA_MAIL_URL"
    return Finding("correo", is_fine=True, words=words, remedy=remedy)
