"""Does: one folder for each outside thing. They know ``bot`` and ``ports``, and not each other."""
