"""People: who they are, what they may do, and the sign-ins they can end at any time."""
