//! The pages: sections by module, tables of ports, figures.

use std::path::{Path, PathBuf};

/// Begins the line in front of a figure's text.
const MARK: &str = "<!-- figure ";

/// A page of `docs/microarchitecture`.
pub struct Page {
    path: PathBuf,
    text: String,
}

/// A row of a table of ports.
#[derive(Clone, Debug)]
pub struct Row {
    /// Names, a part in angle brackets standing for any number.
    pub names: Vec<String>,
    /// An output.
    pub output: bool,
    /// Width as an expression, or none where it follows from the ranges of the words.
    pub width: Option<String>,
}

/// The section of one or several modules.
#[derive(Clone, Debug)]
pub struct Section {
    /// Their names, a part in angle brackets standing for any number.
    pub modules: Vec<String>,
    /// Their ports.
    pub rows: Vec<Row>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/microarchitecture")
}

/// All pages.
pub fn all() -> Vec<Page> {
    let entries = std::fs::read_dir(folder()).expect("docs/microarchitecture");
    let mut paths: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    let page = |path: PathBuf| Page {
        text: std::fs::read_to_string(&path).expect("a page"),
        path,
    };
    paths.into_iter().map(page).collect()
}

/// What stands between pairs of backquotes.
fn quoted(text: &str) -> Vec<String> {
    let parts = text.split('`').skip(1).step_by(2);
    parts.map(str::to_owned).collect()
}

/// Whether `name` is `pattern`, in which a part in angle brackets stands for a number.
pub fn is(pattern: &str, name: &str) -> bool {
    match pattern.split_once('<') {
        None => pattern == name,
        Some((before, rest)) => {
            let after = rest.split_once('>').expect("a closed bracket").1;
            let Some(tail) = name.strip_prefix(before) else {
                return false;
            };
            let digits = tail.chars().take_while(char::is_ascii_digit).count();
            digits > 0 && is(after, &tail[digits..])
        }
    }
}

impl Page {
    /// File name.
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// Sections under headings of the third level that name modules.
    pub fn sections(&self) -> Vec<Section> {
        let mut sections: Vec<Section> = Vec::new();
        let mut inside = false;
        for line in self.text.lines() {
            if let Some(heading) = line.strip_prefix('#') {
                let modules = quoted(heading);
                inside = heading.starts_with("## ") && !modules.is_empty();
                if inside {
                    sections.push(Section {
                        modules,
                        rows: Vec::new(),
                    });
                }
            }
            let cells: Vec<&str> = line
                .split(" | ")
                .map(|c| c.trim_matches(['|', ' ']))
                .collect();
            let direction = cells.get(1).copied().unwrap_or_default();
            if !inside || cells.len() < 4 || !["in", "out"].contains(&direction) {
                continue;
            }
            let section = sections.last_mut().expect("inside one");
            section.rows.push(Row {
                names: quoted(cells[0]),
                output: direction == "out",
                width: (cells[2] != "range").then(|| cells[2].to_owned()),
            });
        }
        sections
    }

    /// Where the text of a figure stands.
    fn place(&self, name: &str) -> Option<(usize, usize)> {
        let mark = format!("{MARK}{name} -->\n```text\n");
        let begin = self.text.find(&mark)? + mark.len();
        let end = begin + self.text[begin..].find("```")?;
        Some((begin, end))
    }

    /// The text of a figure.
    pub fn figure(&self, name: &str) -> Option<&str> {
        self.place(name).map(|(begin, end)| &self.text[begin..end])
    }

    /// Names of all figures.
    pub fn figures(&self) -> Vec<String> {
        let names = self.text.lines().filter_map(|l| l.strip_prefix(MARK));
        names
            .filter_map(|l| l.strip_suffix(" -->"))
            .map(str::to_owned)
            .collect()
    }

    /// Writes the page with another text in the place of a figure's.
    pub fn replace_figure(&self, name: &str, text: &str) {
        // Another figure of the page may have been written before.
        let now = Page {
            text: std::fs::read_to_string(&self.path).expect("a page"),
            path: self.path.clone(),
        };
        let (begin, end) = now.place(name).expect("a figure");
        let all = [&now.text[..begin], text, &now.text[end..]].concat();
        std::fs::write(&self.path, all).expect("written");
    }
}
