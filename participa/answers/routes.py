"""Addresses of formal answers: the public table, and the officials' desk."""

from participa.answers.desk_pages import DESK_ROUTES
from participa.answers.table_pages import TABLE_ROUTES

ROUTES = [*TABLE_ROUTES, *DESK_ROUTES]
