"""What may be said of a municipality from those who answered: weights, errors, who is missing.

Pure arithmetic on plain numbers; nothing here knows of questions or of the database.
"""
