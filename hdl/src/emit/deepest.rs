//! The deepest paths of a design.

use crate::netlist::{Depth, Module};
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

/// How many paths are told.
pub const DEEPEST: usize = 10;

/// A path between two registers, by where it ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeepPath {
    /// What stands on it.
    pub depth: Depth,
    /// The module.
    pub module: String,
    /// The register or memory where it ends.
    pub end: String,
}

impl fmt::Display for DeepPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let d = &self.depth;
        write!(f, "{} {}: ", self.module, self.end)?;
        if d.products > 0 {
            return write!(f, "{} DSP product", d.products);
        }
        if d.chains == 0 {
            return write!(f, "{} LUT levels", d.lut_levels);
        }
        write!(f, "carry chain of {} bits", d.chain_bits)?;
        if d.compressors > 0 {
            write!(f, " behind a 3:2 compressor")?;
        }
        if d.lut_levels > 0 {
            write!(f, " behind {} LUT level", d.lut_levels)?;
        }
        Ok(())
    }
}

/// The [`DEEPEST`] paths of `top` and all modules below, deepest first.
pub fn deepest(top: &Arc<Module>) -> Vec<DeepPath> {
    let mut paths = Vec::new();
    let mut seen = HashSet::new();
    visit(top, &mut seen, &mut paths);
    paths.sort_by(|x, y| y.depth.cmp(&x.depth).then_with(|| x.cmp(y)));
    paths.dedup();
    paths.truncate(DEEPEST);
    paths
}

fn visit(module: &Arc<Module>, seen: &mut HashSet<*const Module>, paths: &mut Vec<DeepPath>) {
    if !seen.insert(Arc::as_ptr(module)) {
        return;
    }
    let worst = &module.depth_report().worst;
    paths.extend(worst.iter().map(|(end, depth)| DeepPath {
        depth: *depth,
        module: module.name().to_owned(),
        end: end.clone(),
    }));
    for (_, child) in module.children() {
        visit(child, seen, paths);
    }
}
