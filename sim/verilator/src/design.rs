//! What is to be Verilated: Verilog files and memory images, held as text.
//!
//! `$readmemh("name", ..)` names a file relative to the folder of the design, as in the emitted folder. Verilator's run
//! time would look in the folder where the process runs; so the copy that is built gets the absolute name of the model's
//! own copy of the image. The files that users see stay relative.

use std::fs;
use std::path::{Component, Path};

use sha2::{Digest, Sha256};

use super::Error;
use goldilane_cache::Error as ToolError;

/// A file by its name relative to the design's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFile {
    /// Relative name, with `/`.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// A Verilog design.
#[derive(Debug, Clone)]
pub struct Design {
    /// The top module.
    pub top: String,
    /// The port that [`super::Model::clock`] drives; none for a combinational design.
    pub clock: Option<String>,
    /// Verilog, in the order of the file list.
    pub sources: Vec<TextFile>,
    /// Memory images that the Verilog reads by `$readmemh` or `$readmemb`.
    pub data: Vec<TextFile>,
}

impl Design {
    /// A design of one module with the clock `clock`, without memory images.
    pub fn single(top: &str, clock: &str, text: &str) -> Self {
        Self {
            top: top.to_owned(),
            clock: Some(clock.to_owned()),
            sources: vec![TextFile {
                name: format!("{top}.v"),
                text: text.to_owned(),
            }],
            data: Vec::new(),
        }
    }

    /// Reads the design of an emitted folder: the sources of `files.f` (one name a line, `//` begins a remark, options
    /// that begin with `+` or `-` are passed over) and every `.hex` and `.mem` file of the folder as a memory image.
    pub fn from_folder(folder: &Path, top: &str, clock: Option<&str>) -> Result<Self, Error> {
        let list = read(&folder.join("files.f"))?;
        let named = |name: &str| -> Result<TextFile, Error> {
            Ok(TextFile {
                name: name.to_owned(),
                text: read(&folder.join(name))?,
            })
        };
        let sources = list
            .lines()
            .map(|line| line.split("//").next().unwrap_or("").trim())
            .filter(|line| !line.is_empty() && !line.starts_with(['+', '-', '#']))
            .map(named)
            .collect::<Result<_, _>>()?;
        let mut images = Vec::new();
        list_images(folder, "", &mut images)?;
        images.sort();
        let data = images
            .iter()
            .map(|name| named(name))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            top: top.to_owned(),
            clock: clock.map(str::to_owned),
            sources,
            data,
        })
    }

    /// Checks names and that there is something to build.
    pub(super) fn check(&self) -> Result<(), Error> {
        let wrong = |reason: &str| Error::Design {
            top: self.top.clone(),
            reason: reason.to_owned(),
        };
        if self.sources.is_empty() {
            return Err(wrong("no Verilog file"));
        }
        for name in std::iter::once(&self.top).chain(&self.clock) {
            if !is_identifier(name) {
                return Err(wrong(&format!("{name:?} is no Verilog identifier")));
            }
        }
        match self.files().find(|file| !is_plain(&file.name)) {
            Some(file) => Err(Error::FileName {
                top: self.top.clone(),
                name: file.name.clone(),
            }),
            None => Ok(()),
        }
    }

    /// Adds everything that the built model depends on to a hash.
    pub(super) fn hash_into(&self, hash: &mut Sha256) {
        let mut add = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        };
        add(&self.top);
        add(self.clock.as_deref().unwrap_or(""));
        for file in self.files() {
            add(&file.name);
            add(&file.text);
        }
    }

    /// Writes the sources into `folder`, their `$readmem` names pointing into `images`.
    pub(super) fn write_sources(&self, folder: &Path, images: Option<&Path>) -> Result<(), Error> {
        for file in &self.sources {
            match images {
                Some(images) => write(
                    &folder.join(&file.name),
                    &self.with_images(&file.text, images),
                )?,
                None => write(&folder.join(&file.name), &file.text)?,
            }
        }
        Ok(())
    }

    /// Writes the memory images into `folder`.
    pub(super) fn write_data(&self, folder: &Path) -> Result<(), Error> {
        self.data
            .iter()
            .try_for_each(|file| write(&folder.join(&file.name), &file.text))
    }

    fn files(&self) -> impl Iterator<Item = &TextFile> {
        self.sources.iter().chain(&self.data)
    }

    /// `text` with the known image names of its `$readmem` calls made absolute.
    fn with_images(&self, text: &str, images: &Path) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(call) = rest.find("$readmem") {
            let Some(open) = rest[call..].find('"').map(|at| call + at + 1) else {
                break;
            };
            let Some(close) = rest[open..].find('"').map(|at| open + at) else {
                break;
            };
            // Only `$readmemh(` may stand before the quote: otherwise the name is not a literal.
            let literal = rest[call + "$readmem".len()..open - 1]
                .trim_start_matches(['h', 'b'])
                .trim();
            out.push_str(&rest[..open]);
            let name = &rest[open..close];
            if literal == "(" && self.data.iter().any(|file| file.name == name) {
                out.push_str(&format!("{}/", images.display()));
            }
            out.push_str(name);
            rest = &rest[close..];
        }
        out.push_str(rest);
        out
    }
}

fn is_identifier(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

fn is_plain(name: &str) -> bool {
    let letters = name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "._-/".contains(letter));
    let inside = Path::new(name)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    letters && inside && !name.is_empty() && !name.starts_with('-')
}

fn list_images(folder: &Path, prefix: &str, names: &mut Vec<String>) -> Result<(), Error> {
    let list = |error| ToolError::io("list folder", folder)(error);
    for entry in fs::read_dir(folder).map_err(list)? {
        let entry = entry.map_err(list)?;
        let file = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type().map_err(list)?.is_dir() {
            list_images(&entry.path(), &format!("{prefix}{file}/"), names)?;
        } else if file.ends_with(".hex") || file.ends_with(".mem") {
            names.push(format!("{prefix}{file}"));
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, Error> {
    Ok(fs::read_to_string(path).map_err(ToolError::io("read", path))?)
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(ToolError::io("create folder", folder))?;
    }
    Ok(fs::write(path, text).map_err(ToolError::io("write", path))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_image(name: &str) -> Design {
        let mut design = Design::single("top", "clock", "");
        design.data.push(TextFile {
            name: name.to_owned(),
            text: String::new(),
        });
        design
    }

    #[test]
    fn only_known_literal_image_names_become_absolute() {
        let design = with_image("rom/a.hex");
        let text = "$readmemh( \"rom/a.hex\", m); $readmemb(\"b.hex\", m); $readmemh(NAME, \"rom/a.hex\"); x";
        let patched = design.with_images(text, Path::new("/images"));
        assert_eq!(
            patched,
            "$readmemh( \"/images/rom/a.hex\", m); $readmemb(\"b.hex\", m); $readmemh(NAME, \"rom/a.hex\"); x"
        );
    }

    #[test]
    fn names_stay_inside_the_folder() {
        for name in ["../a.v", "/a.v", "a b.v", "-x.v", "", "a;b"] {
            let refused = with_image(name).check();
            assert!(matches!(refused, Err(Error::FileName { .. })), "{name}");
        }
        assert!(with_image("rom/a-1_b.hex").check().is_ok());
    }

    #[test]
    fn the_clock_and_the_top_are_identifiers() {
        let mut design = Design::single("top", "clock; int x", "module top; endmodule");
        assert!(matches!(design.check(), Err(Error::Design { .. })));
        design.clock = None;
        assert!(design.check().is_ok());
    }
}
