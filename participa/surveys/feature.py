"""What surveys offer to the rest of the house."""

from participa.features import Feature, filled_by_cards
from participa.settings import Settings
from participa.surveys import (
    answer_pages,
    beginning_pages,
    builder_pages,
    log_pages,
    recording_pages,
    routes,
    sending_pages,
    who_pages,
)
from participa.surveys.mixing import MIX, MIX_EVERY, mix_ballots
from participa.surveys.progress import SWEEP, SWEEP_EVERY, sweep_progress
from participa.surveys.queries import cards_of
from participa.surveys.results import desk_pages, files, pages
from participa.surveys.results.counting import COUNT, count_job
from participa.surveys.results.themes import FIND, theme_finder
from participa.surveys.rules import ACTIVITY

ROUTES = [
    *routes.ROUTES, *answer_pages.ROUTES, *sending_pages.ROUTES, *beginning_pages.ROUTES,
    *builder_pages.ROUTES, *who_pages.ROUTES, *recording_pages.ROUTES,
    *pages.ROUTES, *files.ROUTES, *desk_pages.ROUTES, *log_pages.ROUTES,
]  # fmt: skip


def feature(settings: Settings) -> Feature:
    """Make the manifest; themes of open answers are found with these settings.

    Surveys open no threads: what was answered is counted, not discussed.
    """
    return Feature(
        name="surveys",
        routes=ROUTES,
        cards_of=cards_of,
        fillings_of=filled_by_cards(cards_of, {ACTIVITY: "survey"}),
        jobs={
            SWEEP: sweep_progress,
            MIX: mix_ballots,
            COUNT: count_job,
            FIND: theme_finder(settings),
        },
        every={SWEEP: SWEEP_EVERY, MIX: MIX_EVERY},
    )
