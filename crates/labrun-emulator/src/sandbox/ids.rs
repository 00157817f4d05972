//! Random names: ids, keys, secrets. Seeded in tests, so that what they print is the same each time.

use std::sync::{Mutex, PoisonError};

pub(crate) struct Ids(Mutex<fastrand::Rng>);

const KEY_LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SECRET_LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

impl Ids {
    pub(crate) fn random() -> Self {
        let mut seed = [0; 8];
        let entropy = getrandom::fill(&mut seed);
        Ids(Mutex::new(if entropy.is_ok() { fastrand::Rng::with_seed(u64::from_le_bytes(seed)) } else { fastrand::Rng::new() }))
    }

    fn with<T>(&self, f: impl FnOnce(&mut fastrand::Rng) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn uuid(&self) -> String {
        let bits = self.with(|rng| rng.u128(..));
        let bits = bits & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
        let hex = format!("{bits:032x}");
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }

    /// Lower-case hex digits.
    pub(crate) fn hex(&self, digits: usize) -> String {
        self.with(|rng| (0..digits).map(|_| char::from(b"0123456789abcdef"[rng.usize(..16)])).collect())
    }

    /// Capital letters and digits, as AWS's unique ids have them.
    pub(crate) fn capitals(&self, length: usize) -> String {
        self.with(|rng| (0..length).map(|_| char::from(KEY_LETTERS[rng.usize(..KEY_LETTERS.len())])).collect())
    }

    /// A twelve-digit account that is nobody's: labrun's own begin with 4.
    pub(crate) fn account(&self) -> String {
        self.with(|rng| format!("4{:011}", rng.u64(..100_000_000_000)))
    }

    /// A secret of the machine's own randomness, whatever the seed.
    pub(crate) fn secret(&self, length: usize) -> String {
        let mut bytes = vec![0; length];
        if getrandom::fill(&mut bytes).is_err() {
            self.with(|rng| rng.fill(&mut bytes));
        }
        bytes.iter().map(|byte| char::from(SECRET_LETTERS[usize::from(byte % 64)])).collect()
    }
}
