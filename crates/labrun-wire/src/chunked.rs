//! `aws-chunked` bodies, unpacked as they stream: signed or not, with trailing headers or without.
//!
//! Source: S3 API Reference, "Signature calculations for the authorization header: Transferring payload in multiple chunks", and
//! "… including trailing headers". Nothing is held back but the line that is being read: a chunk may be as big as the body.

use bytes::{Buf, Bytes, BytesMut};
use sha2::{Digest, Sha256};

use crate::checksum::{hex, sha256_hex};
use crate::sign::{Verified, same};

/// A chunk's head line, or a trailing header, is never longer.
const MAX_LINE: usize = 8 * 1024;

/// What is wrong with the framing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("the chunk framing can't be read: {0}")]
    Malformed(&'static str),
    #[error("a chunk or the trailer is signed otherwise")]
    Signature,
    #[error("the body ends before its last chunk")]
    Incomplete,
}

/// Unpacks one body.
pub struct Decoder {
    signer: Option<Verified>,
    trailer: bool,
    line: BytesMut,
    state: State,
    hash: Sha256,
    /// Signature that the current chunk's head claims.
    claimed: String,
    trailer_held: bool,
    trailers: Vec<(String, String)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Head,
    Data {
        left: u64,
    },
    /// The line end after a chunk's bytes.
    DataEnd,
    Trailer,
    Done,
}

impl Decoder {
    /// `signer`: the verified head of the request, if the chunks are signed. `trailer`: whether headers follow the last chunk.
    pub fn new(signer: Option<Verified>, trailer: bool) -> Self {
        Decoder {
            signer,
            trailer,
            line: BytesMut::new(),
            state: State::Head,
            hash: Sha256::new(),
            claimed: String::new(),
            trailer_held: false,
            trailers: Vec::new(),
        }
    }

    /// Takes the next bytes of the body and gives what they hold of the content.
    pub fn push(&mut self, mut input: Bytes) -> Result<Vec<Bytes>, Fault> {
        let mut content = Vec::new();
        while !input.is_empty() {
            match self.state {
                State::Done => return Err(Fault::Malformed("bytes after the end")),
                State::Data { left } => {
                    let take = usize::try_from(left).unwrap_or(usize::MAX).min(input.len());
                    let part = input.split_to(take);
                    if self.signer.is_some() {
                        self.hash.update(&part);
                    }
                    content.push(part);
                    let left = left - take as u64;
                    self.state = if left == 0 { State::DataEnd } else { State::Data { left } };
                    if left == 0 {
                        self.check_chunk()?;
                    }
                }
                State::Head | State::DataEnd | State::Trailer => {
                    if let Some(line) = self.take_line(&mut input)? {
                        self.take(&line)?;
                    }
                }
            }
        }
        Ok(content)
    }

    /// The trailing headers, once the whole body is through.
    pub fn finish(self) -> Result<Vec<(String, String)>, Fault> {
        // Some clients leave out the last empty line after the trailer.
        let ended = self.state == State::Done || (self.state == State::Trailer && self.signer.is_none() && self.line.is_empty());
        if ended { Ok(self.trailers) } else { Err(Fault::Incomplete) }
    }

    fn take_line(&mut self, input: &mut Bytes) -> Result<Option<String>, Fault> {
        let end = input.iter().position(|byte| *byte == b'\n');
        let take = end.map_or(input.len(), |at| at + 1);
        self.line.extend_from_slice(&input[..take]);
        input.advance(take);
        if self.line.len() > MAX_LINE {
            return Err(Fault::Malformed("a line is too long"));
        }
        if end.is_none() {
            return Ok(None);
        }
        let line = std::mem::take(&mut self.line);
        let text = std::str::from_utf8(&line).map_err(|_| Fault::Malformed("a line is no text"))?;
        Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
    }

    fn take(&mut self, line: &str) -> Result<(), Fault> {
        match self.state {
            State::Head => self.take_head(line),
            State::DataEnd if line.is_empty() => {
                self.state = State::Head;
                Ok(())
            }
            State::DataEnd => Err(Fault::Malformed("a chunk is longer than it says")),
            State::Trailer => self.take_trailer(line),
            State::Data { .. } | State::Done => Err(Fault::Malformed("an unexpected line")),
        }
    }

    fn take_head(&mut self, line: &str) -> Result<(), Fault> {
        let (size, extension) = line.split_once(';').unwrap_or((line, ""));
        let size = u64::from_str_radix(size.trim(), 16).map_err(|_| Fault::Malformed("a chunk size is no number"))?;
        extension.strip_prefix("chunk-signature=").unwrap_or_default().clone_into(&mut self.claimed);
        self.state = if size == 0 { State::Trailer } else { State::Data { left: size } };
        if size == 0 { self.check_chunk() } else { Ok(()) }
    }

    fn check_chunk(&mut self) -> Result<(), Fault> {
        let Some(signer) = &mut self.signer else {
            return Ok(());
        };
        let hash = hex(&std::mem::take(&mut self.hash).finalize());
        if same(signer.chunk(&hash), &self.claimed) { Ok(()) } else { Err(Fault::Signature) }
    }

    fn take_trailer(&mut self, line: &str) -> Result<(), Fault> {
        if line.is_empty() {
            if self.signer.is_some() && self.trailer && !self.trailer_held {
                return Err(Fault::Signature);
            }
            self.state = State::Done;
            return Ok(());
        }
        let (name, value) = line.split_once(':').ok_or(Fault::Malformed("a trailing header has no value"))?;
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().to_owned());
        if name != "x-amz-trailer-signature" {
            self.trailers.push((name, value));
            return Ok(());
        }
        let Some(signer) = &mut self.signer else {
            return Ok(());
        };
        let canonical: String = self.trailers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        if !same(signer.trailer(&sha256_hex(canonical.as_bytes())), &value) {
            return Err(Fault::Signature);
        }
        self.trailer_held = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
