"""Facilitation: closing a conversation with a conclusion, in public and reversibly."""
