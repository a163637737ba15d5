//! Cores of FuseSoC, read back: which files a target of a core names, in which order, those of the cores that it depends
//! on first. Strict: a key that `lists` does not write is an error.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// A line below `files:`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    /// A path, or `!flag ? (path)`: left out with the flag.
    Plain(String),
    /// A path and what is done with it.
    With(BTreeMap<String, Copied>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Copied {
    /// The name under which a tool finds it.
    copyto: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fileset {
    files: Vec<Entry>,
    file_type: String,
    #[serde(default)]
    depend: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Target {
    filesets: Vec<String>,
    #[serde(rename = "toplevel")]
    top: String,
    #[serde(default)]
    flags: BTreeMap<String, bool>,
    #[serde(rename = "flow")]
    _flow: Option<String>,
    #[serde(rename = "flow_options")]
    _flow_options: Option<IgnoredAny>,
}

/// A core as its file tells of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Core {
    #[serde(rename = "CAPI=2")]
    _format: Option<IgnoredAny>,
    name: String,
    #[serde(rename = "description")]
    _description: String,
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

/// Cores by their names without the version, each with its folder below `bitstreams/`.
#[derive(Default)]
pub struct Cores(BTreeMap<String, (String, Core)>);

impl Entry {
    /// The path and its copy's name; nothing if one of `flags` leaves it out.
    fn wanted(&self, flags: &BTreeMap<String, bool>) -> Result<Option<(&str, Option<&str>)>> {
        let text = match self {
            Self::Plain(text) => text,
            Self::With(files) => {
                let mut files = files.iter();
                let (Some((file, with)), None) = (files.next(), files.next()) else {
                    bail!("a line names one file");
                };
                return Ok(Some((file, Some(&with.copyto))));
            }
        };
        let Some(condition) = text.strip_prefix('!') else {
            return Ok(Some((text, None)));
        };
        let file = condition
            .strip_suffix(')')
            .and_then(|c| c.split_once(" ? ("));
        let (flag, file) = file.with_context(|| format!("{text} is no condition"))?;
        let set = flags.get(flag).copied().unwrap_or(false);
        Ok((!set).then_some((file, None)))
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
    /// A text of another form, a name that there is already.
    pub fn add(&mut self, folder: &str, text: &str) -> Result<()> {
        let core: Core = serde_saphyr::from_str(text)?;
        let (name, _) = core
            .name
            .rsplit_once(':')
            .context("a core's name has a version")?;
        let name = name.to_owned();
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
    fn collect(
        &self,
        name: &str,
        target: &str,
        flags: &BTreeMap<String, bool>,
        named: &mut Named,
    ) -> Result<()> {
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
            for entry in &set.files {
                let wanted = entry.wanted(flags).with_context(|| name.to_owned())?;
                let Some((file, copy)) = wanted else { continue };
                let path = below(folder, file);
                match set.file_type.as_str() {
                    "verilogSource-2005" => named.verilog.push(path),
                    "xdc" => named.constraints.push(path),
                    "user" => {
                        let copy = copy.context("an image without a name")?;
                        named.images.push((path, copy.to_owned()));
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
        for target in self.core(core)?.1.targets.keys() {
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
