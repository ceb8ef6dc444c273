"""What surveys offer to the rest of the house."""

from participa.features import Feature
from participa.surveys import builder_pages, routes
from participa.surveys.queries import cards_of

FEATURE = Feature(name="surveys", routes=[*routes.ROUTES, *builder_pages.ROUTES], cards_of=cards_of)
"""Surveys; they open no threads: what was answered is counted, not discussed."""
