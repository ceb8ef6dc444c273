"""Participation processes: what is asked, what the answer binds, and when each part is open."""
