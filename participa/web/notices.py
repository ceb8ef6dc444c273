"""One-line notices after an act, named in the address so that nothing needs to be remembered.

Only texts listed here can be shown: an address cannot make the page say anything else.
"""

from participa.i18n import Text, _

NOTICES: dict[str, Text] = {
    "aporte": _("Su aporte quedó publicado. Guarde su radicado para seguirlo."),
    "editado": _("Guardamos el cambio. La versión anterior queda en la historia pública."),
    "retirado": _("Retiró su aporte. En su lugar queda el aviso de que usted lo retiró."),
    "coautoria": _("Ya es coautor de esta propuesta: su nombre sale junto al de quien la hizo."),
    "apoyo": _("Registramos su apoyo."),
    "frase": _("Su frase ya está en la ronda."),
    "frase-en-revision": _("Recibimos su frase. Alguien de moderación la lee antes de publicarla."),
    "sin-apoyo": _("Quitamos su apoyo."),
    "oculto": _("El aporte quedó oculto y la medida, en la bitácora pública."),
    "restaurado": _("El aporte vuelve a estar a la vista."),
    "conclusion": _("La conversación quedó cerrada y su conclusión, al comienzo."),
    "reabierta": _("La conversación quedó abierta otra vez."),
    "fijado": _("Quedó fijado al comienzo."),
    "suelto": _("Ya no está fijado."),
    "trasladado": _("El aporte quedó trasladado, con sus respuestas. Este es su sitio ahora."),
    "unido": _("El aporte quedó unido al otro. Aquí sigue a la vista, con su radicado."),
    "separado": _("El aporte está otra vez por su cuenta, con los apoyos que tenía."),
    "bienvenida": _("Su cuenta está lista. ¡Bienvenido, bienvenida!"),
    "entro": _("Entró con su cuenta."),
    "salio": _("Cerró la sesión en este equipo."),
    "clave": _("Su contraseña cambió y cerramos sus otras sesiones. Entre con la nueva."),
    "borrador": _("Guardamos lo que escribió. Revíselo y pulse el botón para enviarlo."),
    "masnuevas": _(
        "Lo que este equipo guardó sin conexión era más antiguo que lo que ya teníamos de esta "
        "página: quedó lo más nuevo. Revíselo y siga."
    ),
    "guardadas": _(
        "Guardamos sus respuestas. Para seguir después, guarde la dirección de esta "
        "página; quien la tenga ve lo que usted escribió."
    ),
    "verificada": _("Cuenta verificada."),
    "plantilla": _("Guardada como plantilla: sirve para comenzar otras encuestas."),
    "registradas": _("Registramos las respuestas. Puede seguir con la siguiente persona."),
    "retiradas": _("Retiramos sus respuestas: ya no cuentan. Puede responder otra vez."),
    "encuesta-publicada": _("La encuesta quedó publicada."),
    "informe-en-cola": _("El informe se está preparando. Esta página muestra cómo va."),
    "informe-publicado": _("El informe quedó publicado y ya no cambia."),
    "borrador-del-plan": _("Leímos el documento. Corrija lo que haga falta y publíquelo."),
    "mismo-borrador": _("Ya había un borrador de este documento: sigue donde quedó."),
    "borrador-descartado": _("El borrador se descartó; el plan publicado no cambió."),
    "plan-igual": _("El borrador era igual a lo publicado: no se guardó otra versión."),
    "plan-publicado": _("El plan quedó publicado, con sus apartados abiertos a comentarios."),
    "lugar": _("Quedó anotado de qué lugar habla el aporte."),
    "adjunto-oculto": _("El archivo quedó oculto. La razón se ve en su lugar."),
    "adjunto-mostrado": _("El archivo se ve otra vez."),
    "adjunto": _("El archivo quedó adjunto."),
    "adjunto-quitado": _("Quitamos el archivo. En la historia queda que lo hubo."),
    "inscrito": _("Quedó inscrito. Lo esperamos."),
    "inscripcion-retirada": _("Retiramos su inscripción."),
    "audiencia-convocada": _("La audiencia quedó convocada y está a la vista de todos."),
    "audiencia-terminada": _(
        "La audiencia terminó. Cada pregunta tiene respuesta, o fecha y quien la responde."
    ),
    "respuesta-anotada": _("La respuesta quedó publicada con la pregunta."),
    "orden-en-camino": _("El orden del día se está armando: en un momento estará aquí."),
    "acta-publicada": _("El acta quedó publicada y ya no cambia."),
    "guardado": _("Guardamos los cambios."),
    "registrado": _("Lo registrado ya está publicado y cuenta. Estos son sus radicados."),
    "importado": _("La importación terminó."),
    "comprometido": _("El compromiso quedó publicado. Avisamos a quienes lo pidieron."),
    "confirmado": _("Gracias: su confirmación ya cuenta."),
    "objetado": _("Su objeción reabrió el compromiso. Avisamos a quien responde por él."),
    "evaluacion-abierta": _("La encuesta quedó abierta por quince días."),
    "respondidos": _("Respuesta publicada. Avisamos a quienes tienen cuenta."),
    "responsable": _("Respuesta publicada en nombre de la entidad."),
}


def notice(code: str | None) -> Text | None:
    """Give the notice of a code, if there is one."""
    return NOTICES.get(code or "")
