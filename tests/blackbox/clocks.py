"""A clock that a test sets, of a server in a process of its own."""

from pathlib import Path

CLOCK = Path(__file__).parent / "clock"


class Setting:
    """The clock of a server that is about to start."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "offset"
        self.set(0)

    def set(self, seconds: int) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(self._file)

    @property
    def environment(self) -> dict[str, str]:
        return {"PYTHONPATH": str(CLOCK), "CLOCK_OFFSET": str(self._file)}
