"""What comes next and when: slots in a person's own week, minutes that count, and what a manager may see."""
