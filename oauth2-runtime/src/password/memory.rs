use argon2::{Block, Error};

/// Blocks above which memory is given back, in KiB: more than a new hash takes.
const KEPT: usize = 32 * 1024;

/// What one hash at a time works in. It is kept for the next one, because allocators keep freed memory of this size too, and
/// a share of it for every thread that ever had some: hundreds of MiB, where a few are in use. What the last hash has left in it
/// is as hard to invert as the hash.
#[derive(Default)]
pub(super) struct Memory(Vec<Block>);

impl Memory {
    /// So many blocks of 1 KiB, with anything in them: argon2 writes a block before it reads it.
    pub(super) fn blocks(&mut self, count: usize) -> argon2::Result<&mut [Block]> {
        if self.0.len() < count {
            // At once, so that nothing is copied and the old and the new memory are not there together.
            self.0 = Vec::new();
            self.0.try_reserve_exact(count).map_err(|_| Error::OutOfMemory)?;
            self.0.resize(count, Block::new());
        }
        self.0.get_mut(..count).ok_or(Error::OutOfMemory)
    }

    /// Whether it is to be kept. Hashes from elsewhere may take more than new ones.
    pub(super) fn is_modest(&self) -> bool {
        self.0.len() <= KEPT
    }
}
