"""Who works here, as files and platforms tell it."""
