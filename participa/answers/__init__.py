"""The entity's formal answers: what it decided of each contribution, why, and where it went."""
