import ctypes

from registry.sandbox import libc


def test_what_is_held_is_found_and_stays_as_it_is():
    held = ctypes.create_string_buffer(b"as it was", 8 * libc.HUGE)
    place = ctypes.addressof(held)

    libc.in_huge_pages()

    assert any(first <= place < last for first, last in libc.own_memory())
    assert held.value == b"as it was"
