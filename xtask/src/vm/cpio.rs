//! An initramfs: a cpio archive of the form `newc`, as the kernel takes it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

const FOLDER: u32 = 0o040_755;
const FILE: u32 = 0o100_644;
const PROGRAM: u32 = 0o100_755;

/// An archive that grows.
#[derive(Default)]
pub struct Archive {
    bytes: Vec<u8>,
    entries: u32,
}

impl Archive {
    fn entry(&mut self, name: &str, mode: u32, data: &[u8]) {
        self.entries += 1;
        // Inode, mode, owner and group, links, time, size, four device numbers, length of the name with its zero, checksum.
        let fields = [
            self.entries,
            mode,
            0,
            0,
            1,
            0,
            data.len() as u32,
            0,
            0,
            0,
            0,
            name.len() as u32 + 1,
            0,
        ];
        self.bytes.extend(b"070701");
        for field in fields {
            self.bytes.extend(format!("{field:08x}").into_bytes());
        }
        self.bytes.extend(name.as_bytes());
        self.bytes.push(0);
        self.pad();
        self.bytes.extend(data);
        self.pad();
    }

    fn pad(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }

    /// A folder; those above it come first.
    pub fn folder(&mut self, name: &str) {
        self.entry(name, FOLDER, &[]);
    }

    /// A file.
    pub fn file(&mut self, name: &str, data: &[u8]) {
        self.entry(name, FILE, data);
    }

    /// A file that can be run.
    pub fn program(&mut self, name: &str, data: &[u8]) {
        self.entry(name, PROGRAM, data);
    }

    /// The files of a folder (not of folders in it), below `name`.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn copy(&mut self, name: &str, folder: &Path) -> Result<()> {
        self.folder(name);
        let failed = || format!("read {}", folder.display());
        for entry in fs::read_dir(folder).with_context(failed)? {
            let path = entry.with_context(failed)?.path();
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            let data = fs::read(&path).with_context(|| format!("read {}", path.display()))?;
            self.file(&format!("{name}/{file}"), &data);
        }
        Ok(())
    }

    /// The whole archive.
    pub fn finish(mut self) -> Vec<u8> {
        self.entry("TRAILER!!!", 0, &[]);
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_stand_at_multiples_of_four() {
        let mut archive = Archive::default();
        archive.folder("bin");
        archive.program("bin/a", b"12345");
        let bytes = archive.finish();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let starts: Vec<_> = text.match_indices("070701").map(|(at, _)| at).collect();
        assert_eq!(starts.len(), 3);
        assert!(starts.iter().all(|at| at % 4 == 0), "{starts:?}");
        let header = &text[starts[1]..];
        assert_eq!(&header[14..22], "000081ed", "mode");
        assert_eq!(&header[54..62], "00000005", "size");
        assert_eq!(&header[110..115], "bin/a");
        assert_eq!(&header[116..121], "12345");
    }
}
