"""Moderation: hiding what breaks a published rule, in public, with its reason, reversibly."""
