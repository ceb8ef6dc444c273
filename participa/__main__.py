"""`python -m participa` does what the command `participa` does."""

from participa.cli import main

main()
