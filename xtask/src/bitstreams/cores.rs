//! Cores of FuseSoC, read back: which files a target of a core names, in which order, those of the cores that it depends
//! on first. Strict: a line that `lists` does not write is an error.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

/// A line below `files:`.
struct Entry {
    file: String,
    /// The flag with which it is left out.
    unless: Option<String>,
    /// The name under which a tool finds it.
    copyto: Option<String>,
}

#[derive(Default)]
struct Fileset {
    files: Vec<Entry>,
    file_type: String,
    depend: Vec<String>,
}

#[derive(Default)]
struct Target {
    filesets: Vec<String>,
    top: String,
    flags: Vec<String>,
}

/// A core as its file tells of it.
#[derive(Default)]
pub struct Core {
    /// Without the version.
    name: String,
    filesets: BTreeMap<String, Fileset>,
    targets: BTreeMap<String, Target>,
}

/// What a target names: paths below `bitstreams/`, files of Verilog in their order.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    pub verilog: Vec<String>,
    /// Memory images: path, and the name under which the Verilog reads it.
    pub images: Vec<(String, String)>,
    pub constraints: Vec<String>,
    pub top: String,
}

/// Cores by their names, each with its folder below `bitstreams/`.
#[derive(Default)]
pub struct Cores(BTreeMap<String, (String, Core)>);

/// The items of `[a, "b"]`.
fn items(text: &str) -> Result<Vec<String>> {
    let inner = text.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
    let inner = inner.with_context(|| format!("{text} is no list"))?;
    let item = |item: &str| item.trim().trim_matches('"').to_owned();
    Ok(inner.split(',').map(item).collect())
}

/// A line below `files:`: a path, a path under a condition, a path with the name of its copy.
fn entry(text: &str) -> Result<Entry> {
    let plain = |file: &str| -> Result<String> {
        let inside = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
        ensure!(
            !file.is_empty() && file.chars().all(inside),
            "{file} is no path"
        );
        Ok(file.to_owned())
    };
    let condition = text.strip_prefix("\"!").and_then(|t| t.strip_suffix(")\""));
    if let Some(condition) = condition {
        let (flag, file) = condition.split_once(" ? (").context("a condition")?;
        return Ok(Entry {
            file: plain(file)?,
            unless: Some(flag.to_owned()),
            copyto: None,
        });
    }
    let (file, copyto) = match text.split_once(": {copyto: ") {
        Some((file, copy)) => (
            file,
            Some(copy.strip_suffix('}').context("a closed brace")?),
        ),
        None => (text, None),
    };
    Ok(Entry {
        file: plain(file)?,
        unless: None,
        copyto: copyto.map(plain).transpose()?,
    })
}

impl Core {
    /// Reads a core.
    ///
    /// # Errors
    /// A line of another form.
    pub fn read(text: &str) -> Result<Self> {
        let mut core = Self::default();
        // The keys that stand above the line: of the first, the second and the third level.
        let mut above: [&str; 3] = [""; 3];
        ensure!(text.lines().next() == Some("CAPI=2:"), "it is no CAPI2");
        for (i, line) in text.lines().enumerate().skip(1) {
            let rest = line.trim_start();
            if rest.is_empty() || line.starts_with('#') {
                continue;
            }
            let level = (line.len() - rest.len()) / 2;
            core.line(level, rest, &mut above)
                .with_context(|| format!("line {}: {line}", i + 1))?;
        }
        ensure!(!core.name.is_empty(), "it has no name");
        Ok(core)
    }

    fn line<'a>(&mut self, level: usize, rest: &'a str, above: &mut [&'a str; 3]) -> Result<()> {
        if let Some(file) = rest.strip_prefix("- ") {
            ensure!(
                level == 3 && above[0] == "filesets" && above[2] == "files",
                "an item where none is expected"
            );
            self.fileset(above[1])?.files.push(entry(file)?);
            return Ok(());
        }
        let (key, value) = match rest.split_once(": ") {
            Some(pair) => pair,
            None => (rest.strip_suffix(':').context("no key")?, ""),
        };
        if let Some(place) = above.get_mut(level) {
            *place = key;
        }
        match (level, above[0], above[1], key) {
            (0, ..) if key == "name" => {
                let name = value.rsplit_once(':').context("no version")?.0;
                self.name = name.to_owned();
            }
            (0, ..) if ["description", "filesets", "targets"].contains(&key) => {}
            (1, "filesets", ..) => {
                let before = self.filesets.insert(key.to_owned(), Fileset::default());
                ensure!(before.is_none(), "twice");
            }
            (2, "filesets", _, "files") => {}
            (2, "filesets", set, "file_type") => self.fileset(set)?.file_type = value.to_owned(),
            (2, "filesets", set, "depend") => self.fileset(set)?.depend = items(value)?,
            (1, "targets", ..) => {
                let before = self.targets.insert(key.to_owned(), Target::default());
                ensure!(before.is_none(), "twice");
            }
            (2, "targets", target, "filesets") => self.target(target)?.filesets = items(value)?,
            (2, "targets", target, "toplevel") => self.target(target)?.top = value.to_owned(),
            (2, "targets", _, "flow" | "flow_options" | "flags") => {}
            (3, "targets", target, flag) if above[2] == "flags" && value == "true" => {
                self.target(target)?.flags.push(flag.to_owned());
            }
            (3, "targets", ..) if above[2] == "flow_options" => {}
            _ => bail!("nothing that is known here"),
        }
        Ok(())
    }

    fn fileset(&mut self, name: &str) -> Result<&mut Fileset> {
        self.filesets.get_mut(name).context("no such set of files")
    }

    fn target(&mut self, name: &str) -> Result<&mut Target> {
        self.targets.get_mut(name).context("no such target")
    }

    /// Names of the targets.
    fn targets(&self) -> impl Iterator<Item = &str> {
        self.targets.keys().map(String::as_str)
    }
}

/// `file` of a folder, as a path without steps back.
pub fn below(folder: &str, file: &str) -> String {
    let mut path = PathBuf::new();
    for part in Path::new(folder).join(file).components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path.display().to_string()
}

impl Cores {
    /// Adds the core that `text` is; it stands in `folder`, below `bitstreams/`.
    ///
    /// # Errors
    /// A line of another form, a name that there is already.
    pub fn add(&mut self, folder: &str, text: &str) -> Result<()> {
        let core = Core::read(text)?;
        let name = core.name.clone();
        let before = self.0.insert(name.clone(), (folder.to_owned(), core));
        ensure!(before.is_none(), "there are two cores {name}");
        Ok(())
    }

    /// What a target of a core names.
    ///
    /// # Errors
    /// No such core, target or set of files; files that are given twice.
    pub fn named(&self, core: &str, target: &str) -> Result<Named> {
        let of = self.core(core)?.1.targets.get(target);
        let of = of.with_context(|| format!("{core}: no target {target}"))?;
        let mut named = Named {
            verilog: Vec::new(),
            images: Vec::new(),
            constraints: Vec::new(),
            top: of.top.clone(),
        };
        self.collect(core, target, &of.flags, &mut named)?;
        let mut sorted: Vec<&String> = named.verilog.iter().collect();
        sorted.sort();
        let twice = sorted.windows(2).find(|pair| pair[0] == pair[1]);
        ensure!(twice.is_none(), "{core}, {target}: twice {twice:?}");
        Ok(named)
    }

    fn core(&self, name: &str) -> Result<&(String, Core)> {
        let found = self.0.get(name);
        found.with_context(|| format!("there is no core {name}"))
    }

    /// Adds the files of a target: the cores that it depends on with the flags of whoever asks, by their target
    /// `default`, then its own.
    fn collect(&self, name: &str, target: &str, flags: &[String], named: &mut Named) -> Result<()> {
        let (folder, core) = self.core(name)?;
        let of = core.targets.get(target);
        let of = of.with_context(|| format!("{name}: no target {target}"))?;
        let mut sets = Vec::new();
        for set in &of.filesets {
            let found = core.filesets.get(set);
            sets.push(found.with_context(|| format!("{name}, {target}: no files {set}"))?);
        }
        for depend in sets.iter().flat_map(|set| &set.depend) {
            self.collect(depend, "default", flags, named)?;
        }
        for set in sets {
            let wanted = |e: &&Entry| e.unless.as_ref().is_none_or(|flag| !flags.contains(flag));
            for entry in set.files.iter().filter(wanted) {
                let path = below(folder, &entry.file);
                match set.file_type.as_str() {
                    "verilogSource-2005" => named.verilog.push(path),
                    "xdc" => named.constraints.push(path),
                    "user" => {
                        let copy = entry.copyto.clone();
                        named
                            .images
                            .push((path, copy.context("an image without a name")?));
                    }
                    other => bail!("{name}: files of type {other}"),
                }
            }
        }
        Ok(())
    }

    /// The target `lint` of a core names just the files of `list`, in its order, and every target of it the top module
    /// `top` and the same files without those that `is_stub`. Gives what it names for `lint`.
    ///
    /// # Errors
    /// The first difference.
    pub fn check(
        &self,
        core: &str,
        list: &[String],
        top: &str,
        is_stub: impl Fn(&str) -> bool,
    ) -> Result<Named> {
        let targets = self.core(core)?.1.targets();
        for target in targets {
            let named = self.named(core, target)?;
            ensure!(
                named.top == top,
                "{core}, {target}: top module {}, not {top}",
                named.top
            );
            let wanted = |file: &&String| target == "lint" || !is_stub(file);
            let wanted: Vec<&String> = list.iter().filter(wanted).collect();
            if let Some(missing) = wanted.iter().find(|f| !named.verilog.contains(f)) {
                bail!("{core}, {target}: {missing} is missing");
            }
            if let Some(extra) = named.verilog.iter().find(|f| !wanted.contains(f)) {
                bail!("{core}, {target}: {extra} is in no list");
            }
            let differs = wanted.iter().zip(&named.verilog).find(|(a, b)| **a != *b);
            if let Some((expected, found)) = differs {
                bail!("{core}, {target}: {found} in the place of {expected}");
            }
        }
        self.named(core, "lint")
    }
}
