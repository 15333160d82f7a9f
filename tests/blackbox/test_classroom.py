from bench import classroom
from bench.classroom import Plan

SEED = 20_261_125


async def test_a_class_gets_in_through_one_address_while_somebody_guesses_there():
    lesson = await classroom.hold(Plan(people=30, spread_s=0.0, messages=30, seed=SEED))
    assert lesson.faults == []
    assert [len(phase.waits_s) for phase in lesson.phases] == [30] * 4
    assert lesson.guesser.guesses > 0
