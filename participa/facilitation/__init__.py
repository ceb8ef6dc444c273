"""Facilitation: closing a conversation with a conclusion, pinning, in public and reversibly."""
