import subprocess
import sys

import pytest

ASK = "from uptc_messenger.toolkit.descriptors import raise_limit; print(raise_limit({wanted}))"


@pytest.mark.parametrize(
    ("soft", "hard", "wanted", "allowed"),
    [
        (100, 400, 300, 300),
        (100, 400, 65_536, 400),
        (350, 400, 300, 350),
    ],
)
def test_as_many_as_the_system_gives(soft: int, hard: int, wanted: int, allowed: int):
    # In a process of its own: what is lowered once cannot be raised again.
    limits = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}));"
    done = subprocess.run(
        [sys.executable, "-c", limits + ASK.format(wanted=wanted)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) == allowed
