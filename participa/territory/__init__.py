"""The municipality's areas and what is said about each: a map drawn here, and an equal list.

Nothing is asked of anybody else's server, and the list says all that the map says.
"""
