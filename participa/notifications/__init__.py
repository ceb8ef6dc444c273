"""Telling people by mail: somebody answered, the entity answered, the results are there."""
