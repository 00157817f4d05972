//! Where an object's bytes are: in blobs, or, where they are few, in the row itself.
//!
//! A file costs more than everything else that a small PUT does (docs/adr/0003-small-objects.md); a copy or a completed upload shares
//! segments either way.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use bytes::{Bytes, BytesMut};
use labrun_wire::AwsResult;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::gateway::body::Piece;
use crate::sandbox::Cx;
use crate::sandbox::blobs::{Kept, Writer};

/// Bodies up to this size stay in the row.
const INLINE: usize = 2048;

/// A run of bytes of an object.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Segment {
    Blob { id: String, length: u64 },
    Inline(Inline),
}

#[derive(Clone, Debug)]
pub(super) struct Inline(Bytes);

impl Serialize for Inline {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD_NO_PAD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Inline {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD_NO_PAD.decode(text).map(|bytes| Inline(bytes.into())).map_err(serde::de::Error::custom)
    }
}

impl Segment {
    pub(super) fn length(&self) -> u64 {
        match self {
            Segment::Blob { length, .. } => *length,
            Segment::Inline(Inline(bytes)) => bytes.len() as u64,
        }
    }

    /// A part of it.
    pub(super) fn piece(&self, start: u64, length: u64) -> Piece {
        match self {
            Segment::Blob { id, .. } => Piece::Blob { id: id.clone(), start, length },
            Segment::Inline(Inline(bytes)) => {
                let from = usize::try_from(start).unwrap_or_default().min(bytes.len());
                let to = usize::try_from(start + length).unwrap_or_default().min(bytes.len());
                Piece::Bytes(bytes.slice(from..to))
            }
        }
    }
}

/// Names of the blobs among segments.
pub(super) fn blobs(segments: &[Segment]) -> impl Iterator<Item = String> + '_ {
    segments.iter().filter_map(|segment| match segment {
        Segment::Blob { id, .. } => Some(id.clone()),
        Segment::Inline(_) => None,
    })
}

/// Bytes on their way into a segment: kept in memory until they are too many.
pub(super) struct Incoming {
    few: BytesMut,
    many: Option<Writer>,
}

/// A segment whose row is not committed yet; its blob, if it has one, is safe from sweeping while this is held.
pub(super) struct Held {
    segment: Segment,
    _blob: Option<Kept>,
}

impl Incoming {
    pub(super) fn new() -> Self {
        Incoming { few: BytesMut::new(), many: None }
    }

    pub(super) fn push(&mut self, cx: &Cx, bytes: &[u8]) -> AwsResult<()> {
        if let Some(blob) = &mut self.many {
            return blob.write(bytes);
        }
        if self.few.len() + bytes.len() <= INLINE {
            self.few.extend_from_slice(bytes);
            return Ok(());
        }
        let id = cx.read(|tx| Ok(tx.ids().hex(32)))?;
        let mut blob = cx.blobs().create(id)?;
        blob.write(&self.few)?;
        blob.write(bytes)?;
        self.many = Some(blob);
        Ok(())
    }

    pub(super) fn finish(self) -> Held {
        match self.many {
            Some(blob) => {
                let kept = blob.finish();
                Held { segment: Segment::Blob { id: kept.id.clone(), length: kept.length }, _blob: Some(kept) }
            }
            None => Held { segment: Segment::Inline(Inline(self.few.freeze())), _blob: None },
        }
    }
}

impl Held {
    pub(super) fn segments(&self) -> Vec<Segment> {
        vec![self.segment.clone()]
    }
}
