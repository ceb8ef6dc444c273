"""The one core of debate: whatever a citizen says, and wherever, is kept and answered for.

It promises that every contribution has a receipt number and a permanent address; that it stands
in its place in the conversation, whatever the channel it came by; that an edit leaves its
history, and that hidden by a moderator and removed by its author are never mistaken for each
other; that a support counts once for each person; and that nobody's words are lost in a report.
"""
