"""The Menú Participa: the 44 things the entity owes to publish, filled by what it does here."""
