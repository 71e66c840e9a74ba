"""tests/conftest.py under UPSTANDER_REQUIRE: a test that must not be skipped fails when it is."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
Outcome = Callable[..., str]


@pytest.fixture
def outcome(tmp_path: Path) -> Outcome:
    """Runs one test file under our conftest in a process of its own; the output."""

    def run(test: str, require: str) -> str:
        shutil.copy(CONFTEST, tmp_path)
        (tmp_path / "test_one.py").write_text("import pytest\n" + test, encoding="utf-8")
        (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    browser\n    peer\n", encoding="utf-8")
        told = subprocess.run(
            [sys.executable, "-m", "pytest", "-ra"],
            cwd=tmp_path,
            env={**os.environ, "UPSTANDER_REQUIRE": require, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
        )
        return told.stdout

    return run


SKIPPED = "@pytest.mark.browser\n@pytest.mark.skipif(True, reason='no Chromium')\ndef test_a():\n    pass\n"
INSIDE = "@pytest.mark.peer\ndef test_a():\n    pytest.skip('no Node.js')\n"
WHOLE = "pytest.skip('no Chromium', allow_module_level=True)\n"
XFAIL = "@pytest.mark.peer\n@pytest.mark.xfail(reason='known')\ndef test_a():\n    assert False\n"


def test_a_required_test_may_not_be_skipped(outcome: Outcome) -> None:
    told = outcome(SKIPPED, "browser,peer")
    assert "1 error" in told
    assert "UPSTANDER_REQUIRE names browser, but this test skipped: Skipped: no Chromium" in told


def test_a_required_test_may_not_skip_itself(outcome: Outcome) -> None:
    told = outcome(INSIDE, "browser,peer")
    assert "1 failed" in told
    assert "Skipped: no Node.js" in told


def test_a_file_may_not_be_skipped_whole_where_something_is_required(outcome: Outcome) -> None:
    assert "this whole file skipped" in outcome(WHOLE, "postgres")


@pytest.mark.parametrize(("test", "require"), [(SKIPPED, ""), (SKIPPED, "peer"), (INSIDE, "browser"), (WHOLE, "")])
def test_what_is_not_required_may_be_skipped(outcome: Outcome, test: str, require: str) -> None:
    assert "1 skipped" in outcome(test, require)


def test_an_expected_failure_is_not_a_skip(outcome: Outcome) -> None:
    assert "1 xfailed" in outcome(XFAIL, "peer")
