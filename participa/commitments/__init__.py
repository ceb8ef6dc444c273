"""Compromisos: what the entity promised, its proof, and the word of those who asked."""
