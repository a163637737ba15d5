//! Tables, for people at a terminal and for pages.

use std::fmt::{self, Write};

use comfy_table::{Table, presets};

/// A table: its columns' heads, its rows.
pub struct Grid {
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Grid {
    /// A table of these rows.
    pub fn new(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        Self {
            heads: heads.iter().map(ToString::to_string).collect(),
            rows: rows.into_iter().collect(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// For a page.
    pub fn markdown(&self) -> String {
        let mut text = format!(
            "| {} |\n|{}\n",
            self.heads.join(" | "),
            "---|".repeat(self.heads.len())
        );
        for row in &self.rows {
            let _ = writeln!(text, "| {} |", row.join(" | "));
        }
        text
    }
}

impl fmt::Display for Grid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new();
        table.load_preset(presets::UTF8_FULL_CONDENSED);
        table.set_header(&self.heads);
        for row in &self.rows {
            table.add_row(row);
        }
        write!(f, "{table}")
    }
}
