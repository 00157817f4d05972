//! Files that are compressed as a whole: gzip is read, the others are told by their first bytes and refused.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;

use super::{Sample, Unread};

/// So much of a compressed file is looked at, unpacked.
const MOST: u64 = 32 * 1024 * 1024;

pub(super) struct Unpacked {
    pub(super) name: &'static str,
    pub(super) bytes: Vec<u8>,
    pub(super) whole: bool,
}

/// Of what "Built-in classifiers" lists, labrun can't read these.
const UNREAD: [(&str, &[u8]); 5] = [
    ("bzip2", b"BZh"),
    ("zip", b"PK\x03\x04"),
    ("zstd", b"\x28\xb5\x2f\xfd"),
    ("lz4", b"\x04\x22\x4d\x18"),
    ("snappy", b"\xff\x06\x00\x00sNaPpY"),
];

pub(super) fn unpack(sample: &Sample) -> Result<Option<Unpacked>, Unread> {
    if let Some((name, _)) = UNREAD.iter().find(|(_, magic)| sample.head.starts_with(magic)) {
        return Err(Unread(format!("labrun does not read files compressed with {name}")));
    }
    if !sample.head.starts_with(b"\x1f\x8b") {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let outcome = MultiGzDecoder::new(sample.head).take(MOST).read_to_end(&mut bytes);
    match outcome {
        // Of a file that was cut, what came out before the cut is good.
        Err(fault) if sample.whole => Err(Unread(format!("the gzip file is damaged: {fault}"))),
        _ => {
            let whole = sample.whole && (bytes.len() as u64) < MOST;
            Ok(Some(Unpacked { name: "gzip", bytes, whole }))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::super::{Unread, classify, whole};

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn gzip_is_read_and_named() {
        let found = classify(&whole(&gzip(b"a,b\n1,2\n3,4\n")), &[]).unwrap();
        assert_eq!((found.classification.as_str(), found.compression), ("csv", "gzip"));
    }

    #[test]
    fn the_others_and_damaged_files_are_refused() {
        let refused = classify(&whole(b"BZh91AY"), &[]);
        assert_eq!(refused, Err(Unread("labrun does not read files compressed with bzip2".into())));
        assert!(classify(&whole(&gzip(b"a,b\n1,2\n3,4\n")[..20]), &[]).is_err());
    }
}
