"""The municipalities served by one installation; every other row belongs to one of them."""
