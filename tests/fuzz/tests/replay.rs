//! Every input that is kept, once again: what the fuzzer grew (`corpus/`), and what it once broke something with
//! (`regressions/`).

use std::fs;
use std::path::{Path, PathBuf};

use goldilane_fuzz::{board, driver};

fn inputs(target: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<PathBuf> = ["corpus", "regressions"]
        .iter()
        .map(|kind| root.join(kind).join(target))
        .filter(|folder| folder.is_dir())
        .flat_map(|folder| fs::read_dir(folder).expect("a folder"))
        .map(|entry| entry.expect("a file").path())
        .collect();
    found.sort();
    assert!(!found.is_empty(), "no inputs for {target}");
    found
}

fn replay(target: &str, every: usize, run: fn(&[u8])) {
    for (index, path) in inputs(target).iter().enumerate() {
        let regression = path
            .components()
            .any(|part| part.as_os_str() == "regressions");
        if regression || index.is_multiple_of(every) {
            // The last name that is printed is the one that failed.
            println!("{}", path.display());
            run(&fs::read(path).expect("an input"));
        }
    }
}

#[test]
fn the_driver_survives_the_kept_devices() {
    replay("driver", 1, driver::run);
}

#[test]
fn the_model_board_survives_the_kept_hosts() {
    replay("board", 1, board::on_model);
}

#[test]
fn the_verilated_board_survives_the_kept_hosts() {
    replay("board", 4, board::on_rtl);
}
