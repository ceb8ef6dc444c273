"""Addresses of formal answers."""

from participa.answers.desk_pages import DESK_ROUTES

ROUTES = [*DESK_ROUTES]
