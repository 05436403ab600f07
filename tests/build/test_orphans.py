"""Processes without a parent, on Linux."""

from __future__ import annotations

import subprocess
import sys

import pytest

from generator.build.orphans import Orphans, children

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux can adopt processes")

SLEEP = "import time; time.sleep(3600)"
# Starts a process in a session of its own, prints its id, and ends.
LEAVE = f"""
import subprocess, sys
print(subprocess.Popen([sys.executable, "-c", {SLEEP!r}], start_new_session=True, stdout=subprocess.DEVNULL).pid)
"""


def test_a_process_has_its_children() -> None:
    """A child is listed from its start until somebody has waited for it."""
    with subprocess.Popen([sys.executable, "-c", SLEEP]) as child:
        assert child.pid in children()
        child.kill()
        child.wait()
        assert child.pid not in children()


def test_orphans_are_adopted_and_ended() -> None:
    """A process whose parent has ended becomes a child, and is ended on the way out; children from before are not."""
    with subprocess.Popen([sys.executable, "-c", SLEEP]) as mine:
        with Orphans():
            orphan = int(subprocess.run([sys.executable, "-c", LEAVE], stdout=subprocess.PIPE, check=True).stdout)
            assert orphan in children()
        assert orphan not in children()
        assert mine.poll() is None
        mine.kill()


def test_the_server_is_spared() -> None:
    """The server that workers are forked from stays, for the next pool."""
    with Orphans() as orphans:
        orphans.spare_server()
        before = children()
    assert children() == before
