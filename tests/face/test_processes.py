"""Processes that are started beside Ctrl-C."""

import os
import signal
import subprocess
import sys
import time

import pytest

from shenbao.processes import _no_interrupt


def test_ctrl_c_while_a_process_starts_is_not_lost() -> None:
    with pytest.raises(KeyboardInterrupt), _no_interrupt():
        os.kill(os.getpid(), signal.SIGINT)


def test_a_process_started_meanwhile_never_sees_ctrl_c() -> None:
    with _no_interrupt():
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(0.5)"])
    time.sleep(0.1)
    child.send_signal(signal.SIGINT)
    assert child.wait(60) == 0
