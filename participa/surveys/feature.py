"""What surveys offer to the rest of the house."""

from participa.features import Feature
from participa.surveys.queries import cards_of
from participa.surveys.routes import ROUTES

FEATURE = Feature(name="surveys", routes=ROUTES, cards_of=cards_of)
"""Surveys; they open no threads: what was answered is counted, not discussed."""
