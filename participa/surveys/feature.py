"""What surveys offer to the rest of the house."""

from participa.features import Feature, filled_by_cards
from participa.surveys import answer_pages, builder_pages, routes
from participa.surveys.progress import SWEEP, SWEEP_EVERY, sweep_progress
from participa.surveys.queries import cards_of
from participa.surveys.rules import ACTIVITY

FEATURE = Feature(
    name="surveys",
    routes=[*routes.ROUTES, *answer_pages.ROUTES, *builder_pages.ROUTES],
    cards_of=cards_of,
    fillings_of=filled_by_cards(cards_of, {ACTIVITY: "survey"}),
    jobs={SWEEP: sweep_progress},
    every={SWEEP: SWEEP_EVERY},
)
"""Surveys; they open no threads: what was answered is counted, not discussed."""
