"""What is found in quotation marks is the same on each engine, whatever became of the message."""

import pytest

from tests.core import World
from tests.searches import found, indexer_of, texts
from uptc_messenger.services.search import searching
from uptc_messenger.services.search.analysis import pair

PHRASED = {
    "tarea": "La tarea de la clase de redes",
    "swapped": "De la tarea la clase",
    "anio": "Reunión de año nuevo",
    "ano": "reunion de ano nuevo",
    "rare": "de zurriaga, de lo que quede",
    "apart": "zurriaga es lo que no es de",
    "lines": "el salón\nde clase: «mañana»",
    "mixed": "nos vemos en 北京 mañana de clase",
    "parts": "de redes de la clase",
}
PHRASES: dict[str, set[str]] = {
    '"tarea de la clase de redes"': {"tarea"},
    '"la tarea"': {"tarea", "swapped"},
    '"tarea la"': {"swapped"},
    '"la de"': set(),
    '"de la"': {"tarea", "swapped", "parts"},
    '"de la clase de redes"': {"tarea"},
    '"clase de': {"tarea"},
    '"clase de re': set(),
    '"clase de red': {"tarea"},
    '"de redes" "la clase"': {"tarea", "parts"},
    '"reunion de ano nuevo"': {"anio", "ano"},
    '"REUNIÓN DE AÑO"': {"anio"},
    '"de zurriaga"': {"rare"},
    '"zurriaga de"': {"rare"},
    '"zurriaga es"': {"apart"},
    '"salon de clase manana"': {"lines"},
    '"vemos en 北京 manana de"': {"mixed"},
    '"manana de clase"': {"mixed"},
    '"mananas de clase"': set(),
    '"de clase" zurriaga': set(),
}


async def test_phrases_are_words_that_follow_each_other(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    for text in PHRASED.values():
        await world.send(ana, chat, text)
    await indexer_of(world).catch_up()
    names = {text: name for name, text in PHRASED.items()}
    answers = {
        typed: {names[text] for text in texts(await found(world, ana, typed))} for typed in PHRASES
    }
    assert answers == PHRASES


async def test_two_frequent_words_the_other_way_round_hide_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    """The oldest message is on the first page, below more of the others than a page looks at."""
    monkeypatch.setattr(searching, "WINDOW", 4)
    ana = await world.user("ana")
    chat = await world.group(ana)
    await world.send(ana, chat, "la de siempre")
    for _ in range(2 * 4 * searching.WINDOWS):
        await world.send(ana, chat, "de la clase")
    await indexer_of(world).catch_up()
    assert texts(await found(world, ana, '"la de"')) == ["la de siempre"]
    assert len(await found(world, ana, '"de la"')) == 4 * searching.WINDOWS


async def test_pairs_that_share_a_term_are_told_apart(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    others = (f"x{number}" for number in range(100_000))
    other = next(word for word in others if pair("x", word) == pair("x", "y"))
    for text in ("x y", f"x {other} y"):
        await world.send(ana, chat, text)
    await indexer_of(world).catch_up()
    assert texts(await found(world, ana, '"x y"')) == ["x y"]
    assert texts(await found(world, ana, f'"x {other}"')) == [f"x {other} y"]


async def test_phrases_follow_edits_and_deletions(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    first, second = [await world.say(ana, chat, text) for text in ("perro de lana", "de lana gris")]
    await indexer_of(world).catch_up()
    assert len(await found(world, ana, '"de lana"')) == 2
    await world.edit(ana, (chat, first), "lana de perro")
    await world.delete(ana, (chat, second))
    assert await found(world, ana, '"de lana"') == []
    await indexer_of(world).catch_up()
    assert await found(world, ana, '"de lana"') == []
    assert texts(await found(world, ana, '"lana de"')) == ["lana de perro"]
    await world.edit(ana, (chat, first), "perro de lana")
    await indexer_of(world).catch_up()
    assert texts(await found(world, ana, '"de lana"')) == ["perro de lana"]
    assert await found(world, ana, '"lana de"') == []
