"""The demonstration: a municipality of our own invention, with its people and what they said."""

from participa.demo.loading import load_demo
from participa.demo.outcome import Loaded

__all__ = ["Loaded", "load_demo"]
