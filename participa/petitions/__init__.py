"""Petitions (PQRSD): filed by anybody, answered within the term of the law, read by nobody else."""
