"""What holds for what officials report of a goal."""

FILE_OWNER = "accountability.goal_change"
MAX_FILES = 5
MAX_EVIDENCE = 4_000
