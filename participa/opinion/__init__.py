"""Opinion on statements: agree, disagree or pass, one statement at a time, and who says what."""
