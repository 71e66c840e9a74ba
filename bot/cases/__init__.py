"""A report's life: who may see it. Pure rules; the words themselves live in the sealed room."""
