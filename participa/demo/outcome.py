"""What loading the demonstration came to, for people and for programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Loaded:
    """Where the demonstration is, and how to enter it.

    `passwords` holds those made just now, by role; it is empty when nothing was made, because
    nobody keeps them.
    """

    url: str
    neighbour_url: str
    emails: Mapping[str, str]
    processes: tuple[str, ...]
    report_url: str
    is_new: bool
    passwords: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """Give it to a program; a password that was not made now is null."""
        return {
            "url": self.url,
            "neighbour_url": self.neighbour_url,
            "logins": {
                role: {"email": email, "password": self.passwords.get(role)}
                for role, email in self.emails.items()
            },
            "processes": list(self.processes),
            "report": self.report_url,
        }

    def lines(self) -> list[str]:
        """Tell it to a person."""
        return [
            "Demostración cargada." if self.is_new else "La demostración ya estaba cargada.",
            "",
            f"  Sitio    {self.url}",
            f"  Informe  {self.report_url}",
            f"  Vecino   {self.neighbour_url} (otra entidad en la misma instalación)",
            "",
            *self._logins(),
        ]

    def _logins(self) -> list[str]:
        if not self.passwords:
            return [_NOTHING_NEW]
        width = max(len(email) for email in self.emails.values())
        return [
            "Para entrar (estas contraseñas no se vuelven a mostrar):",
            *(
                f"  {_ROLES[role]:<14}{email:<{width}}  {self.passwords[role]}"
                for role, email in self.emails.items()
            ),
        ]


_NOTHING_NEW = (
    "No se cambió nada. Las contraseñas se muestran una sola vez; "
    "para hacer otras: participa demo --new-passwords"
)
_ROLES = {
    "citizen": "Ciudadana",
    "moderator": "Moderador",
    "official": "Funcionaria",
    "administrator": "Administrador",
}
