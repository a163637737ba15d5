//! Folders that are filled once: under a lock, under another name, renamed when whole.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::Error;

/// The cache folder: `$XDG_CACHE_HOME/goldilane`, by default `~/.cache/goldilane`. It need not exist yet.
pub fn root() -> Result<PathBuf, Error> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    // The XDG base directory rules: a relative path in the variable is to be ignored.
    set("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| set("HOME").map(|home| Path::new(&home).join(".cache")))
        .map(|base| base.join("goldilane"))
        .ok_or(Error::NoHome)
}

/// The folder `name` of the cache, filled by `fill` if it is not there. See [`place_in`].
pub fn place<E: From<Error>>(
    name: &str,
    fill: impl FnOnce(&Path) -> Result<(), E>,
) -> Result<PathBuf, E> {
    place_in(&root()?, name, fill)
}

/// The folder `base/name`; when it is absent, `fill` gets an empty folder, which then takes the name.
///
/// A second process that wants the same folder waits until the first one is done. If `fill` fails, nothing stays.
pub fn place_in<E: From<Error>>(
    base: &Path,
    name: &str,
    fill: impl FnOnce(&Path) -> Result<(), E>,
) -> Result<PathBuf, E> {
    let wanted = base.join(name);
    if wanted.is_dir() {
        return Ok(wanted);
    }
    fs::create_dir_all(base).map_err(Error::io("create folder", base))?;
    let lock_path = base.join(format!("{name}.lock"));
    // The lock falls when the file is closed, also when the process dies.
    let lock = File::create(&lock_path).map_err(Error::io("create lock file", &lock_path))?;
    lock.lock().map_err(Error::io("lock", &lock_path))?;
    if wanted.is_dir() {
        return Ok(wanted);
    }
    let growing = base.join(format!("{name}.part"));
    // What a process that was killed left behind: nobody else writes there while the lock is held.
    if growing.exists() {
        fs::remove_dir_all(&growing).map_err(Error::io("remove folder", &growing))?;
    }
    fs::create_dir(&growing).map_err(Error::io("create folder", &growing))?;
    if let Err(error) = fill(&growing) {
        // The first error is the one worth telling.
        let _ = fs::remove_dir_all(&growing);
        return Err(error);
    }
    fs::rename(&growing, &wanted).map_err(Error::io("rename into place", &wanted))?;
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn scratch(name: &str) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("goldilane-place-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn eight_threads_fill_once() {
        let base = scratch("threads");
        let fills = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let folder = place_in::<Error>(&base, "thing", |folder| {
                        fills.fetch_add(1, Ordering::SeqCst);
                        std::thread::sleep(std::time::Duration::from_millis(20));
                        fs::write(folder.join("whole"), "yes").map_err(Error::io("write", folder))
                    })
                    .expect("place");
                    assert_eq!(
                        fs::read_to_string(folder.join("whole")).expect("read"),
                        "yes"
                    );
                });
            }
        });
        assert_eq!(fills.load(Ordering::SeqCst), 1);
        fs::remove_dir_all(&base).expect("clean");
    }

    #[test]
    fn a_failed_fill_leaves_nothing_and_can_be_repeated() {
        let base = scratch("failed");
        let failed = place_in::<Error>(&base, "thing", |_| Err(Error::NoHome));
        assert!(matches!(failed, Err(Error::NoHome)));
        assert!(!base.join("thing").exists() && !base.join("thing.part").exists());
        assert!(place_in::<Error>(&base, "thing", |_| Ok(())).is_ok());
        fs::remove_dir_all(&base).expect("clean");
    }

    #[test]
    fn what_a_killed_process_left_is_removed() {
        let base = scratch("killed");
        fs::create_dir_all(base.join("thing.part")).expect("folder");
        fs::write(base.join("thing.part/torn"), "x").expect("file");
        let folder = place_in::<Error>(&base, "thing", |_| Ok(())).expect("place");
        assert!(!folder.join("torn").exists());
        fs::remove_dir_all(&base).expect("clean");
    }
}
