""".ci/run: what a checkout is proved with, and that nothing is left out of it quietly."""

from pathlib import Path

RUN = (Path(__file__).resolve().parents[2] / ".ci" / "run").read_text(encoding="utf-8")
INSTALLS = "command -v chromium >/dev/null || missing+=(chromium)"
GUARDS = """\
for file in requirements*.txt; do
  diff -u "$file" "$compiled/$file" || {"""
PEERS = "for folder in tests/peers tests/browser adapters/web/bundles; do"
NPM = '    npm ci --prefix "$folder"'
BUILT = '    npm run check --prefix "$folder" --if-present --silent\n'
REQUIRES = "\nexport UPSTANDER_REQUIRE=browser,peer,postgres\n"


def test_programs_drift_and_peers_come_before_the_check_and_none_of_its_tests_may_skip() -> None:
    stations = [
        RUN.find(words) for words in (INSTALLS, GUARDS, PEERS, NPM, BUILT, REQUIRES, "\npython3 dev.py check\n")
    ]
    assert -1 not in stations and stations == sorted(stations)
    assert "\nset -euo pipefail\n" in RUN


def test_a_requirement_file_that_drifted_ends_it() -> None:
    told = RUN.split(GUARDS)[1].splitlines()[0]
    assert "is not what pyproject.toml asks for" in told and told.endswith("exit 1; }")
