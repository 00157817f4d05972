//! The checksums that S3 clients send and ask for, computed while the bytes stream by.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crc_fast::{CrcAlgorithm, Digest as Crc};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// A checksum algorithm, named as in `x-amz-checksum-algorithm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    Crc32,
    Crc32C,
    Crc64Nvme,
    Sha1,
    Sha256,
}

impl Algorithm {
    pub const ALL: [Algorithm; 5] =
        [Algorithm::Crc32, Algorithm::Crc32C, Algorithm::Crc64Nvme, Algorithm::Sha1, Algorithm::Sha256];

    /// `CRC32`, …
    pub const fn name(self) -> &'static str {
        match self {
            Algorithm::Crc32 => "CRC32",
            Algorithm::Crc32C => "CRC32C",
            Algorithm::Crc64Nvme => "CRC64NVME",
            Algorithm::Sha1 => "SHA1",
            Algorithm::Sha256 => "SHA256",
        }
    }

    pub fn named(name: &str) -> Option<Algorithm> {
        Algorithm::ALL.into_iter().find(|algorithm| algorithm.name().eq_ignore_ascii_case(name))
    }

    /// The member that carries it: `ChecksumCRC32`, …
    pub fn member(self) -> String {
        format!("Checksum{}", self.name())
    }

    /// The header that carries it: `x-amz-checksum-crc32`, …
    pub fn header(self) -> String {
        format!("x-amz-checksum-{}", self.name().to_ascii_lowercase())
    }

    /// Length of the digest, bytes.
    pub const fn length(self) -> usize {
        match self {
            Algorithm::Crc32 | Algorithm::Crc32C => 4,
            Algorithm::Crc64Nvme => 8,
            Algorithm::Sha1 => 20,
            Algorithm::Sha256 => 32,
        }
    }
}

/// One running checksum.
pub struct Checksum {
    algorithm: Algorithm,
    state: State,
}

enum State {
    Crc(Box<Crc>),
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Checksum {
    pub fn new(algorithm: Algorithm) -> Self {
        let crc = |algorithm| State::Crc(Box::new(Crc::new(algorithm)));
        let state = match algorithm {
            Algorithm::Crc32 => crc(CrcAlgorithm::Crc32IsoHdlc),
            Algorithm::Crc32C => crc(CrcAlgorithm::Crc32Iscsi),
            Algorithm::Crc64Nvme => crc(CrcAlgorithm::Crc64Nvme),
            Algorithm::Sha1 => State::Sha1(Sha1::new()),
            Algorithm::Sha256 => State::Sha256(Sha256::new()),
        };
        Checksum { algorithm, state }
    }

    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Crc(crc) => crc.update(bytes),
            State::Sha1(sha) => sha.update(bytes),
            State::Sha256(sha) => sha.update(bytes),
        }
    }

    /// The digest, big-endian.
    pub fn finish(self) -> Vec<u8> {
        match self.state {
            State::Crc(crc) => crc.finalize().to_be_bytes()[8 - self.algorithm.length()..].to_vec(),
            State::Sha1(sha) => sha.finalize().to_vec(),
            State::Sha256(sha) => sha.finalize().to_vec(),
        }
    }
}

/// The checksum of bytes that are all there.
pub fn checksum(algorithm: Algorithm, bytes: &[u8]) -> Vec<u8> {
    let mut running = Checksum::new(algorithm);
    running.update(bytes);
    running.finish()
}

/// The CRC of pieces put together, out of theirs and their lengths; none for SHA, where there is no such thing.
pub fn combine(algorithm: Algorithm, pieces: &[(Vec<u8>, u64)]) -> Option<Vec<u8>> {
    let crc = match algorithm {
        Algorithm::Crc32 => CrcAlgorithm::Crc32IsoHdlc,
        Algorithm::Crc32C => CrcAlgorithm::Crc32Iscsi,
        Algorithm::Crc64Nvme => CrcAlgorithm::Crc64Nvme,
        Algorithm::Sha1 | Algorithm::Sha256 => return None,
    };
    let number = |digest: &[u8]| digest.iter().fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
    let (first, rest) = pieces.split_first()?;
    let whole = rest
        .iter()
        .fold(number(&first.0), |so_far, (digest, length)| crc_fast::checksum_combine(crc, so_far, number(digest), *length));
    Some(whole.to_be_bytes()[8 - algorithm.length()..].to_vec())
}

/// As it stands in headers.
pub fn base64(digest: &[u8]) -> String {
    STANDARD.encode(digest)
}

/// A digest out of a header; `None` if it is no base64.
pub fn parse(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// The MD5 of bytes that are all there.
pub fn md5(bytes: &[u8]) -> [u8; 16] {
    Md5::digest(bytes).into()
}

/// Bytes in lower-case hex digits.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 0xf));
    }
    text
}

/// SHA-256 in lower-case hex, as signatures have it.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// A running MD5, which is the ETag of an object put in one piece.
#[derive(Default)]
pub struct RunningMd5(Md5);

impl RunningMd5 {
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub fn finish(self) -> [u8; 16] {
        self.0.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_combine_to_the_whole() {
        for algorithm in [Algorithm::Crc32, Algorithm::Crc32C, Algorithm::Crc64Nvme] {
            let pieces: Vec<_> =
                ["1234", "", "56789"].iter().map(|part| (checksum(algorithm, part.as_bytes()), part.len() as u64)).collect();
            assert_eq!(combine(algorithm, &pieces), Some(checksum(algorithm, b"123456789")), "{algorithm:?}");
        }
    }

    /// The check values of the CRC catalogue, and of FIPS 180 for `abc`.
    #[test]
    fn known_values() {
        let check = b"123456789";
        assert_eq!(hex(&checksum(Algorithm::Crc32, check)), "cbf43926");
        assert_eq!(hex(&checksum(Algorithm::Crc32C, check)), "e3069283");
        assert_eq!(hex(&checksum(Algorithm::Crc64Nvme, check)), "ae8b14860a799888");
        assert_eq!(hex(&checksum(Algorithm::Sha1, b"abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(hex(&md5(b"")), "d41d8cd98f00b204e9800998ecf8427e");
    }
}
