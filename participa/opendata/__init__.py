"""Open data: what was said in each process, to be downloaded and used by anybody."""
