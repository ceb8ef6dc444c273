"""Many contributions become a results report: themes, shares, quotes, and nobody left out."""
