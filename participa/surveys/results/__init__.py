"""What came out of a survey: counted once, shown with care for the few, and told honestly."""
