"""The sealed format: read and written by Tink too, and nothing of it can be changed unnoticed."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
import tink
from tink import secret_key_access, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2, tink_pb2

from registry.crypto import HEADER, SEGMENT, TAG, Damaged, SealedFile, Sealer, plain_size, sealed_size

KEY = bytes(range(32))
NAME = b"00112233445566778899aabbccddeeff"
FIRST = SEGMENT - HEADER - TAG
NEXT = SEGMENT - TAG
SIZES = [
    0,
    1,
    1000,
    FIRST - 1,
    FIRST,
    FIRST + 1,
    FIRST + NEXT - 1,
    FIRST + NEXT,
    FIRST + NEXT + 1,
    3 * SEGMENT + 7,
]


def content(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def seal(plain: bytes, step: int = SEGMENT, key: bytes = KEY, name: bytes = NAME) -> bytes:
    sink = io.BytesIO()
    sealer = Sealer(sink, key, name)
    for start in range(0, len(plain), step):
        sealer.write(plain[start : start + step])
    sealer.close()
    return sink.getvalue()


def opened(sealed: bytes, key: bytes = KEY, name: bytes = NAME) -> SealedFile:
    return SealedFile(io.BytesIO(sealed), key, name, "blob 1")


def unseal(sealed: bytes, key: bytes = KEY, name: bytes = NAME) -> bytes:
    with opened(sealed, key, name) as file:
        return file.read()


@pytest.fixture(scope="module")
def reference() -> streaming_aead.StreamingAead:
    """Tink itself with our data key."""
    streaming_aead.register()
    template = streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB
    form = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKeyFormat.FromString(template.value)
    key = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKey(params=form.params, key_value=KEY)
    keyset = tink_pb2.Keyset(primary_key_id=1)
    entry = keyset.key.add(key_id=1, status=tink_pb2.ENABLED, output_prefix_type=tink_pb2.RAW)
    entry.key_data.type_url = template.type_url
    entry.key_data.value = key.SerializeToString()
    entry.key_data.key_material_type = tink_pb2.KeyData.SYMMETRIC
    handle = tink.proto_keyset_format.parse(keyset.SerializeToString(), secret_key_access.TOKEN)
    return handle.primitive(streaming_aead.StreamingAead)


class Kept(io.BytesIO):
    """Tink closes what it writes to; the bytes are wanted afterwards."""

    def close(self) -> None:
        pass


# ------------------------------------------------------------------ the format


@pytest.mark.parametrize("size", SIZES)
def test_tink_opens_what_we_seal(reference: streaming_aead.StreamingAead, size: int) -> None:
    sealed = seal(content(size))

    with reference.new_decrypting_stream(io.BytesIO(sealed), NAME) as stream:
        plain = stream.read()

    assert plain == content(size)


@pytest.mark.parametrize("size", SIZES)
def test_we_open_what_tink_seals(reference: streaming_aead.StreamingAead, size: int) -> None:
    sealed = Kept()

    with reference.new_encrypting_stream(sealed, NAME) as stream:
        stream.write(content(size))

    assert unseal(sealed.getvalue()) == content(size)


@pytest.mark.parametrize("size", SIZES)
def test_both_sizes_are_known_from_each_other(size: int) -> None:
    sealed = seal(content(size))

    assert len(sealed) == sealed_size(size)
    assert plain_size(len(sealed)) == size


@pytest.mark.parametrize("step", [1013, 65536, SEGMENT, FIRST, NEXT, 5 * SEGMENT])
def test_the_size_of_the_pieces_does_not_matter(step: int) -> None:
    plain = content(3 * SEGMENT + 7)

    assert unseal(seal(plain, step)) == plain


def test_no_two_files_are_sealed_alike() -> None:
    assert seal(b"same")[: HEADER + 4] != seal(b"same")[: HEADER + 4]


def test_a_sink_that_takes_little_at_a_time_gets_everything() -> None:
    class Slow(io.BytesIO):
        def write(self, data: memoryview) -> int:
            return super().write(data[:70_001])

    sink = Slow()
    sealer = Sealer(sink, KEY, NAME)
    sealer.write(content(2 * SEGMENT))
    sealer.close()

    assert unseal(sink.getvalue()) == content(2 * SEGMENT)


def test_a_source_that_gives_little_at_a_time_is_read_to_the_end() -> None:
    class Slow(io.BytesIO):
        def readinto(self, buffer: memoryview) -> int:
            return super().readinto(buffer[:70_001])

    with SealedFile(Slow(seal(content(2 * SEGMENT))), KEY, NAME) as file:
        assert file.read() == content(2 * SEGMENT)


def test_a_sealed_file_takes_no_more() -> None:
    sealer = Sealer(io.BytesIO(), KEY, NAME)
    sealer.close()

    with pytest.raises(ValueError):
        sealer.write(b"more")


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError):
        Sealer(io.BytesIO(), KEY[:16], NAME)


# ------------------------------------------------------------------ reading


def test_any_range_is_what_the_plain_bytes_have_there() -> None:
    plain = content(3 * SEGMENT + 7)
    chance = random.Random(1)

    with opened(seal(plain)) as file:
        for _ in range(300):
            start, length = chance.randrange(len(plain) + 10), chance.choice([0, 1, 100, 70_000, 2 * SEGMENT])
            file.seek(start)
            assert file.read(length) == plain[start : start + length]
            assert file.tell() == min(start + length, max(start, len(plain)))


@pytest.mark.parametrize("edge", [0, FIRST, FIRST + NEXT, 3 * SEGMENT])
def test_ranges_across_every_edge(edge: int) -> None:
    plain = content(3 * SEGMENT + 7)

    with opened(seal(plain)) as file:
        for start in range(max(0, edge - 2), edge + 3):
            for length in range(6):
                file.seek(start)
                assert file.read(length) == plain[start : start + length]


def test_seeking_from_the_end_and_from_here() -> None:
    with opened(seal(b"0123456789")) as file:
        assert file.seek(-3, os.SEEK_END) == 7
        assert file.read(1) == b"7"
        assert file.seek(-2, os.SEEK_CUR) == 6
        assert file.seek(99) == 99
        assert file.read() == b""


def test_there_is_nothing_before_the_start() -> None:
    with opened(seal(b"0123456789")) as file, pytest.raises(OSError, match="nothing before the start"):
        file.seek(-11, os.SEEK_END)


def test_lines_are_those_of_a_plain_file() -> None:
    plain = b"\n".join(content(1000 * n) for n in range(90)) + b"\nlast"

    with opened(seal(plain)) as file:
        assert list(file) == list(io.BytesIO(plain))


def test_a_line_may_be_limited() -> None:
    with opened(seal(b"0123\n456\n")) as file:
        assert [file.readline(3), file.readline(3), file.readline(0), file.readline(3)] == [
            b"012",
            b"3\n",
            b"",
            b"456",
        ]


def test_it_wraps_into_the_standard_readers() -> None:
    plain = "één\r\ntwee\r\n".encode() * 200_000

    with io.TextIOWrapper(io.BufferedReader(opened(seal(plain))), "utf-8", newline="") as text:
        assert text.read().encode() == plain


def test_a_short_read_fetches_one_segment_beside_the_last() -> None:
    class Counting(io.BytesIO):
        fetched = 0

        def readinto(self, buffer: memoryview) -> int:
            self.fetched += len(buffer)
            return super().readinto(buffer)

    source = Counting(seal(content(9 * SEGMENT)))
    with SealedFile(source, KEY, NAME) as file:
        before = source.fetched
        file.seek(4 * SEGMENT)
        file.read(10)
        file.read(10)

        assert source.fetched - before == SEGMENT


def test_a_descriptor_will_do_and_is_closed_with_it(tmp_path: Path) -> None:
    (tmp_path / "sealed").write_bytes(seal(b"plain"))
    descriptor = os.open(tmp_path / "sealed", os.O_RDONLY)

    with SealedFile(descriptor, KEY, NAME) as file:
        assert file.read() == b"plain"

    with pytest.raises(OSError):
        os.fstat(descriptor)


def test_it_has_no_descriptor_that_would_show_sealed_bytes() -> None:
    with opened(seal(b"plain")) as file, pytest.raises(io.UnsupportedOperation):
        file.fileno()


def test_a_closed_file_is_not_read() -> None:
    file = opened(seal(b"plain"))
    file.close()

    with pytest.raises(ValueError):
        file.read(1)


# ------------------------------------------------------------------ damage


def test_every_cut_is_noticed_before_a_byte_is_read() -> None:
    sealed = seal(content(FIRST + NEXT + 100))
    edges = [0, 1, HEADER, HEADER + TAG, SEGMENT, 2 * SEGMENT, len(sealed)]
    cuts = {edge + by for edge in edges for by in range(-20, 21)} & set(range(len(sealed)))

    for cut in sorted(cuts):
        with pytest.raises(Damaged):
            opened(sealed[:cut])


def test_a_cut_of_whole_segments_is_noticed() -> None:
    sealed = seal(content(4 * SEGMENT))

    for segments in range(1, 4):
        with pytest.raises(Damaged):
            opened(sealed[: segments * SEGMENT])


def test_added_bytes_are_noticed() -> None:
    for more in (1, TAG, TAG + 1, SEGMENT):
        with pytest.raises(Damaged):
            opened(seal(b"plain") + bytes(more))


def test_an_empty_file_is_not_an_empty_content() -> None:
    for sealed in (b"", seal(b"")[:HEADER], seal(b"")[:-1]):
        with pytest.raises(Damaged):
            opened(sealed)


def test_segments_cannot_change_places() -> None:
    sealed = seal(content(5 * SEGMENT))
    parts = [sealed[start : start + SEGMENT] for start in range(0, len(sealed), SEGMENT)]

    for one in range(5):
        for other in range(one):
            swapped = list(parts)
            swapped[one], swapped[other] = swapped[other], swapped[one]
            with pytest.raises(Damaged):
                unseal(b"".join(swapped))


def test_a_segment_cannot_be_left_out_or_repeated() -> None:
    sealed = seal(content(4 * SEGMENT))
    middle = sealed[SEGMENT : 2 * SEGMENT]

    for changed in (sealed[:SEGMENT] + sealed[2 * SEGMENT :], sealed[:SEGMENT] + middle + sealed[SEGMENT:]):
        with pytest.raises(Damaged):
            unseal(changed)


def test_a_segment_of_another_file_does_not_fit() -> None:
    one, other = seal(content(3 * SEGMENT)), seal(content(3 * SEGMENT))

    with pytest.raises(Damaged):
        unseal(one[:SEGMENT] + other[SEGMENT : 2 * SEGMENT] + one[2 * SEGMENT :])


def test_a_flipped_bit_is_noticed_wherever_it_is() -> None:
    sealed = seal(content(2 * SEGMENT + 100))
    edges = [HEADER, SEGMENT, 2 * SEGMENT, len(sealed)]
    regions = [
        *range(HEADER),
        5000,
        SEGMENT + 5000,
        *(edge - by for edge in edges for by in (TAG + 1, TAG, 1)),
    ]

    for place in regions:
        changed = bytearray(sealed)
        changed[place] ^= 1 << (place % 8)
        with pytest.raises(Damaged):
            unseal(bytes(changed))


def test_damage_in_one_segment_leaves_the_others_readable() -> None:
    sealed = bytearray(seal(content(3 * SEGMENT)))
    sealed[SEGMENT + 5] ^= 1

    with opened(bytes(sealed)) as file:
        assert file.read(1000) == content(3 * SEGMENT)[:1000]
        file.seek(FIRST)
        for _ in range(2):
            with pytest.raises(Damaged):
                file.read(1)
        file.seek(0)
        assert file.read(1000) == content(3 * SEGMENT)[:1000]


@pytest.mark.parametrize("size", [0, 10, 2 * SEGMENT])
def test_another_key_or_another_name_opens_nothing(size: int) -> None:
    sealed = seal(content(size))

    with pytest.raises(Damaged):
        opened(sealed, key=bytes(32))
    with pytest.raises(Damaged):
        opened(sealed, name=b"ff" * 16)


def test_damage_is_a_sentence_that_names_the_file() -> None:
    with pytest.raises(Damaged) as caught:
        opened(seal(b"plain"), key=bytes(32))

    assert caught.value.sentence == "The stored bytes of blob 1 are damaged."


def test_a_refused_file_is_closed() -> None:
    source = io.BytesIO(b"nothing sealed")

    with pytest.raises(Damaged):
        SealedFile(source, KEY, NAME)

    assert source.closed


# ------------------------------------------------------------------ inside the sandbox


def test_it_needs_no_django() -> None:
    code = "import sys, registry.crypto; print([m for m in sys.modules if m.split('.')[0] == 'django'])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
