//! The system calls that learner code does without: those that get around the other layers, or reach for the kernel.
//!
//! Refused calls fail with `EPERM`, which libraries treat as "not here". Everything else stays allowed.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch,
    apply_filter, sock_filter,
};

use super::launch::Network;

type Built<T> = Result<T, seccompiler::BackendError>;

/// Restricts this process and all its children from now on.
pub(super) fn restrict(network: &Network) -> Result<(), seccompiler::Error> {
    for program in programs(network)? {
        apply_filter(&program)?;
    }
    Ok(())
}

/// Two filters: one refuses, the other pretends that `clone3` is not there, whose flags no filter can read; the C library
/// then uses `clone`, whose flags the first one reads.
pub(super) fn programs(network: &Network) -> Built<[BpfProgram; 2]> {
    let refuse = |rules, errno: i32| -> Built<BpfProgram> {
        let arch = TargetArch::try_from(std::env::consts::ARCH)?;
        SeccompFilter::new(rules, SeccompAction::Allow, SeccompAction::Errno(errno.unsigned_abs()), arch)?.try_into()
    };
    let mut refused = BTreeMap::from_iter(REFUSED.iter().map(|call| (*call, Vec::new())));
    refused.extend(rules(network)?);
    let refused = refuse(refused, libc::EPERM)?;
    let absent = refuse(BTreeMap::from([(libc::SYS_clone3, Vec::new())]), libc::ENOSYS)?;
    Ok([without_x32(refused), absent])
}

/// Refused whatever their arguments.
const REFUSED: &[i64] = &[
    // Other processes.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
    // Mounts, roots and namespaces.
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_open_by_handle_at,
    // Large parts of the kernel that no lab needs.
    libc::SYS_bpf,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_fanotify_init,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
    // Shared with other runs where there is no IPC namespace, and outliving this one.
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_shmctl,
    libc::SYS_semget,
    libc::SYS_semop,
    libc::SYS_semtimedop,
    libc::SYS_semctl,
    libc::SYS_msgget,
    libc::SYS_msgsnd,
    libc::SYS_msgrcv,
    libc::SYS_msgctl,
    libc::SYS_mq_open,
    libc::SYS_mq_unlink,
    // The machine itself.
    libc::SYS_kexec_load,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_acct,
    libc::SYS_quotactl,
    libc::SYS_syslog,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_clock_adjtime,
    libc::SYS_adjtimex,
    libc::SYS_vhangup,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_iopl,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_ioperm,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_modify_ldt,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_kexec_file_load,
];

/// Refused for some arguments only.
fn rules(network: &Network) -> Built<BTreeMap<i64, Vec<SeccompRule>>> {
    let fast_open = |argument| -> Built<Vec<SeccompRule>> { Ok(vec![rule(&[has_bit(argument, MSG_FASTOPEN)?])?]) };
    Ok(BTreeMap::from([
        (libc::SYS_socket, sockets(network)?),
        // A connection that begins with a datagram's call passes by Landlock's rules for ports.
        (libc::SYS_sendto, fast_open(3)?),
        (libc::SYS_sendmsg, fast_open(2)?),
        (libc::SYS_sendmmsg, fast_open(3)?),
        (libc::SYS_clone, new_namespaces()?),
        // Typing into somebody's terminal.
        (libc::SYS_ioctl, vec![rule(&[is(1, TIOCSTI)?])?, rule(&[is(1, TIOCLINUX)?])?]),
    ]))
}

const MSG_FASTOPEN: u64 = 0x2000_0000;
const TIOCSTI: u64 = 0x5412;
const TIOCLINUX: u64 = 0x541c;

/// Only plain TCP: no UDP, netlink, raw or Unix socket by name, and no MPTCP, which Landlock's rules for ports do not see.
/// `socketpair` is another call and stays allowed. An empty list refuses every socket.
fn sockets(network: &Network) -> Built<Vec<SeccompRule>> {
    if *network == Network::None {
        return Ok(Vec::new());
    }
    let (inet, inet6, stream, tcp) = (libc::AF_INET, libc::AF_INET6, libc::SOCK_STREAM, libc::IPPROTO_TCP);
    let mut rules = vec![rule(&[is_not(0, inet)?, is_not(0, inet6)?])?, rule(&[is_not(2, 0)?, is_not(2, tcp)?])?];
    // The type's upper bits are flags, and there is no "masked and different": so each other type by itself.
    for other in (0..=0xf).filter(|kind| *kind != i64::from(stream).unsigned_abs()) {
        rules.push(rule(&[condition(1, SeccompCmpOp::MaskedEq(0xf), other)?])?);
    }
    Ok(rules)
}

fn new_namespaces() -> Built<Vec<SeccompRule>> {
    let flags = [
        libc::CLONE_NEWUSER,
        libc::CLONE_NEWNS,
        libc::CLONE_NEWNET,
        libc::CLONE_NEWPID,
        libc::CLONE_NEWIPC,
        libc::CLONE_NEWUTS,
        libc::CLONE_NEWCGROUP,
    ];
    flags.into_iter().map(|flag| rule(&[has_bit(0, i64::from(flag).unsigned_abs())?])).collect()
}

fn rule(conditions: &[SeccompCondition]) -> Built<SeccompRule> {
    SeccompRule::new(conditions.to_vec())
}

fn is(argument: u8, value: u64) -> Built<SeccompCondition> {
    condition(argument, SeccompCmpOp::Eq, value)
}

fn is_not(argument: u8, value: i32) -> Built<SeccompCondition> {
    condition(argument, SeccompCmpOp::Ne, i64::from(value).unsigned_abs())
}

fn has_bit(argument: u8, bit: u64) -> Built<SeccompCondition> {
    condition(argument, SeccompCmpOp::MaskedEq(bit), bit)
}

fn condition(argument: u8, operator: SeccompCmpOp, value: u64) -> Built<SeccompCondition> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value)
}

/// x86-64 kernels may offer every call a second time, under a number with this bit set: all of those are absent here.
#[cfg(target_arch = "x86_64")]
fn without_x32(program: BpfProgram) -> BpfProgram {
    const X32: u32 = 0x4000_0000;
    const RET_ERRNO: u32 = 0x0005_0000;
    // Classic BPF (<linux/bpf_common.h>): load a word, jump if at least, return a constant.
    let instruction = |code, jf, k| sock_filter { code, jt: 0, jf, k };
    let load_number = instruction(0x20, 0, 0);
    let if_x32 = instruction(0x35, 1, X32);
    let absent = instruction(0x06, 0, RET_ERRNO | libc::ENOSYS.unsigned_abs());
    [load_number, if_x32, absent].into_iter().chain(program).collect()
}

#[cfg(not(target_arch = "x86_64"))]
fn without_x32(program: BpfProgram) -> BpfProgram {
    program
}
