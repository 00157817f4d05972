//! Hashes and sums, with and without a key.

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use twox_hash::XxHash64;

use super::murmur::murmur3;
use super::spooky::spooky;
use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::rows::rows;

pub(super) fn register(library: &mut Library) {
    rows!(library, "md5(varbinary) -> varbinary", |bytes: Bytes| -> Bytes { Ok(Md5::digest(bytes).to_vec()) });
    rows!(library, "sha1(varbinary) -> varbinary", |bytes: Bytes| -> Bytes { Ok(Sha1::digest(bytes).to_vec()) });
    rows!(library, "sha256(varbinary) -> varbinary", |bytes: Bytes| -> Bytes { Ok(Sha256::digest(bytes).to_vec()) });
    rows!(library, "sha512(varbinary) -> varbinary", |bytes: Bytes| -> Bytes { Ok(Sha512::digest(bytes).to_vec()) });
    rows!(library, "crc32(varbinary) -> bigint", |bytes: Bytes| -> Bigint { Ok(crc32fast::hash(bytes).into()) });
    rows!(library, "xxhash64(varbinary) -> varbinary", |bytes: Bytes| -> Bytes {
        Ok(XxHash64::oneshot(0, bytes).to_be_bytes().to_vec())
    });
    rows!(library, "murmur3(varbinary) -> varbinary", |bytes: Bytes| -> Bytes { Ok(murmur3(bytes).to_vec()) });
    rows!(library, "spooky_hash_v2_32(varbinary) -> varbinary", |bytes: Bytes| -> Bytes {
        Ok((spooky(bytes) as u32).to_be_bytes().to_vec())
    });
    rows!(library, "spooky_hash_v2_64(varbinary) -> varbinary", |bytes: Bytes| -> Bytes {
        Ok(spooky(bytes).to_be_bytes().to_vec())
    });
    rows!(library, "hmac_md5(varbinary, varbinary) -> varbinary", |bytes: Bytes, key: Bytes| -> Bytes {
        keyed::<Hmac<Md5>>(bytes, key)
    });
    rows!(library, "hmac_sha1(varbinary, varbinary) -> varbinary", |bytes: Bytes, key: Bytes| -> Bytes {
        keyed::<Hmac<Sha1>>(bytes, key)
    });
    rows!(library, "hmac_sha256(varbinary, varbinary) -> varbinary", |bytes: Bytes, key: Bytes| -> Bytes {
        keyed::<Hmac<Sha256>>(bytes, key)
    });
    rows!(library, "hmac_sha512(varbinary, varbinary) -> varbinary", |bytes: Bytes, key: Bytes| -> Bytes {
        keyed::<Hmac<Sha512>>(bytes, key)
    });
}

/// An empty key is Java's own failure, not one of Trino's names.
fn keyed<M: Mac + KeyInit>(bytes: &[u8], key: &[u8]) -> Outcome<Vec<u8>> {
    let empty = || Fault::new("GENERIC_INTERNAL_ERROR", "Empty key");
    if key.is_empty() {
        return Err(empty());
    }
    let mut mac = <M as KeyInit>::new_from_slice(key).map_err(|_| empty())?;
    mac.update(bytes);
    Ok(mac.finalize().into_bytes().to_vec())
}
