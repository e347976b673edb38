"""``bin/setup``, which runs before there is an environment: what a machine lacks, it names."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from renkei.env import BASE_DIR

NEW_ENOUGH = "exit 0"
TOO_OLD = 'case "$1" in --version) echo "Python 3.11.2";; *) exit 1;; esac'
WITHOUT_VENV = 'case "$2" in venv) echo "ensurepip is not available"; exit 1;; esac'


@pytest.fixture
def machine(tmp_path: Path):
    """Runs the script on a machine with the given programs and no others."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("sh", "dirname", "rm"):
        (programs / name).symlink_to(shutil.which(name))
    checkout = tmp_path / "checkout"
    (checkout / "bin").mkdir(parents=True)
    shutil.copy(BASE_DIR / "bin" / "setup", checkout / "bin")

    def run(**scripts: str) -> subprocess.CompletedProcess:
        for name, script in scripts.items():
            (programs / name).write_text(f"#!/bin/sh\n{script}\n")
            (programs / name).chmod(0o755)
        return subprocess.run(
            ["sh", "bin/setup"],
            cwd=checkout,
            env={"PATH": str(programs), "HOME": os.environ.get("HOME", "/")},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_an_older_python_is_named(machine):
    result = machine(python3=TOO_OLD)
    assert result.returncode == 1
    assert result.stderr == "Renkei needs Python 3.12 or newer; this machine has Python 3.11.2.\n"


def test_a_missing_python_is_named(machine):
    result = machine()
    assert result.returncode == 1
    assert result.stderr == "Python is missing: install Python 3.12 or newer.\n"


def test_a_missing_venv_is_named_with_its_package(machine):
    result = machine(python3=WITHOUT_VENV)
    assert result.returncode == 1
    assert result.stderr == (
        "Python's venv is missing: install it (Debian: apt install python3-venv).\n"
    )


def test_the_machines_own_uv_makes_the_environment(machine):
    result = machine(python3=NEW_ENOUGH, uv='echo "uv $*"')
    assert result.returncode == 0
    assert "uv sync --frozen --quiet --no-python-downloads --python python3" in result.stdout
