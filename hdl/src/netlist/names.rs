//! What may be called what.

use super::builder::Inner;
use super::keywords::is_reserved;
use super::module::NetlistError;
use std::collections::HashSet;

/// No name is one of the language's, and none stands for two things. Tables may share a name among themselves: those behind
/// the first get a number.
pub(super) fn check(module: &str, inner: &Inner) -> Result<(), NetlistError> {
    let names = || {
        (inner.inputs.iter().map(|p| p.name.as_str()))
            .chain(inner.outputs.iter().map(|p| p.name.as_str()))
            .chain(inner.rams.iter().map(|r| r.name.as_str()))
            .chain(inner.instances.iter().map(|i| i.name.as_str()))
    };
    let tables = || inner.roms.iter().map(|r| r.name.as_str());
    let mut all = names().chain(tables()).chain([module]);
    if let Some(name) = all.find(|name| is_reserved(name)) {
        return Err(NetlistError::Reserved {
            module: module.to_owned(),
            name: name.to_owned(),
        });
    }
    let mut seen = HashSet::new();
    let mut twice = names().find(|name| !seen.insert(*name));
    twice = twice.or_else(|| tables().find(|name| seen.contains(name)));
    match twice {
        Some(name) => Err(NetlistError::NameTwice {
            module: module.to_owned(),
            name: name.to_owned(),
        }),
        None => Ok(()),
    }
}
