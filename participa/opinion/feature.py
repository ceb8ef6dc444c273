"""What opinion rounds offer to the rest of the house."""

from participa.features import Feature
from participa.opinion.queries import cards_of
from participa.opinion.routes import ROUTES

FEATURE = Feature(name="opinion", routes=ROUTES, cards_of=cards_of)
"""Opinion rounds; they open no threads: statements are voted on, not discussed."""
