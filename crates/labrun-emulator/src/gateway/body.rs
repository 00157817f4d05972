//! Bodies on their way in ([`Upload`]) and out ([`Download`]): streams of bytes beside the value tree, in constant memory.

use std::collections::VecDeque;
use std::fs::File;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use labrun_wire::body::{Checker, Digests};
use labrun_wire::sign::{Payload, Verified};
use labrun_wire::{AwsError, AwsResult};
use tokio::sync::mpsc;

use crate::sandbox::blobs::{Blobs, read_exactly};

/// A body on its way in: plain content, checked as it passes.
pub(crate) struct Upload {
    source: Source,
    checker: Option<Checker>,
    ready: VecDeque<Bytes>,
    /// The client is sending: bytes have come, and their end has not.
    flowing: bool,
}

/// How much of a refused body is still read, so that its sender gets to the answer instead of a broken connection.
const DRAINED: usize = 8 * 1024 * 1024;

impl Drop for Upload {
    fn drop(&mut self) {
        let Source::Incoming(mut incoming) = std::mem::replace(&mut self.source, Source::Empty) else { return };
        // A body that was never asked for stays so: its sender may be waiting for the word to go on.
        if !self.flowing {
            return;
        }
        tokio::spawn(async move {
            let mut left = DRAINED;
            while let Some(Ok(frame)) = incoming.frame().await {
                left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
                if left == 0 {
                    return;
                }
            }
        });
    }
}

enum Source {
    Empty,
    Incoming(Incoming),
}

impl Upload {
    pub(crate) fn empty() -> Self {
        Upload { source: Source::Empty, checker: None, ready: VecDeque::new(), flowing: false }
    }

    /// What one service sends to another.
    pub(crate) fn of(content: Bytes) -> Self {
        let mut upload = Upload::empty();
        upload.ready.push_back(content);
        upload
    }

    /// A body from the network, to be what its headers say.
    pub(crate) fn checked(
        incoming: Incoming,
        headers: &HeaderMap,
        payload: &Payload,
        verified: Option<Verified>,
    ) -> AwsResult<Self> {
        let checker = Checker::new(headers, payload, verified)?;
        Ok(Upload { source: Source::Incoming(incoming), checker: Some(checker), ready: VecDeque::new(), flowing: false })
    }

    /// The next bytes of the content; none at its end.
    pub(crate) async fn next(&mut self) -> AwsResult<Option<Bytes>> {
        loop {
            if let Some(bytes) = self.ready.pop_front() {
                return Ok(Some(bytes));
            }
            let Source::Incoming(incoming) = &mut self.source else { return Ok(None) };
            let frame = incoming.frame().await;
            self.flowing = matches!(&frame, Some(Ok(_)));
            let Some(frame) = frame else { return Ok(None) };
            let frame = frame.map_err(|_| hung_up())?;
            let Ok(bytes) = frame.into_data() else { continue };
            match &mut self.checker {
                Some(checker) => self.ready.extend(checker.push(bytes)?),
                None => self.ready.push_back(bytes),
            }
        }
    }

    /// Says whether the whole content was as announced. Only then may a handler act on it.
    pub(crate) fn finish(mut self) -> AwsResult<Option<Digests>> {
        self.checker.take().map(Checker::finish).transpose()
    }

    /// The whole content, checked.
    pub(crate) async fn whole(mut self, limit: usize) -> AwsResult<Bytes> {
        let mut whole = BytesMut::new();
        while let Some(bytes) = self.next().await? {
            whole.extend_from_slice(&bytes);
            if whole.len() > limit {
                return Err(too_large());
            }
        }
        self.finish()?;
        Ok(whole.freeze())
    }
}

fn hung_up() -> AwsError {
    AwsError::new(
        "RequestTimeout",
        "Your socket connection to the server was not read from or written to within the timeout period.",
    )
    .status(400)
}

fn too_large() -> AwsError {
    AwsError::new("RequestEntityTooLargeException", "The request body is larger than labrun or AWS reads for this operation.")
        .status(413)
}

/// Reads an unchecked body whole.
pub(crate) async fn whole(incoming: Incoming, limit: usize) -> AwsResult<Bytes> {
    let upload = Upload { source: Source::Incoming(incoming), checker: None, ready: VecDeque::new(), flowing: false };
    upload.whole(limit).await
}

/// A run of bytes that is stored.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    Blob { id: String, start: u64, length: u64 },
    Bytes(Bytes),
}

impl Piece {
    fn length(&self) -> u64 {
        match self {
            Piece::Blob { length, .. } => *length,
            Piece::Bytes(bytes) => bytes.len() as u64,
        }
    }

    fn open(self, blobs: &Blobs) -> AwsResult<Open> {
        match self {
            Piece::Blob { id, start, length } => Ok(Open::File(blobs.open(&id, start)?, length)),
            Piece::Bytes(bytes) => Ok(Open::Bytes(bytes)),
        }
    }
}

enum Open {
    File(File, u64),
    Bytes(Bytes),
}

/// A body on its way out.
pub(crate) struct Download {
    pub(crate) length: u64,
    pub(crate) content: Content,
}

pub(crate) enum Content {
    Whole(Bytes),
    Stream(mpsc::Receiver<AwsResult<Bytes>>),
}

/// Bodies up to this size are read at once; longer ones stream in pieces of it.
const AT_ONCE: u64 = 256 * 1024;

impl Download {
    /// The bytes of these pieces, in order. Files are opened before the answer begins, so that a missing one is an error.
    pub(crate) fn of(blobs: &Arc<Blobs>, pieces: Vec<Piece>) -> AwsResult<Download> {
        let length = pieces.iter().map(Piece::length).sum();
        let opened = pieces.into_iter().map(|piece| piece.open(blobs)).collect::<AwsResult<Vec<_>>>()?;
        if length <= AT_ONCE {
            let mut whole = BytesMut::new();
            for piece in opened {
                match piece {
                    Open::File(mut file, length) => {
                        whole.extend_from_slice(&read_exactly(&mut file, usize::try_from(length).unwrap_or_default())?);
                    }
                    Open::Bytes(bytes) => whole.extend_from_slice(&bytes),
                }
            }
            return Ok(Download { length, content: Content::Whole(whole.freeze()) });
        }
        let (sender, receiver) = mpsc::channel(2);
        tokio::task::spawn_blocking(move || stream(opened, &sender));
        Ok(Download { length, content: Content::Stream(receiver) })
    }

    /// The next bytes; none at the end.
    pub(crate) async fn next(&mut self) -> AwsResult<Option<Bytes>> {
        match &mut self.content {
            Content::Whole(bytes) if bytes.is_empty() => Ok(None),
            Content::Whole(bytes) => Ok(Some(std::mem::take(bytes))),
            Content::Stream(receiver) => receiver.recv().await.transpose(),
        }
    }
}

fn stream(pieces: Vec<Open>, sender: &mpsc::Sender<AwsResult<Bytes>>) {
    for piece in pieces {
        let (mut file, mut left) = match piece {
            Open::File(file, length) => (file, length),
            Open::Bytes(bytes) => match sender.blocking_send(Ok(bytes)) {
                Ok(()) => continue,
                Err(_) => return,
            },
        };
        while left > 0 {
            let take = left.min(AT_ONCE);
            let read = read_exactly(&mut file, usize::try_from(take).unwrap_or_default()).map(Bytes::from);
            let failed = read.is_err();
            // A receiver that is gone has hung up.
            if sender.blocking_send(read).is_err() || failed {
                return;
            }
            left -= take;
        }
    }
}
