"""The follow-up of a plan: its tree of goals, what was programmed and done, and who says so."""
