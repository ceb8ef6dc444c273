"""What reached the entity by another way than the web: mesas, calls, paper, organisations.

An official records a session of one kind with the contributions it left, each posted where it
belongs and with its receipt number. The promise: the same form or sheet twice counts once, and
people are counted as they were there (see `deliberation.voices`).
"""
