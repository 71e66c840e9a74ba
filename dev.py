"""Set up and run Upstander from a bare Python: ``python3 dev.py demo``, ``test``, ``check`` or ``setup``.

Standard library only, and readable by any Python 3, so that an old one can say what it lacks.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit("Upstander needs Python 3.11 or newer; this is Python " + sys.version.split()[0] + ".")

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
Run = Callable[..., int]  # a command -> its exit code
TESTS = ("-m", "pytest", "-q")
IMPORTS = ("-c", "from importlinter.cli import lint_imports_command as lint; lint()")
CHECKS = (("-m", "ruff", "format", "--check"), ("-m", "ruff", "check"), ("-m", "mypy"), IMPORTS, ("-m", "bot", "lint"))
TASKS = {  # task -> (lock file, commands); further arguments go to the last command
    "demo": ("requirements.txt", (("-m", "bot", "demo"),)),
    "test": ("requirements-dev.txt", (TESTS,)),
    "check": ("requirements-dev.txt", (*CHECKS, TESTS)),
    "setup": ("requirements-dev.txt", ()),
}


def run(*command: str) -> int:
    """The exit code. Ctrl-C reaches the child as well, and the child decides how it ends."""
    child = subprocess.Popen(command, cwd=str(ROOT))
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def program(venv: Path, name: str) -> str:
    return str(venv / "Scripts" / (name + ".exe") if os.name == "nt" else venv / "bin" / name)


def install(lock: str, venv: Path, run: Run) -> None:
    """Bring ``venv`` up to ``lock``; nothing to do while neither it nor pyproject.toml has changed."""
    wanted = hashlib.sha256((ROOT / lock).read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = venv / (lock + ".sha256")
    python = program(venv, "python")
    if Path(python).exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    print("Installing " + lock + " into .venv ...", flush=True)
    if not Path(python).exists() and run(sys.executable, "-m", "venv", "--clear", str(venv)) != 0:
        shutil.rmtree(str(venv), ignore_errors=True)  # half an environment would pass for a whole one next time
        sys.exit("No .venv could be made; on Debian and Ubuntu: apt-get install python3-venv")
    hashed = ("install", "-q", "--require-hashes", "-r")
    pip = (python, "-m", "pip", "--disable-pip-version-check", *hashed)
    own = str(Path(python).parent)
    uv = shutil.which("uv") or shutil.which("uv", path=own)
    if not uv and run(*pip, "requirements-uv.txt") == 0:
        uv = shutil.which("uv", path=own)
    # pip reads configuration (a company's index, say) that uv does not, so it has the last try.
    if not (uv and run(uv, "pip", *hashed, lock, "--python", python) == 0) and run(*pip, lock) != 0:
        sys.exit("The packages in " + lock + " could not be installed; the lines above say why.")
    stamp.write_text(wanted)


def main(task: str = "", *extra: str, venv: Path = VENV, run: Run = run) -> int:
    if task not in TASKS:
        sys.exit("Usage: python3 dev.py " + "|".join(TASKS) + " [arguments]")
    lock, commands = TASKS[task]
    install(lock, venv, run)
    codes = [0]
    for command in commands:
        words = command + (extra if command is commands[-1] else ())
        if len(commands) > 1:
            print("\n$ " + ("lint-imports" if command is IMPORTS else "python " + " ".join(words)), flush=True)
        codes.append(run(program(venv, "python"), *words))
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
