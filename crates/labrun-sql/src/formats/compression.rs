//! Compressed files of text, unpacked as they come: never more than a piece of one is in memory.
//!
//! Which codec it is says the end of the key, in lower case only (compression-formats).

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;
use zstd::stream::raw::{Decoder as ZstdDecoder, Operation};

/// What a file is packed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    None,
    Gzip,
    Bzip2,
    /// In Hadoop's blocks, as [`Compression::Lz4`] is.
    Snappy,
    Zstd,
    Lz4,
}

impl Compression {
    pub(crate) fn of(key: &str) -> Self {
        match key.rsplit_once('.').map(|(_, end)| end) {
            Some("gz") => Compression::Gzip,
            Some("bz2") => Compression::Bzip2,
            Some("snappy") => Compression::Snappy,
            Some("zst") => Compression::Zstd,
            Some("lz4") => Compression::Lz4,
            _ => Compression::None,
        }
    }
}

/// What one step unpacks, about.
const STEP: usize = 256 << 10;

/// What Zstandard unpacks at once, at most.
const ZSTD_BLOCK: usize = 128 << 10;

/// A block of Hadoop's is smaller: its writers cut at 256 KiB and readers need not trust a length in a file.
const LARGEST_BLOCK: usize = 32 << 20;

/// A file that is being unpacked.
pub(crate) enum Unpacker {
    Plain,
    Gzip(Box<MultiGzDecoder<Vec<u8>>>),
    Bzip2(Box<bzip2::Decompress>),
    Zstd { decoder: Box<ZstdDecoder<'static>>, at_end: bool },
    Blocks(Blocks),
}

impl Unpacker {
    pub(crate) fn new(compression: Compression) -> io::Result<Self> {
        Ok(match compression {
            Compression::None => Unpacker::Plain,
            Compression::Gzip => Unpacker::Gzip(Box::new(MultiGzDecoder::new(Vec::new()))),
            Compression::Bzip2 => Unpacker::Bzip2(Box::new(bzip2::Decompress::new(false))),
            Compression::Snappy => Unpacker::Blocks(Blocks::new(snappy)),
            Compression::Zstd => Unpacker::Zstd { decoder: Box::new(ZstdDecoder::new()?), at_end: true },
            Compression::Lz4 => Unpacker::Blocks(Blocks::new(lz4)),
        })
    }

    /// Unpacks some of `input`, about [`STEP`] bytes of output at most; says how much of it was used.
    pub(crate) fn step(&mut self, input: &[u8], output: &mut Vec<u8>) -> io::Result<usize> {
        let full = output.len() + STEP;
        let mut used = 0;
        while used < input.len() && output.len() < full {
            used += match self {
                Unpacker::Plain => {
                    output.extend_from_slice(&input[used..]);
                    input.len() - used
                }
                Unpacker::Gzip(decoder) => {
                    let count = decoder.write(&input[used..])?;
                    output.append(decoder.get_mut());
                    nonzero(count)?
                }
                Unpacker::Bzip2(decoder) => bzip2_step(decoder, &input[used..], output)?,
                Unpacker::Zstd { decoder, at_end } => zstd_step(decoder, at_end, &input[used..], output)?,
                Unpacker::Blocks(blocks) => blocks.step(&input[used..], output)?,
            };
        }
        Ok(used)
    }

    /// After the last input: what is still inside, and whether the file is whole.
    pub(crate) fn finish(&mut self, output: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Unpacker::Plain => Ok(()),
            Unpacker::Gzip(decoder) => {
                decoder.try_finish()?;
                output.append(decoder.get_mut());
                Ok(())
            }
            Unpacker::Bzip2(decoder) => whole(decoder.total_in() == 0),
            Unpacker::Zstd { at_end, .. } => whole(*at_end),
            Unpacker::Blocks(blocks) => whole(blocks.pending.is_empty() && blocks.left == 0),
        }
    }
}

fn nonzero(count: usize) -> io::Result<usize> {
    if count > 0 { Ok(count) } else { Err(io::Error::other("data behind the end of the stream")) }
}

fn whole(whole: bool) -> io::Result<()> {
    if whole { Ok(()) } else { Err(io::Error::new(io::ErrorKind::UnexpectedEof, "Unexpected end of input stream")) }
}

/// A file may hold several streams, one after the other: parallel packers write it so.
fn bzip2_step(decoder: &mut Box<bzip2::Decompress>, input: &[u8], output: &mut Vec<u8>) -> io::Result<usize> {
    let (before, written_before) = (decoder.total_in(), decoder.total_out());
    output.reserve(STEP);
    let status = decoder.decompress_vec(input, output)?;
    let used = (decoder.total_in() - before) as usize;
    let written = decoder.total_out() - written_before;
    if status == bzip2::Status::StreamEnd {
        **decoder = bzip2::Decompress::new(false);
    } else if used == 0 && written == 0 {
        return Err(io::Error::other("the stream does not go on"));
    }
    Ok(used)
}

fn zstd_step(decoder: &mut ZstdDecoder<'static>, at_end: &mut bool, input: &[u8], output: &mut Vec<u8>) -> io::Result<usize> {
    if *at_end {
        decoder.reinit()?;
    }
    let start = output.len();
    output.resize(start + ZSTD_BLOCK, 0);
    let status = decoder.run_on_buffers(input, &mut output[start..]);
    output.truncate(start + status.as_ref().map_or(0, |status| status.bytes_written));
    let status = status?;
    *at_end = status.remaining == 0;
    if status.bytes_read == 0 && status.bytes_written == 0 {
        return Err(io::Error::other("the stream does not go on"));
    }
    Ok(status.bytes_read)
}

type Codec = fn(&[u8], usize) -> io::Result<Vec<u8>>;

fn snappy(packed: &[u8], most: usize) -> io::Result<Vec<u8>> {
    let length = snap::raw::decompress_len(packed).map_err(io::Error::other)?;
    if length > most {
        return Err(io::Error::other("a block is longer than it says"));
    }
    snap::raw::Decoder::new().decompress_vec(packed).map_err(io::Error::other)
}

fn lz4(packed: &[u8], most: usize) -> io::Result<Vec<u8>> {
    lz4_flex::block::decompress(packed, most).map_err(io::Error::other)
}

/// `[hive]` Hadoop's `BlockDecompressorStream`: the length of a block, then its pieces, each with its packed length, until it is full.
pub(crate) struct Blocks {
    codec: Codec,
    pending: Vec<u8>,
    /// What the block still lacks.
    left: usize,
}

impl Blocks {
    fn new(codec: Codec) -> Self {
        Blocks { codec, pending: Vec::new(), left: 0 }
    }

    /// Takes what one number or one piece still lacks.
    fn step(&mut self, input: &[u8], output: &mut Vec<u8>) -> io::Result<usize> {
        let wanted = if self.left > 0 && self.pending.len() >= 4 { 4 + self.number()? } else { 4 };
        let used = (wanted - self.pending.len()).min(input.len());
        self.pending.extend_from_slice(&input[..used]);
        if self.pending.len() < wanted {
            return Ok(used);
        }
        if self.left == 0 {
            self.left = self.number()?;
            self.pending.clear();
        } else if wanted > 4 || self.number()? == 0 {
            let plain = (self.codec)(&self.pending[4..], self.left)?;
            self.left = self.left.checked_sub(plain.len()).ok_or_else(|| io::Error::other("a block is longer than it says"))?;
            output.extend_from_slice(&plain);
            self.pending.clear();
        }
        Ok(used)
    }

    fn number(&self) -> io::Result<usize> {
        let bytes: [u8; 4] = self.pending[..4].try_into().map_err(io::Error::other)?;
        let number = u32::from_be_bytes(bytes) as usize;
        if number > LARGEST_BLOCK { Err(io::Error::other("a block is too long")) } else { Ok(number) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn bzip2(plain: &[u8]) -> Vec<u8> {
        let mut encoder = ::bzip2::write::BzEncoder::new(Vec::new(), ::bzip2::Compression::fast());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn blocks(plain: &[u8], pack: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let mut packed = Vec::new();
        for block in plain.chunks(1000) {
            packed.extend((block.len() as u32).to_be_bytes());
            for piece in block.chunks(400) {
                let piece = pack(piece);
                packed.extend((piece.len() as u32).to_be_bytes());
                packed.extend(piece);
            }
        }
        packed
    }

    fn packed(end: &str, plain: &[u8]) -> Vec<u8> {
        match end {
            "gz" => gzip(plain),
            "bz2" => bzip2(plain),
            "zst" => zstd::encode_all(plain, 1).unwrap(),
            "snappy" => blocks(plain, |piece| snap::raw::Encoder::new().compress_vec(piece).unwrap()),
            "lz4" => blocks(plain, lz4_flex::block::compress),
            _ => plain.to_vec(),
        }
    }

    fn unpacked(end: &str, packed: &[u8], chunk: usize) -> io::Result<Vec<u8>> {
        let mut unpacker = Unpacker::new(Compression::of(&format!("key.{end}")))?;
        let mut plain = Vec::new();
        for mut input in packed.chunks(chunk) {
            while !input.is_empty() {
                let used = unpacker.step(input, &mut plain)?;
                input = &input[used..];
            }
        }
        unpacker.finish(&mut plain)?;
        Ok(plain)
    }

    const ENDS: [&str; 6] = ["csv", "gz", "bz2", "zst", "snappy", "lz4"];

    #[test]
    fn every_codec_in_pieces_of_any_size() {
        let plain: Vec<u8> = (0..3_000_u32).flat_map(|number| format!("{number},").into_bytes()).collect();
        for end in ENDS {
            // Two of one codec after another are one file.
            let mut twice = packed(end, &plain);
            twice.extend(packed(end, &plain));
            for chunk in [3, 100, 4096, 1 << 20] {
                let found = unpacked(end, &twice, chunk).unwrap_or_else(|error| panic!("{end} {chunk}: {error}"));
                assert_eq!(found, [plain.clone(), plain.clone()].concat(), "{end} {chunk}");
            }
        }
    }

    #[test]
    fn a_file_that_ends_early_is_no_file() {
        for end in &ENDS[1..] {
            let packed = packed(end, &[7; 5000]);
            assert!(unpacked(end, &packed[..packed.len() - 1], 64).is_err(), "{end}");
        }
    }

    #[test]
    fn broken_files_neither_panic_nor_loop() {
        let mut chance = fastrand::Rng::with_seed(1);
        for end in &ENDS[1..] {
            let good = packed(end, &[b'x'; 3000]);
            for _ in 0..300 {
                let mut bad = good.clone();
                for _ in 0..chance.usize(1..4) {
                    let at = chance.usize(..bad.len());
                    bad[at] = chance.u8(..);
                }
                bad.truncate(chance.usize(..=bad.len()));
                let _ = unpacked(end, &bad, chance.usize(1..500));
            }
        }
    }

    #[test]
    fn ends_in_lower_case_only() {
        assert_eq!(Compression::of("a/b.csv.GZ"), Compression::None);
        assert_eq!(Compression::of("a.gz/b"), Compression::None);
    }
}
