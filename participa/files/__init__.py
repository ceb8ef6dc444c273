"""Files that people attach: checked by their content, kept once on disk, read by permission."""
