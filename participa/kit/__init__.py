"""Pure tools that know nothing of Participa: safe HTML, CSV, names and receipt numbers."""
