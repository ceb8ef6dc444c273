"""Participa: a municipality and its citizens deliberate and decide together."""

__version__ = "0.1.0"
