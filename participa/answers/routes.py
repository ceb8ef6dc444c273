"""Addresses of formal answers: the public table, the officials' desk, who is told by hand."""

from participa.answers.desk_pages import DESK_ROUTES
from participa.answers.table_pages import TABLE_ROUTES
from participa.answers.told_pages import TOLD_ROUTES

ROUTES = [*TABLE_ROUTES, *DESK_ROUTES, *TOLD_ROUTES]
