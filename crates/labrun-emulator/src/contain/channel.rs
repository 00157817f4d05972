//! Messages between emulator, supervisor and stage: a length, JSON, and file descriptors riding along.
//!
//! Orders go through a socket on fd 0 and not through arguments or environment, which other processes could read.

use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::contained::{Ended, Exit};
use super::launch::{Launch, Layer};

/// The first message to a process started as `__contain`; with it go the program's fd 0, 1 and 2.
#[derive(Serialize, Deserialize)]
pub(super) enum Order {
    /// Be the supervisor of this run.
    Supervise(Launch),
    /// Be the stage: give up all rights, then become (or start) the program.
    Stage(Launch),
    /// As `Stage`, but stop where the program would start: finds out what this machine can enforce.
    Try(Launch),
    /// As `Supervise`, for a `Try`.
    SuperviseTry(Launch),
}

/// What the emulator tells the supervisor of a running tree.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Command {
    StartClock(Duration),
    StopClock,
    Kill(String),
}

/// What the supervisor tells the emulator.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Report {
    /// The program runs; the listener rides along if there is one.
    Ready(Facts),
    Failed(Failure),
    Ended(Ended),
}

/// What the stage tells the supervisor.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Word {
    /// All rights are given up. In a process namespace `Started` follows, else the channel closes by exec.
    Restricted(Facts),
    Started,
    Failed(Failure),
    /// The program ended. Without a process namespace the supervisor sees that itself.
    Exited(Exit),
}

/// What was enforced, as seen by the process that did it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Facts {
    pub(super) uid: u32,
    /// The uid was dropped from root.
    pub(super) dropped: bool,
    pub(super) namespaces: bool,
    pub(super) root: bool,
    /// 0 where there is none.
    pub(super) landlock_abi: u8,
    /// Landlock holds the ports, because no namespace does.
    pub(super) ports: bool,
    pub(super) seccomp: bool,
    /// The number of processes is limited by the kernel, for this tree alone.
    pub(super) process_limit: bool,
}

/// What went wrong, and in which layer if it was one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Failure {
    pub(super) layer: Option<Layer>,
    pub(super) error: String,
}

/// Turns any error into a [`Failure`] that says what was tried.
pub(super) trait OrFail<T> {
    fn or_fail(self, layer: impl Into<Option<Layer>>, what: &str) -> Result<T, Failure>;
}

impl<T, E: std::fmt::Display> OrFail<T> for Result<T, E> {
    fn or_fail(self, layer: impl Into<Option<Layer>>, what: &str) -> Result<T, Failure> {
        self.map_err(|error| Failure { layer: layer.into(), error: format!("{what}: {error}") })
    }
}

/// More descriptors than this in one message are an error.
const MOST_FDS: usize = 4;
/// No message is larger; an environment and arguments are limited by the kernel to less.
const MOST_BYTES: usize = 16 << 20;

/// Sends one message.
pub(super) fn send<T: Serialize>(channel: &UnixStream, message: &T, fds: &[BorrowedFd<'_>]) -> io::Result<()> {
    let json = serde_json::to_vec(message)?;
    let length = u32::try_from(json.len()).map_err(io::Error::other)?.to_ne_bytes();
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_FDS))];
    let mut ancillary = SendAncillaryBuffer::new(&mut space);
    if !fds.is_empty() && !ancillary.push(SendAncillaryMessage::ScmRights(fds)) {
        return Err(io::Error::other("too many file descriptors in one message"));
    }
    // NOSIGNAL: a peer that went away is an error here, not a SIGPIPE.
    let sent = sendmsg(channel, &[IoSlice::new(&length)], &mut ancillary, SendFlags::NOSIGNAL)?;
    let mut channel = channel;
    channel.write_all(&length[sent..])?;
    channel.write_all(&json)
}

/// Receives one message and its descriptors; `None` when the other side has closed.
pub(super) fn receive<T: DeserializeOwned>(channel: &UnixStream) -> io::Result<Option<(T, Vec<OwnedFd>)>> {
    let mut length = [0; 4];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_FDS))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let got = recvmsg(channel, &mut [IoSliceMut::new(&mut length)], &mut ancillary, RecvFlags::CMSG_CLOEXEC);
    let got = match got {
        Ok(received) if received.bytes > 0 => received.bytes,
        Ok(_) | Err(rustix::io::Errno::CONNRESET) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let fds = ancillary.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(fds) => Some(fds),
        _ => None,
    });
    let fds = fds.flatten().collect();
    let mut channel = channel;
    channel.read_exact(&mut length[got..])?;
    let length = u32::from_ne_bytes(length) as usize;
    if length > MOST_BYTES {
        return Err(io::Error::other("message too long"));
    }
    let mut json = vec![0; length];
    channel.read_exact(&mut json)?;
    Ok(Some((serde_json::from_slice(&json)?, fds)))
}
