"""What surveys offer to the rest of the house."""

from participa.features import Feature
from participa.surveys import (
    answer_pages,
    beginning_pages,
    builder_pages,
    recording_pages,
    routes,
    sending_pages,
    who_pages,
)
from participa.surveys.mixing import MIX, MIX_EVERY, mix_ballots
from participa.surveys.progress import SWEEP, SWEEP_EVERY, sweep_progress
from participa.surveys.queries import cards_of

FEATURE = Feature(
    name="surveys",
    routes=[
        *routes.ROUTES,
        *answer_pages.ROUTES,
        *sending_pages.ROUTES,
        *beginning_pages.ROUTES,
        *builder_pages.ROUTES,
        *who_pages.ROUTES,
        *recording_pages.ROUTES,
    ],
    cards_of=cards_of,
    jobs={SWEEP: sweep_progress, MIX: mix_ballots},
    every={SWEEP: SWEEP_EVERY, MIX: MIX_EVERY},
)
"""Surveys; they open no threads: what was answered is counted, not discussed."""
