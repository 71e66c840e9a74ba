"""Every table. Learning, questions and reports are three rooms: no foreign key leads from one to another."""

from adapters.database.tables import content, conversation, delivery, learning, questions, reports
from adapters.database.tables.shared import Row

ROOMS = (content, conversation, delivery, learning, questions, reports)
METADATA = Row.metadata

__all__ = ["METADATA", "ROOMS"]
