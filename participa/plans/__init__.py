"""Plans: texts in numbered versions, read from what an official pastes and split into sections.

The sections are what citizens comment on; the conversations about them belong to consultations.
"""
