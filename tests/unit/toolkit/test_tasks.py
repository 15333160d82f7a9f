import asyncio

import structlog

from uptc_messenger.toolkit.tasks import TaskGroup


async def test_a_task_runs_under_the_name_of_its_owner():
    group = TaskGroup("gateway")
    done = asyncio.Event()

    async def work() -> None:
        done.set()

    task = group.start("hello", work())
    assert task.get_name() == "gateway.hello"
    assert len(group) == 1
    await done.wait()
    await asyncio.sleep(0)
    assert len(group) == 0


async def test_a_task_that_fails_is_logged_by_name_and_the_others_go_on():
    group = TaskGroup("gateway")
    go_on = asyncio.Event()

    async def fail() -> None:
        raise ValueError("not foreseen")

    async def wait() -> None:
        await go_on.wait()

    with structlog.testing.capture_logs() as logged:
        failing, waiting = group.start("fail", fail()), group.start("wait", wait())
        await asyncio.wait([failing])
    assert [(line["event"], line["task"]) for line in logged] == [("task failed", "gateway.fail")]
    assert isinstance(logged[0]["exc_info"], ValueError)
    assert not waiting.done()
    go_on.set()
    await waiting


async def test_closing_cancels_what_still_runs_and_waits_for_its_end():
    group = TaskGroup("gateway")
    entered, cleaned = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        entered.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.set()

    group.start("forever", work())
    await entered.wait()
    await group.close()
    assert cleaned.is_set()
    assert len(group) == 0


async def test_draining_lets_tasks_end_by_themselves_within_a_time():
    group = TaskGroup("gateway")
    go_on = asyncio.Event()

    async def work() -> None:
        await go_on.wait()

    slow = group.start("slow", work())
    await group.drain(0)
    assert not slow.done()
    go_on.set()
    await group.drain(5)
    assert slow.done()


async def test_draining_nothing_returns_at_once():
    await TaskGroup("empty").drain(60)
