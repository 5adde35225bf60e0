"""Takes from a process what no parser needs: network, other programs, writing files. On Linux; elsewhere nothing.

A parser that a hostile file has taken over can then still read files and compute until its time is up, no more. The
kernel checks each system call against a filter (seccomp) that the process gives itself and cannot take off again.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys
from collections.abc import Iterator

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER_MODE = 38, 22, 2  # <linux/prctl.h>, <linux/seccomp.h>
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # <linux/bpf_common.h>
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM
_NUMBER_AT, _MACHINE_AT, _ARGUMENTS_AT, _ARGUMENT = 0, 4, 16, 8  # struct seccomp_data
_OTHER_TABLE = 0x40000000  # system calls of the x32 table, which would go round the filter
_WRITING = 0o103  # O_WRONLY, O_RDWR, O_CREAT

#: By machine: its code for the filter; refused calls; calls that open files and where their flags stand.
_TABLES: dict[str, tuple[int, tuple[int, ...], tuple[tuple[int, int], ...]]] = {
    "x86_64": (
        0xC000003E,
        (
            *(41, 42, 44, 46, 49, 50, 53),  # socket connect sendto sendmsg bind listen socketpair
            *(56, 57, 58, 59, 322, 435),  # clone fork vfork execve execveat clone3: also no thread is needed
            *(62, 101, 434, 310, 311),  # kill ptrace pidfd_open process_vm_readv process_vm_writev
            *(76, 82, 83, 84, 85, 86, 87, 88, 90, 91, 92),  # truncate rename mkdir … symlink chmod fchmod chown
            *(258, 260, 263, 264, 265, 266, 268, 316),  # mkdirat fchownat unlinkat renameat … fchmodat renameat2
            *(
                165,
                175,
                313,
                321,
                323,
                298,
                425,
                319,
                437,
            ),  # mount modules bpf userfaultfd perf io_uring memfd openat2
        ),
        ((2, 1), (257, 2)),
    ),
    "aarch64": (
        0xC00000B7,
        (
            *(198, 199, 200, 201, 203, 206, 211),
            *(220, 221, 281, 435),
            *(129, 117, 434, 270, 271),
            *(34, 35, 36, 37, 38, 45, 52, 53, 54, 55, 276),
            *(40, 105, 273, 280, 282, 241, 425, 279, 437),
        ),
        ((56, 2),),
    ),
}


def confine() -> bool:
    """Give up network, programs and writing for the rest of this process; say whether the system did it."""
    table = _TABLES.get(platform.machine())
    if not sys.platform.startswith("linux") or table is None:
        return False
    instructions = b"".join(_filter(*table))
    program = ctypes.create_string_buffer(instructions, len(instructions))
    length = len(instructions) // 8
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", length, ctypes.addressof(program)))
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(library.prctl(_SET_SECCOMP, _FILTER_MODE, header, 0, 0) == 0)


def _filter(machine: int, refused: tuple[int, ...], opening: tuple[tuple[int, int], ...]) -> Iterator[bytes]:
    """Yield the instructions of the filter; a jump counts the instructions it passes over."""
    yield _instruction(_LOAD, _MACHINE_AT)
    yield _instruction(_EQUAL, machine, yes=1)
    yield _instruction(_RETURN, _KILL)
    yield _instruction(_LOAD, _NUMBER_AT)
    yield _instruction(_AT_LEAST, _OTHER_TABLE, no=1)
    yield _instruction(_RETURN, _REFUSE)
    for number in refused:
        yield _instruction(_EQUAL, number, no=1)
        yield _instruction(_RETURN, _REFUSE)
    for number, position in opening:
        yield _instruction(_EQUAL, number, no=4)
        yield _instruction(_LOAD, _ARGUMENTS_AT + _ARGUMENT * position)
        yield _instruction(_ANY_BIT, _WRITING, no=1)
        yield _instruction(_RETURN, _REFUSE)
        yield _instruction(_RETURN, _ALLOW)
    yield _instruction(_RETURN, _ALLOW)


def _instruction(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, no, value)
