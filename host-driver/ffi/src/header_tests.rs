//! The header says what the library does: the same functions, the same numbers.

use crate::status::Status;

const HEADER: &str = include_str!("../include/goldilane.h");
const EXPORTS: &str = include_str!("exports.rs");

/// The identifiers that stand between `before` and `after`.
fn names<'a>(text: &'a str, before: &str, after: char) -> Vec<&'a str> {
    let mut names: Vec<&str> = text
        .match_indices(before)
        .filter_map(|(place, _)| text[place + before.len()..].split_once(after))
        .map(|(name, _)| name)
        .filter(|name| {
            name.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
        .collect();
    names.sort_unstable();
    names
}

#[test]
fn the_same_functions() {
    let exported = names(EXPORTS, "extern \"C\" fn ", '(');
    let mut declared = names(HEADER, "goldilane_status goldilane_", '(');
    declared.extend(names(HEADER, "const char *goldilane_", '('));
    declared.extend(names(HEADER, "uint32_t goldilane_", '('));
    declared.sort_unstable();
    let declared: Vec<String> = declared
        .iter()
        .map(|name| format!("goldilane_{name}"))
        .collect();
    assert!(exported.len() > 10, "{exported:?}");
    assert_eq!(exported, declared);
}

#[test]
fn the_same_numbers() {
    let lines: Vec<&str> = HEADER
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("GOLDILANE_") && line.contains(" = "))
        .collect();
    assert_eq!(lines.len(), Status::ALL.len());
    for (line, (status, name)) in lines.iter().zip(Status::ALL) {
        let said = line.split([',', '/']).next().unwrap_or_default().trim();
        assert_eq!(said, format!("{name} = {}", *status as i32));
    }
}
