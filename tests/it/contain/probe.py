"""Tries to get out. Prints {"attempt": null when it was allowed, else the error} as JSON.

Standard library only. What to aim at comes as JSON in argv[1].
"""

import contextlib
import ctypes
import errno
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile

AIM = json.loads(sys.argv[1])
LIBC = ctypes.CDLL(None, use_errno=True)
ATTEMPTS = {}
X86 = os.uname().machine == "x86_64"


def attempt(function):
    ATTEMPTS[function.__name__] = function
    return function


def syscall(on_x86, on_arm, *arguments):
    number = on_x86 if X86 else on_arm
    arguments = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = LIBC.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


# Files.


@attempt
def list_home():
    os.listdir(AIM["home"])


@attempt
def list_real_home():
    os.listdir(AIM["real_home"])


@attempt
def read_shadow():
    open("/etc/shadow").read()


@attempt
def read_outside():
    open(AIM["secret"]).read()


@attempt
def read_through_proc_root():
    open("/proc/1/root" + AIM["secret"]).read()


@attempt
def stat_outside():
    os.stat(AIM["secret"])


@attempt
def see_former_root():
    os.stat("/.old")


@attempt
def write_outside():
    open(AIM["home"] + "/new", "w").close()


@attempt
def link_outside():
    os.link(AIM["secret"], AIM["folder"] + "/linked")


@attempt
def chmod_outside():
    os.chmod(AIM["secret"], 0o640)


@attempt
def times_outside():
    os.utime(AIM["secret"])


@attempt
def read_granted():
    open(AIM["granted"] + "/file").read()


@attempt
def write_granted():
    open(AIM["granted"] + "/file", "a").close()


@attempt
def chmod_granted():
    os.chmod(AIM["granted"] + "/file", 0o640)


@attempt
def write_usr():
    open("/usr/probe", "w").close()


@attempt
def write_folder():
    with open("here", "w") as file:
        file.write("x")
    os.mkdir("sub")
    os.rename("here", "sub/there")
    os.chmod("sub/there", 0o600)


@attempt
def write_temporary():
    with tempfile.TemporaryFile() as file:
        file.write(b"x")


@attempt
def write_tmp():
    open("/tmp/contain-probe", "w").close()
    os.remove("/tmp/contain-probe")


@attempt
def device_node():
    os.mknod("device", 0o600 | 0o020000, os.makedev(1, 3))


# Network.


def connect(family, address, kind=socket.SOCK_STREAM, protocol=0):
    with socket.socket(family, kind, protocol) as s:
        s.settimeout(5)
        s.connect(address)


@attempt
def tcp_emulator():
    connect(socket.AF_INET, ("127.0.0.1", AIM["emulator"]))


@attempt
def tcp_other():
    connect(socket.AF_INET, ("127.0.0.1", AIM["port"]))


@attempt
def tcp_other_mapped():
    connect(socket.AF_INET6, ("::ffff:127.0.0.1", AIM["port"]))


@attempt
def mptcp_other():
    connect(socket.AF_INET, ("127.0.0.1", AIM["port"]), protocol=262)


@attempt
def fast_open_other():
    # Without a time limit: with one, the socket does not block and the call ends before the connection is made.
    with socket.socket() as s:
        s.sendto(b"x", socket.MSG_FASTOPEN, ("127.0.0.1", AIM["port"]))


@attempt
def fast_open_by_sendmsg():
    with socket.socket() as s:
        s.sendmsg([b"x"], [], socket.MSG_FASTOPEN, ("127.0.0.1", AIM["port"]))


@attempt
def tcp_bind_foreign():
    with socket.socket() as s:
        s.bind(("127.0.0.1", AIM["free"]))


@attempt
def tcp_own():
    with socket.socket() as s:
        s.bind(("127.0.0.1", AIM["own"]))
        s.listen()
        connect(socket.AF_INET, s.getsockname())


@attempt
def udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(b"x", ("127.0.0.1", AIM["port"]))


@attempt
def udp_with_flags():
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK).close()


@attempt
def netlink():
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close()


@attempt
def vsock():
    socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM).close()


@attempt
def raw():
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()


@attempt
def packet():
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).close()


@attempt
def unix_path():
    connect(socket.AF_UNIX, AIM["unix"])


@attempt
def unix_abstract():
    connect(socket.AF_UNIX, b"\0" + AIM["abstract"].encode())


@attempt
def localhost_resolves():
    assert socket.gethostbyname("localhost") == "127.0.0.1"


@attempt
def socket_pair():
    one, other = socket.socketpair()
    one.send(b"x")
    other.recv(1)


# Processes.


@attempt
def signal_outside():
    os.kill(AIM["pid"], 0)


@attempt
def signal_outside_by_pidfd():
    syscall(424, 424, os.pidfd_open(AIM["pid"]), 0, 0, 0)


@attempt
def see_outside():
    assert str(AIM["pid"]) in os.listdir("/proc"), "not listed"
    os.stat(f"/proc/{AIM['pid']}/stat")


@attempt
def environ_outside():
    assert b"MARK=" in open(f"/proc/{AIM['pid']}/environ", "rb").read(), "another process"


@attempt
def memory_outside():
    open(f"/proc/{AIM['pid']}/mem", "rb").close()


@attempt
def trace_outside():
    syscall(101, 117, 0x4206, AIM["pid"], 0, 0)  # PTRACE_SEIZE
    syscall(101, 117, 17, AIM["pid"], 0, 0)  # PTRACE_DETACH


@attempt
def trace_self():
    child = os.fork()
    if child == 0:
        with contextlib.suppress(OSError):
            syscall(101, 117, 0, 0, 0, 0)  # PTRACE_TRACEME
            os._exit(0)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0, "refused"


@attempt
def read_memory_outside():
    buffer = ctypes.create_string_buffer(8)
    local = ctypes.create_string_buffer(struct.pack("PN", ctypes.addressof(buffer), 8))
    remote = ctypes.create_string_buffer(struct.pack("PN", 4096, 8))
    try:
        syscall(310, 270, AIM["pid"], local, 1, remote, 1, 0)
    except OSError as error:
        if error.errno != errno.EFAULT:  # Nothing is mapped there; the right to look was given.
            raise


@attempt
def environ_of_supervisor():
    open(f"/proc/{os.getppid()}/environ", "rb").read()


@attempt
def memory_of_supervisor():
    open(f"/proc/{os.getppid()}/mem", "rb").close()


@attempt
def shell():
    subprocess.run(["/bin/sh", "-c", "exit 0"], check=True)


@attempt
def threads():
    import threading

    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()


@attempt
def multiprocessing_lock():
    import multiprocessing

    with multiprocessing.Lock():
        pass


@attempt
def memory_file():
    os.close(os.memfd_create("x"))


# Kernel.


@attempt
def become_root():
    os.setuid(0)


@attempt
def raise_limit():
    import resource

    resource.setrlimit(resource.RLIMIT_NOFILE, (1 << 16, 1 << 16))


@attempt
def spare_from_oom():
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("-1")


@attempt
def mount():
    syscall(165, 40, ctypes.c_char_p(b"x"), ctypes.c_char_p(b"."), ctypes.c_char_p(b"tmpfs"), 0, 0)


def in_child(function):
    child = os.fork()
    if child == 0:
        code = 1
        with contextlib.suppress(OSError):
            function()
            code = 0
        os._exit(code)
    assert os.waitpid(child, 0)[1] == 0, "refused"


@attempt
def new_user_namespace():
    in_child(lambda: syscall(272, 97, 0x10000000))


@attempt
def clone_user_namespace():
    def clone():
        if syscall(56, 220, 0x10000000 | 17, 0, 0, 0, 0) == 0:
            os._exit(0)
        os.wait()

    in_child(clone)


@attempt
def clone3_user_namespace():
    def clone():
        arguments = struct.pack("8Q", 0x10000000, 0, 0, 0, 17, 0, 0, 0)
        if syscall(435, 435, ctypes.c_char_p(arguments), 64) == 0:
            os._exit(0)
        os.wait()

    in_child(clone)


@attempt
def io_uring():
    os.close(syscall(425, 425, 1, ctypes.create_string_buffer(120)))


@attempt
def keyring():
    syscall(250, 219, 0, -3, 1, 0, 0)  # KEYCTL_GET_KEYRING_ID of the session


@attempt
def shared_memory():
    identifier = syscall(29, 194, 0, 4096, 0o1600)
    syscall(31, 195, identifier, 0, 0)


@attempt
def user_fault():
    os.close(syscall(323, 282, 1))  # UFFD_USER_MODE_ONLY


@attempt
def performance_events():
    event = ctypes.create_string_buffer(struct.pack("IIQ", 1, 120, 0) + bytes(24) + struct.pack("Q", 0x61) + bytes(72))
    os.close(syscall(298, 241, event, 0, -1, -1, 0))


@attempt
def kernel_log():
    syscall(103, 116, 3, ctypes.create_string_buffer(64), 64)


@attempt
def file_handles():
    syscall(304, 265, -100, ctypes.create_string_buffer(struct.pack("Ii", 8, 1) + bytes(8)), 0)


@attempt
def x32_calls():
    assert X86, "not here"
    syscall(0x40000000 | 39, 0)  # getpid


def outcome(function):
    try:
        function()
    except Exception as error:  # noqa: BLE001 - whatever refuses
        return f"{type(error).__name__}: {error}"
    return None


print(json.dumps({name: outcome(function) for name, function in ATTEMPTS.items()}), flush=True)
