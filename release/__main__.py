"""`python -m release changelog` or `python -m release build`."""

import argparse
import datetime as dt
import sys
from pathlib import Path

from release import changelog, distributions
from uptc_messenger import __version__

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Run one step of a release."""
    parser = argparse.ArgumentParser(prog="python -m release", description=__doc__)
    parser.add_argument("step", choices=("changelog", "build"))
    step = parser.parse_args().step
    if step == "changelog":
        today = dt.datetime.now(tz=dt.UTC).date()
        gathered = changelog.gather(ROOT, __version__, today)
        print(f"{gathered} changes went into CHANGELOG.md under {__version__}.")
        return
    if waiting := changelog.fragments(ROOT):
        print(f"{len(waiting)} changes are not in CHANGELOG.md yet: make changelog")
    try:
        distributions.release(ROOT, __version__)
    except distributions.NotGood as error:
        sys.exit(f"This is no release: {error}")


main()
