"""What insights offers to the rest of the house."""

from participa.features import Feature
from participa.insights.files.datasets import datasets_of
from participa.insights.jobs import report_builder
from participa.insights.queries import (
    fillings_of,
    outcome_of,
    results_since,
    theme_links,
    theme_of,
)
from participa.insights.routes import ROUTES
from participa.insights.service import BUILD_REPORT
from participa.settings import Settings


def feature(settings: Settings) -> Feature:
    """Make the manifest; reports are built with these settings."""
    return Feature(
        name="insights",
        routes=ROUTES,
        jobs={BUILD_REPORT: report_builder(settings)},
        outcome_of=outcome_of,
        fillings_of=fillings_of,
        themes_of=theme_of,
        results_since=results_since,
        datasets_of=datasets_of,
        links={"insights.theme": theme_links},
    )
