//! SpookyHash, version 2 (by Bob Jenkins, in the public domain), with seed 0: of its 128 bits the first 64.

/// Not zero, odd, and not a regular mix of ones and zeros.
const FILLER: u64 = 0xdead_beef_dead_beef;

/// What is shorter is hashed in another way.
const LONG: usize = 192;
const BLOCK: usize = 96;

pub(super) fn spooky(bytes: &[u8]) -> u64 {
    if bytes.len() < LONG { short(bytes) } else { long(bytes) }
}

/// Up to eight bytes, the lowest first.
fn word(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

fn short(bytes: &[u8]) -> u64 {
    let mut state = [0, 0, FILLER, FILLER];
    let add = |at: usize, word: u64, state: &mut [u64; 4]| state[at] = state[at].wrapping_add(word);
    let mut blocks = bytes.chunks_exact(32);
    for block in blocks.by_ref() {
        add(2, word(block), &mut state);
        add(3, word(&block[8..]), &mut state);
        mix_short(&mut state);
        add(0, word(&block[16..]), &mut state);
        add(1, word(&block[24..]), &mut state);
    }
    let mut rest = blocks.remainder();
    if rest.len() >= 16 {
        add(2, word(rest), &mut state);
        add(3, word(&rest[8..]), &mut state);
        mix_short(&mut state);
        rest = &rest[16..];
    }
    add(3, (bytes.len() as u64) << 56, &mut state);
    let (near, far) = if rest.is_empty() { (FILLER, FILLER) } else { (word(rest), word(&rest[rest.len().min(8)..])) };
    add(2, near, &mut state);
    add(3, far, &mut state);
    end_short(&mut state);
    state[0]
}

fn mix_short(state: &mut [u64; 4]) {
    for (step, turn) in [50, 52, 30, 41, 54, 48, 38, 37, 62, 34, 5, 36].into_iter().enumerate() {
        let at = (step + 2) % 4;
        state[at] = state[at].rotate_left(turn).wrapping_add(state[(at + 1) % 4]);
        state[(at + 2) % 4] ^= state[at];
    }
}

fn end_short(state: &mut [u64; 4]) {
    for (step, turn) in [15, 52, 26, 51, 28, 9, 47, 54, 32, 25, 63].into_iter().enumerate() {
        let (at, before) = ((step + 3) % 4, (step + 2) % 4);
        state[at] ^= state[before];
        state[before] = state[before].rotate_left(turn);
        state[at] = state[at].wrapping_add(state[before]);
    }
}

fn long(bytes: &[u8]) -> u64 {
    let mut state = [0, 0, FILLER, 0, 0, FILLER, 0, 0, FILLER, 0, 0, FILLER];
    let mut blocks = bytes.chunks_exact(BLOCK);
    blocks.by_ref().for_each(|block| mix_long(&mut state, block));
    let mut last = [0; BLOCK];
    let rest = blocks.remainder();
    last[..rest.len()].copy_from_slice(rest);
    // Fewer than a block, so it fits.
    last[BLOCK - 1] = rest.len() as u8;
    for (word_of, own) in last.chunks_exact(8).zip(&mut state) {
        *own = own.wrapping_add(word(word_of));
    }
    (0..3).for_each(|_| end_long(&mut state));
    state[0]
}

fn mix_long(state: &mut [u64; 12], block: &[u8]) {
    for (at, turn) in [11, 32, 43, 31, 17, 28, 39, 57, 55, 54, 22, 46].into_iter().enumerate() {
        let before = (at + 11) % 12;
        state[at] = state[at].wrapping_add(word(&block[8 * at..]));
        state[(at + 2) % 12] ^= state[(at + 10) % 12];
        state[before] ^= state[at];
        state[at] = state[at].rotate_left(turn);
        state[before] = state[before].wrapping_add(state[(at + 1) % 12]);
    }
}

fn end_long(state: &mut [u64; 12]) {
    for (at, turn) in [44, 15, 34, 21, 38, 33, 10, 13, 38, 53, 42, 54].into_iter().enumerate() {
        let (before, next) = ((at + 11) % 12, (at + 1) % 12);
        state[before] = state[before].wrapping_add(state[next]);
        state[(at + 2) % 12] ^= state[before];
        state[next] = state[next].rotate_left(turn);
    }
}

#[cfg(test)]
mod tests {
    use super::spooky;

    /// The first 32 bits of what the author's own test expects of so many bytes from 128 on.
    #[test]
    fn the_authors_vectors() {
        let bytes: Vec<u8> = (0..512_u32).map(|at| (at + 128) as u8).collect();
        for (length, expected) in [
            (0, 0x6bf5_0919),
            (1, 0x70de_1d26),
            (7, 0xf9f1_a233),
            (8, 0xee19_3982),
            (15, 0x83ec_01f9),
            (16, 0xf274_736c),
            (31, 0x027b_ca7c),
            (32, 0xe5cf_c8b6),
            (63, 0x09c1_afb4),
            (496, 0xa67b_83f7),
            (504, 0x27c2_e04b),
            (511, 0xcc1c_8250_u32),
        ] {
            assert_eq!(spooky(&bytes[..length]) as u32, expected, "{length}");
        }
        assert_eq!(spooky(b"hello"), 0x3768_826a_d382_e6ca);
    }
}
