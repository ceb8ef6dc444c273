"""Every route of a hearing, in one list."""

from participa.accountability.hearing.calendar_pages import CALENDAR_ROUTES
from participa.accountability.hearing.desk_pages import DESK_ROUTES
from participa.accountability.hearing.manage_pages import MANAGE_ROUTES
from participa.accountability.hearing.minutes_pages import MINUTES_ROUTES
from participa.accountability.hearing.pages import HALL_ROUTES
from participa.accountability.hearing.recording_desk import RECORDING_DESK_ROUTES
from participa.accountability.hearing.recording_pages import RECORDING_ROUTES
from participa.accountability.hearing.registration_pages import REGISTRATION_ROUTES
from participa.accountability.hearing.table_pages import TABLE_ROUTES
from participa.accountability.hearing.topic_pages import TOPIC_ROUTES

HEARING_ROUTES = [
    *CALENDAR_ROUTES,
    *HALL_ROUTES,
    *TOPIC_ROUTES,
    *REGISTRATION_ROUTES,
    *MINUTES_ROUTES,
    *RECORDING_ROUTES,
    *TABLE_ROUTES,
    *MANAGE_ROUTES,
    *RECORDING_DESK_ROUTES,
    *DESK_ROUTES,
]
