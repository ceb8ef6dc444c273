"""The name of the one connection."""

CONNECTION = "default"
