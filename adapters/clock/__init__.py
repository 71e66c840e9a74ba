"""What time it is, and what is done every few seconds, minutes or days."""
