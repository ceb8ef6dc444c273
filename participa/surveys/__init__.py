"""Surveys: one answer by each person, and honest totals of them once everybody has answered."""
