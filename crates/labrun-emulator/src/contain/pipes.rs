//! stdout and stderr of a tree, as the emulator reads them: counted, and cut off at the output limit.

use std::os::fd::OwnedFd;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::unix::pipe;

use super::contained::Killer;
use super::words;

/// The bytes that a tree may still write; both streams draw from it.
pub(super) struct Budget {
    limit: u64,
    left: AtomicU64,
    killer: Killer,
}

impl Budget {
    pub(super) fn new(limit: u64, killer: Killer) -> Arc<Self> {
        Arc::new(Budget { limit, left: AtomicU64::new(limit), killer })
    }

    pub(super) fn refill(&self) {
        self.left.store(self.limit, Ordering::Relaxed);
    }

    /// Takes up to `wanted` bytes; kills the tree when they are not all there.
    fn take(&self, wanted: u64) -> u64 {
        let before = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| Some(left.saturating_sub(wanted)));
        let taken = wanted.min(before.unwrap_or(0));
        if taken < wanted {
            self.killer.kill(&words::stopped(&format!("wrote more than {} of output", words::size(self.limit))));
        }
        taken
    }
}

/// One output stream of a tree. Ends early when the output limit is passed, and the tree is then stopped.
pub struct Output {
    pipe: pipe::Receiver,
    budget: Arc<Budget>,
    cut: bool,
}

impl Output {
    pub(super) fn new(pipe: OwnedFd, budget: Arc<Budget>) -> std::io::Result<Self> {
        Ok(Output { pipe: pipe::Receiver::from_owned_fd(pipe)?, budget, cut: false })
    }
}

impl AsyncRead for Output {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        if self.cut {
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.pipe).poll_read(cx, buf))?;
        let wanted = buf.filled().len() - before;
        let taken = usize::try_from(self.budget.take(wanted as u64)).unwrap_or(wanted);
        if taken < wanted {
            self.cut = true;
            buf.set_filled(before + taken);
        }
        Poll::Ready(Ok(()))
    }
}
