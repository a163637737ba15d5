//! Which pages of a range are free.

use std::collections::BTreeMap;

/// Free runs of pages, by their start; neighbours are always joined.
#[derive(Debug)]
pub(crate) struct Pages {
    free: BTreeMap<u64, u64>,
}

impl Pages {
    /// So many pages, all free.
    pub(crate) fn new(pages: u64) -> Self {
        Self {
            free: BTreeMap::from([(0, pages)]),
        }
    }

    /// The first run that holds `pages` pages loses them.
    pub(crate) fn take(&mut self, pages: u64) -> Option<u64> {
        let (start, length) = self
            .free
            .iter()
            .find(|(_, length)| **length >= pages)
            .map(|(start, length)| (*start, *length))?;
        self.free.remove(&start);
        if length > pages {
            self.free.insert(start + pages, length - pages);
        }
        Some(start)
    }

    /// Gives pages back.
    pub(crate) fn give_back(&mut self, start: u64, pages: u64) {
        let (mut start, mut length) = (start, pages);
        if let Some((before, run)) = self.free.range(..start).next_back()
            && before + run == start
        {
            (start, length) = (*before, run + length);
        }
        if let Some(run) = self.free.remove(&(start + length)) {
            length += run;
        }
        self.free.insert(start, length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_taken_once_and_joined_again() {
        let mut pages = Pages::new(10);
        let taken: Vec<_> = (1..=4).map(|count| pages.take(count)).collect();
        assert_eq!(taken, [Some(0), Some(1), Some(3), Some(6)]);
        assert_eq!(pages.take(1), None);
        pages.give_back(1, 2);
        pages.give_back(6, 4);
        assert_eq!(pages.take(5), None, "2 and 4 pages, not together");
        pages.give_back(3, 3);
        pages.give_back(0, 1);
        assert_eq!((pages.free.len(), pages.take(10)), (1, Some(0)));
    }
}
