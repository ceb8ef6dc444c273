"""Safety concerns, a file each: tokens, passwords, forged requests, headers, limits."""
