"""What dialogues show, where showing it takes more room than deciding it."""
