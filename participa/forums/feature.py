"""What forums offer to the rest of the house."""

from participa.features import Feature, ThreadKind, filled_by_cards
from participa.forums.queries import ACTIVITY, KIND, cards_of
from participa.forums.routes import ROUTES
from participa.i18n import _

FEATURE = Feature(
    name="forums",
    routes=ROUTES,
    cards_of=cards_of,
    fillings_of=filled_by_cards(cards_of, {ACTIVITY: "forum"}),
    thread_kinds={
        KIND: ThreadKind(
            _("Foro"),
            url=lambda thread_id, _place_id: f"/hilos/{thread_id}",
            place_url=lambda place_id: f"/foros/{place_id}",
        ),
    },
)
