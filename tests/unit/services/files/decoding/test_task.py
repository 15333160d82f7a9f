import msgspec

from uptc_messenger.services.files.decoding.task import Answer, Made, Task


def test_both_survive_the_pipe():
    task = Task(kind="image", type="image/png", folder="/tmp/x", memory_bytes=1, seconds=2.0)
    assert msgspec.json.decode(msgspec.json.encode(task), type=Task) == task
    answer = Answer(seen=True, made=(Made(name="thumb", width=1, height=2),), thumbhash="AA==")
    assert msgspec.json.decode(msgspec.json.encode(answer), type=Answer) == answer


def test_an_answer_of_nothing_saw_nothing():
    assert not Answer().seen
