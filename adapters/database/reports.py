"""The effects of the reports room. Words and reporter go in sealed and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from adapters.database.leaving import may_read
from adapters.database.rows import insert_new
from adapters.database.tables.reports import case_links, case_notes, case_readers, case_sessions, cases
from adapters.database.vault import Vault
from bot.effects import CaseNote, Grant, Redeem, Seal

SEALED = "case_file.sealed"
PAGE = 1024  # sealed texts are padded to full pages, so that their length says little


def padded(clear: bytes) -> bytes:
    """JSON does not mind spaces at its end."""
    return clear.ljust(-(-len(clear) // PAGE) * PAGE)


def seal(connection: Connection, report: Seal, vault: Vault) -> None:
    """Once for each draft. Raises ValueError when nobody could read it: better an error than a report never seen."""
    if not report.readers:
        raise ValueError(f"case {report.case} has no reader")
    draft = vault.marks(report.receipt)[0] if report.receipt else report.draft
    if draft and connection.execute(select(cases.c.number).where(cases.c.draft == draft)).first():
        return
    clear = json.dumps({"reporter": report.reporter, "words": dict(report.words)}).encode()
    row = {
        "number": report.case,
        "received_on": report.received_on,
        "draft": draft or None,
        "sealed": vault.seal(padded(clear), SEALED, report.case),
    }
    readers = [{"number": report.case, "reader": reader} for reader in dict.fromkeys(report.readers)]
    connection.execute(insert(cases), row)
    connection.execute(insert(case_readers), readers)


def unsealed(sealed: bytes, case: str, vault: Vault) -> tuple[str, Mapping[str, str]]:
    """(reporter, words). Raises CannotOpen."""
    clear = json.loads(vault.open(sealed, SEALED, case))
    return clear["reporter"], clear["words"]


def grant(connection: Connection, link: Grant) -> None:
    row = {"token_hash": link.token_hash, "number": link.case, "reader": link.reader, "until": link.until}
    insert_new(connection, case_links, row)


def redeem(connection: Connection, link: Redeem, now: datetime) -> None:
    """A link that was used, has expired or never existed changes nothing."""
    fresh = (case_links.c.token_hash == link.token_hash, case_links.c.used.is_(False), case_links.c.until > now)
    if connection.execute(update(case_links).where(*fresh).values(used=True)).rowcount == 0:
        return
    query = select(case_links.c.number, case_links.c.reader).where(case_links.c.token_hash == link.token_hash)
    number, reader = connection.execute(query).one()
    row = {"session_hash": link.session_hash, "number": number, "reader": reader, "until": link.until}
    insert_new(connection, case_sessions, row)


def note(connection: Connection, step: CaseNote) -> None:
    """Only a reader leaves a note, and the last one who may still read it cannot recuse themselves."""
    readers = select(case_readers.c.reader).where(case_readers.c.number == step.case).order_by(case_readers.c.reader)
    listed = connection.execute(readers.with_for_update()).scalars().all()
    if step.reader not in listed:
        return
    if step.what == "recused" and not may_read(connection, set(listed) - {step.reader}):
        return
    row = {"number": step.case, "reader": step.reader, "what": step.what, "at": step.at}
    connection.execute(insert(case_notes), row)
    if step.what == "recused":
        for table in (case_readers, case_links, case_sessions):
            theirs = (table.c.number == step.case, table.c.reader == step.reader)
            connection.execute(delete(table).where(*theirs))
