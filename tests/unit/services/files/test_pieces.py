from hypothesis import given
from hypothesis import strategies as st

from uptc_messenger.services.files.pieces import SMALL, Pieces


@given(st.lists(st.integers(0, 3 * SMALL), max_size=30))
def test_all_of_it_comes_out_in_its_order(sizes: list[int]):
    pieces = Pieces()
    sent = [bytes([number % 256]) * size for number, size in enumerate(sizes)]
    for piece in sent:
        pieces.add(piece)
    assert pieces.size == sum(sizes)
    assert b"".join(pieces.taken()) == b"".join(sent)
    assert pieces.taken() == []


def test_large_pieces_are_not_copied_and_crumbs_do_not_pile_up():
    pieces, large = Pieces(), b"x" * SMALL
    pieces.add(large)
    for _ in range(1_000_000):
        pieces.add(b"x")
    pieces.add(large)
    first, *between, last = pieces.taken()
    assert first is last is large
    assert len(between) < 20
