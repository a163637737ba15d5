//! The generated files in the tree are those that the tables give. `GOLDILANE_REGENERATE=1` writes them anew.

use goldilane_abi::document;
use std::path::Path;

#[test]
fn generated_files_are_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = [
        (root.join("../../docs/host_interface.md"), document::page()),
        (root.join("generated/goldilane_abi.h"), document::c_header()),
        (root.join("generated/vectors.json"), document::vectors()),
    ];
    for (path, text) in files {
        if std::env::var_os("GOLDILANE_REGENERATE").is_some() {
            std::fs::write(&path, &text)
                .unwrap_or_else(|error| panic!("write {}: {error}", path.display()));
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            found == text,
            "{} is not what hdl/abi gives: run `GOLDILANE_REGENERATE=1 cargo test --release -p goldilane-abi`",
            path.display()
        );
    }
}
