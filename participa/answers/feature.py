"""What formal answers offer to the rest of the house."""

from participa.answers.queries import answer_links, formal_answers
from participa.answers.routes import ROUTES
from participa.answers.table_pages import datasets_of, fillings_of
from participa.features import Feature

FEATURE = Feature(
    name="answers",
    routes=ROUTES,
    answers_of=formal_answers,
    datasets_of=datasets_of,
    fillings_of=fillings_of,
    links={"answers.answer": answer_links},
)
