"""The items of the Menú Participa, and what of this platform fills each.

Annex 2 of Resolución MinTIC 1519 of 2020, in the order of the matrix with which the Procuraduría
checks it (block 6). `filled_by` names kinds of fillings (see `rules`); an item without any is
filled by hand, with a link to where the entity publishes it.
"""

from dataclasses import dataclass

from participa.i18n import Text, _


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to publish; `code` is that of the matrix, such as 6.2.5.d."""

    code: str
    title: Text
    filled_by: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """The section it is in: 6.1, or 6.2.1 to 6.2.6."""
        head, _dot, _last = self.code.rpartition(".")
        return head


_WAYS = ("forum", "round", "survey", "consultation", "call")
ITEMS: tuple[Item, ...] = (
    Item("6.1.1", _("Descripción general del menú Participa"), ("menu",)),
    Item("6.1.2", _("Mecanismos, espacios o instancias de participación"), ("process",)),
    Item("6.1.3", _("Estrategia de participación ciudadana")),
    Item("6.1.4", _("Estrategia anual de rendición de cuentas")),
    Item("6.1.5", _("Plan anticorrupción y de atención al ciudadano")),
    Item("6.1.6", _("Informes de rendición de cuentas"), ("session_report",)),
    Item("6.1.7", _("Convocatorias"), ("call",)),
    Item("6.1.8", _("Calendario de la estrategia anual de participación"), ("session",)),
    Item("6.1.9", _("Formulario de inscripción ciudadana"), ("sign_up",)),
    Item("6.1.10", _("Canal de interacción deliberatoria"), ("forum", "round")),
    Item("6.2.1.a", _("Temas de interés"), ("forum", "round", "survey")),
    Item("6.2.1.b", _("Caja de herramientas")),
    Item("6.2.1.c", _("Herramienta de evaluación")),
    Item("6.2.1.d", _("Resultados del diagnóstico"), ("report",)),
    Item("6.2.2.a", _("Porcentaje del presupuesto que se decide con la ciudadanía")),
    Item("6.2.2.b", _("Canales de interacción y caja de herramientas"), _WAYS),
    Item("6.2.2.c", _("Información sobre las decisiones"), ("answers", "report")),
    Item("6.2.2.d", _("Avances y estado, con semáforo"), ("followup", "commitment")),
    Item("6.2.3.a", _("Tema de la consulta y su resumen"), ("consultation", "survey", "call")),
    Item("6.2.3.b", _("Canales de consulta y caja de herramientas"), _WAYS),
    Item("6.2.3.c", _("Observaciones, comentarios y sus respuestas"), ("answers",)),
    Item("6.2.3.d", _("Enlace a la normativa")),
    Item("6.2.3.e", _("Herramienta de evaluación")),
    Item("6.2.4.a", _("Espacio para consultar un problema"), ("forum", "call")),
    Item("6.2.4.b", _("Convocatoria con el reto"), ("call",)),
    Item("6.2.4.c", _("Retos vigentes y frecuencia de votaciones"), ("call", "round")),
    Item("6.2.4.d", _("Propuestas elegidas y sus criterios"), ("answers",)),
    Item("6.2.4.e", _("Plan de trabajo"), ("commitment",)),
    Item("6.2.4.f", _("Desarrollos o prototipos")),
    Item("6.2.5.a", _("Espacio para que la ciudadanía postule temas"), ("session",)),
    Item("6.2.5.b", _("Estrategia de comunicación")),
    Item("6.2.5.c", _("Calendario de eventos de diálogo"), ("session",)),
    Item("6.2.5.d", _("Informes de rendición de cuentas"), ("session_report", "followup")),
    Item("6.2.5.e", _("Canal para los eventos de diálogo"), ("session",)),
    Item("6.2.5.f", _("Preguntas y respuestas de los eventos"), ("questions",)),
    Item("6.2.5.g", _("Memorias de cada evento"), ("minutes",)),
    Item("6.2.5.h", _("Acciones de mejora incorporadas"), ("improvement", "commitment")),
    Item("6.2.6.a", _("Modalidades de control social")),
    Item("6.2.6.b", _("Convocatoria al iniciar un programa, proyecto o contrato"), ("call",)),
    Item("6.2.6.c", _("Resumen del tema objeto de vigilancia"), ("process",)),
    Item("6.2.6.d", _("Informes del interventor o del supervisor")),
    Item("6.2.6.e", _("Herramientas de evaluación de la actividad")),
    Item("6.2.6.f", _("Registro de las observaciones de las veedurías"), ("forum",)),
    Item("6.2.6.g", _("Acciones de mejora"), ("commitment",)),
)
BY_CODE = {item.code: item for item in ITEMS}
