"""What opinion rounds offer to the rest of the house."""

from participa.features import Feature, filled_by_cards
from participa.opinion.jobs import GROUP_EVERY, GROUP_ROUNDS, round_grouper
from participa.opinion.queries import cards_of, datasets_of
from participa.opinion.routes import ROUTES
from participa.opinion.rules import ACTIVITY
from participa.settings import Settings


def feature(settings: Settings) -> Feature:
    """Make the manifest; groups are found with these settings."""
    return Feature(
        name="opinion",
        routes=ROUTES,
        cards_of=cards_of,
        fillings_of=filled_by_cards(cards_of, {ACTIVITY: "round"}),
        datasets_of=datasets_of,
        jobs={GROUP_ROUNDS: round_grouper(settings)},
        every={GROUP_ROUNDS: GROUP_EVERY},
    )
