"""What facilitation offers to the rest of the house."""

from participa.facilitation import merge_pages, move_pages, routes
from participa.features import Feature

FEATURE = Feature(
    name="facilitation", routes=[*routes.ROUTES, *move_pages.ROUTES, *merge_pages.ROUTES]
)
