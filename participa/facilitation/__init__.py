"""Facilitation: closing a conversation with a conclusion, pinning, moving and splitting.

All of it in public, with its reason, and so that it can be taken back.
"""
