"""The hearing itself: called, prepared, held live with its question desk, and put on record.

The promise: whoever asks, by whatever channel, can always see where the question stands.
"""
