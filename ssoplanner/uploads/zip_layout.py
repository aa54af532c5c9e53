"""The zip container of an Office file, read by hand and strictly.

Zip readers differ in what they believe: the directory at the end, the header before each member, or what comes first.
A file that means two things to two readers passes any check that only one of them makes. So every byte must have one
meaning here: members lie one after another from the first byte, the directory follows, then the end record, then
nothing, and both descriptions of a member agree. Sizes are believed only once the data is unpacked and counted.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ssoplanner.uploads.limits import (
    CHUNK_BYTES,
    MAX_PARTS,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    RATIO_FREE_BYTES,
)
from ssoplanner.uploads.refusal import UploadRefused, damaged

LOCAL_HEADER, LOCAL_MAGIC = struct.Struct("<4s5H3I2H"), b"PK\x03\x04"
CENTRAL_HEADER, CENTRAL_MAGIC = struct.Struct("<4s6H3I5H2I"), b"PK\x01\x02"
END_RECORD, END_MAGIC = struct.Struct("<4s4H2IH"), b"PK\x05\x06"
END64_RECORD, END64_MAGIC = struct.Struct("<4sQ2H2I4Q"), b"PK\x06\x06"
END64_LOCATOR, END64_LOCATOR_MAGIC = struct.Struct("<4sIQI"), b"PK\x06\x07"
DESCRIPTOR_MAGIC = b"PK\x07\x08"

STORED, DEFLATED = 0, 8
FLAG_ENCRYPTED, FLAG_DESCRIPTOR, FLAG_UTF8 = 0x0001, 0x0008, 0x0800
FLAGS_OF_ENCRYPTION = FLAG_ENCRYPTED | 0x0040 | 0x2000
FLAGS_KNOWN = FLAG_DESCRIPTOR | FLAG_UTF8 | 0x0006  # 0x0006: the level of compression, without meaning for readers
FLAGS_THAT_MUST_AGREE = FLAG_DESCRIPTOR | FLAG_UTF8
EXTRA_ZIP64, EXTRA_UNICODE_PATH = 0x0001, 0x7075
IN_EXTRA_16, IN_EXTRA_32 = 0xFFFF, 0xFFFFFFFF


@dataclass(frozen=True)
class Member:
    """One packed part: where its data lies and what the directory claims about it. Sizes in bytes."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    unpacked: int
    header_at: int
    data_at: int

    @property
    def data_end(self) -> int:
        return self.data_at + self.packed


@dataclass(frozen=True)
class _Directory:
    start: int
    end: int
    count: int


def read_layout(content: bytes) -> list[Member]:
    """The members in the order of the directory. Raises UploadRefused unless every byte of the file has one meaning."""
    try:
        directory = _find_directory(content)
        members = _read_directory(content, directory)
    except struct.error as error:
        raise damaged("it ends in the middle of its list of contents") from error
    _check_no_gaps(content, members, directory)
    return members


def unpack(content: bytes, member: Member, spent: int) -> Iterator[bytes]:
    """The member's data in chunks. `spent` is how many bytes earlier members gave.

    Raises UploadRefused as soon as a limit is passed, and at the end if size or checksum differ from the claim.
    """
    total, crc = 0, 0
    for chunk in _inflate(content, member):
        total += len(chunk)
        crc = zlib.crc32(chunk, crc)
        _check_growth(total, member, spent)
        yield chunk
    if total != member.unpacked:
        raise damaged(f"the part “{member.name}” holds {total} bytes but claims {member.unpacked}")
    if crc != member.crc:
        raise damaged(f"the checksum of the part “{member.name}” is wrong")


def _inflate(content: bytes, member: Member) -> Iterator[bytes]:
    data = memoryview(content)[member.data_at : member.data_end]
    if member.method == STORED:
        yield from (bytes(data[at : at + CHUNK_BYTES]) for at in range(0, len(data), CHUNK_BYTES))
        return
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for at in range(0, len(data), CHUNK_BYTES):
            pending: bytes | memoryview = data[at : at + CHUNK_BYTES]
            while pending and not stream.eof:
                if chunk := stream.decompress(pending, CHUNK_BYTES):
                    yield chunk
                pending = stream.unconsumed_tail
            if stream.eof and (stream.unused_data or at + CHUNK_BYTES < len(data)):
                raise damaged(f"more data hides behind the part “{member.name}”")
        while not stream.eof and (chunk := stream.decompress(b"", CHUNK_BYTES)):
            yield chunk
    except zlib.error as error:
        raise damaged(f"the part “{member.name}” cannot be unpacked") from error
    if not stream.eof:
        raise damaged(f"the part “{member.name}” breaks off")


def _check_growth(total: int, member: Member, spent: int) -> None:
    if total > member.unpacked:
        raise damaged(f"the part “{member.name}” unpacks to more than the {member.unpacked} bytes that it claims")
    if spent + total > MAX_UNPACKED_BYTES:
        raise _too_much_data()
    if total > RATIO_FREE_BYTES and total > MAX_RATIO * member.packed:
        raise _too_much_data()


def _too_much_data() -> UploadRefused:
    return UploadRefused(
        "The file unpacks to far more data than its size suggests.",
        "Delete what is not needed, save it as a new file and upload that one.",
    )


def _find_directory(content: bytes) -> _Directory:
    at = _find_end_record(content)
    _, disk, first_disk, here, count, size, start, _ = END_RECORD.unpack_from(content, at)
    end = at
    locator_at = at - END64_LOCATOR.size
    if locator_at >= 0 and content.startswith(END64_LOCATOR_MAGIC, locator_at):
        end, wide = _read_end64(content, locator_at)
        _check_same_end((disk, first_disk, here, count), (size, start), wide)
        disk, first_disk, here, count, size, start = wide
    if disk or first_disk or here != count:
        raise damaged("it is only one piece of a larger archive")
    if start + size != end:
        raise damaged("its list of contents is not where it should be")
    if count > MAX_PARTS:
        raise UploadRefused(
            f"The file consists of {count:,} parts; at most {MAX_PARTS:,} are accepted.",
            "Remove what is not needed, save it as a new file and upload that one.",
        )
    return _Directory(start, end, count)


def _find_end_record(content: bytes) -> int:
    """Where the end record begins. It must be the only one, and its comment must be the end of the file."""
    tail = max(0, len(content) - END_RECORD.size - 0xFFFF)
    at = content.rfind(END_MAGIC, tail)
    if at < 0 or at + END_RECORD.size > len(content):
        if content.find(END_MAGIC) >= 0:
            raise damaged("other data follows behind its end")
        raise damaged("its end is missing, so the upload or an earlier download probably broke off")
    comment = END_RECORD.unpack_from(content, at)[-1]
    if at + END_RECORD.size + comment != len(content):
        raise damaged("other data follows behind its end")
    return at


def _read_end64(content: bytes, locator_at: int) -> tuple[int, tuple[int, int, int, int, int, int]]:
    """Where the end record for big archives begins, which some writers always add, and what it says."""
    _, _, record_at, disks = END64_LOCATOR.unpack_from(content, locator_at)
    if record_at + END64_RECORD.size > locator_at or disks > 1:
        raise damaged("its list of contents is not where it should be")
    magic, length, _, _, disk, first_disk, here, count, size, start = END64_RECORD.unpack_from(content, record_at)
    if magic != END64_MAGIC or record_at + 12 + length != locator_at:
        raise damaged("its list of contents is not where it should be")
    return record_at, (disk, first_disk, here, count, size, start)


def _check_same_end(narrow: tuple[int, ...], offsets: tuple[int, ...], wide: tuple[int, ...]) -> None:
    """Both end records must say the same, unless the short one points to the long one."""
    same = all(short in (IN_EXTRA_16, full) for short, full in zip(narrow, wide[:4], strict=True))
    if not same or not all(short in (IN_EXTRA_32, full) for short, full in zip(offsets, wide[4:], strict=True)):
        raise damaged("its contents are listed in two different ways")


def _read_directory(content: bytes, directory: _Directory) -> list[Member]:
    members = []
    at = directory.start
    for _ in range(directory.count):
        fields = CENTRAL_HEADER.unpack_from(content, at)
        name_length, extra_length, comment_length = fields[10:13]
        names_at = at + CENTRAL_HEADER.size
        at = names_at + name_length + extra_length + comment_length
        if fields[0] != CENTRAL_MAGIC or at > directory.end:
            raise damaged("its list of contents is garbled")
        raw_name = content[names_at : names_at + name_length]
        extra = content[names_at + name_length : names_at + name_length + extra_length]
        members.append(_read_member(content, fields, raw_name, extra))
    if at != directory.end:
        raise damaged("its list of contents holds more than it says")
    return members


def _read_member(content: bytes, fields: tuple[Any, ...], raw_name: bytes, extra: bytes) -> Member:
    _, _, _, flags, method, _, _, crc, packed, unpacked, _, _, _, disk, _, _, header_at = fields
    name = _read_name(raw_name, flags)
    unpacked, packed, header_at = _sizes(extra, unpacked, packed, header_at)
    _check_packing(name, flags, method, disk)
    if unpacked > MAX_UNPACKED_BYTES:
        raise _too_much_data()
    if method == STORED and packed != unpacked:
        raise damaged(f"the part “{name}” gives two different sizes")
    local = LOCAL_HEADER.unpack_from(content, header_at) if header_at + LOCAL_HEADER.size <= len(content) else None
    if local is None or local[0] != LOCAL_MAGIC:
        raise damaged(f"the part “{name}” is missing")
    names_at = header_at + LOCAL_HEADER.size
    data_at = names_at + local[9] + local[10]
    member = Member(name, flags, method, crc, packed, unpacked, header_at, data_at)
    local_name = content[names_at : names_at + local[9]]
    local_extra = content[names_at + local[9] : data_at]
    if local_name != raw_name or not _local_header_agrees(member, local, local_extra):
        raise damaged(f"the part “{name}” is described in two different ways")
    return member


def _read_name(raw: bytes, flags: int) -> str:
    try:
        return raw.decode("utf-8" if flags & FLAG_UTF8 else "ascii")
    except UnicodeDecodeError as error:
        raise damaged("the name of a part is not readable") from error


def _check_packing(name: str, flags: int, method: int, disk: int) -> None:
    if flags & FLAGS_OF_ENCRYPTION:
        raise UploadRefused("The file is encrypted.", "Save it without a password and upload it again.")
    if method not in (STORED, DEFLATED) or flags & ~FLAGS_KNOWN or disk:
        raise damaged(f"the part “{name}” is packed in a way that Office programs do not use")


def _local_header_agrees(member: Member, local: tuple[Any, ...], extra: bytes) -> bool:
    _, _, flags, method, _, _, crc, packed, unpacked, _, _ = local
    if method != member.method or (flags ^ member.flags) & (FLAGS_THAT_MUST_AGREE | FLAGS_OF_ENCRYPTION):
        return False
    unpacked, packed, _ = _sizes(extra, unpacked, packed, 0)
    claimed = (crc, packed, unpacked)
    # With a descriptor behind the data, the header may leave the figures at zero.
    return claimed == (member.crc, member.packed, member.unpacked) or (
        bool(flags & FLAG_DESCRIPTOR) and not any(claimed)
    )


def _sizes(extra: bytes, unpacked: int, packed: int, offset: int) -> tuple[int, int, int]:
    """The sizes and the offset, taken from the 64-bit extra field where the header points there."""
    fields = _extra_fields(extra)
    if EXTRA_UNICODE_PATH in fields:  # a second name, which only some readers believe
        raise damaged("a part has two names")
    wide = fields.get(EXTRA_ZIP64, b"")
    values = [unpacked, packed, offset]
    for index, value in enumerate(values):
        if value == IN_EXTRA_32:
            values[index] = int.from_bytes(wide[:8], "little")
            if len(wide) < 8:
                raise damaged("its list of contents is garbled")
            wide = wide[8:]
    return values[0], values[1], values[2]


def _extra_fields(extra: bytes) -> dict[int, bytes]:
    fields: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<HH", extra, at)
        if tag in fields and tag == EXTRA_ZIP64:
            raise damaged("its list of contents is garbled")
        fields[tag] = extra[at + 4 : at + 4 + length]
        at += 4 + length
    return fields


def _check_no_gaps(content: bytes, members: list[Member], directory: _Directory) -> None:
    """Members fill the file from its first byte to the directory: nothing overlaps, nothing hides between them."""
    in_order = sorted(members, key=lambda member: member.header_at)
    if not in_order or in_order[0].header_at != 0:
        raise damaged("other data stands in front of its contents")
    ends = [member.header_at for member in in_order[1:]] + [directory.start]
    for member, end in zip(in_order, ends, strict=True):
        if member.data_end > end:
            raise damaged(f"the part “{member.name}” overlaps another one")
        behind = content[member.data_end : end]
        if behind and behind not in _descriptors(member):
            raise damaged(f"unlisted data lies behind the part “{member.name}”")


def _descriptors(member: Member) -> tuple[bytes, ...]:
    """The figures that may be repeated behind the data, in the four spellings that writers use."""
    if not member.flags & FLAG_DESCRIPTOR:
        return ()
    wide = struct.pack("<IQQ", member.crc, member.packed, member.unpacked)
    narrow = struct.pack("<III", member.crc, member.packed, member.unpacked)
    return (narrow, DESCRIPTOR_MAGIC + narrow, wide, DESCRIPTOR_MAGIC + wide)
