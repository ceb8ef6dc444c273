"""Consultations: a text to comment section by section, or a call for proposals.

What a citizen says stands beside the passage it concerns, is answered and can be followed.
"""
