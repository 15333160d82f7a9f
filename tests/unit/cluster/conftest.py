import tempfile
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from uptc_messenger.cluster.processes import Processes


@pytest_asyncio.fixture
async def processes(home: Path) -> AsyncGenerator[Processes, None]:
    """They end before the folder goes."""
    del home
    started = Processes()
    await started.open()
    yield started
    await started.close()


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder with a short name, which others may enter."""
    with tempfile.TemporaryDirectory(prefix="uptc-") as name:
        Path(name).chmod(0o755)
        yield Path(name)
