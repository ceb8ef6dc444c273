"""Forums: a question of the municipality, and topics anybody may open and discuss."""
