//! Sockets and their names.

use std::fs;
use std::os::unix::net::UnixListener;

use goldilane_sim::vfio_user::{ListenError, Listener};

use crate::support::{board, fresh_path};

#[test]
fn a_name_comes_and_goes_with_its_board() {
    let board = board();
    assert!(board.path.exists());
    let path = board.path.clone();
    board.server.stop().expect("stop");
    assert!(!path.exists());
}

#[test]
fn a_socket_in_use_stays_in_use() {
    let board = board();
    let client = board.client();
    for _ in 0..2 {
        let refused = Listener::bind(&board.path);
        assert!(matches!(refused, Err(ListenError::InUse(_))), "{refused:?}");
        assert!(board.path.exists());
    }
    drop(client);
    board.still_fine();
}

#[test]
fn what_a_dead_process_left_is_taken_over() {
    let path = fresh_path();
    drop(UnixListener::bind(&path).expect("a socket"));
    assert!(path.exists(), "the standard library leaves names");
    let listener = Listener::bind(&path).expect("taken over");
    assert_eq!(listener.path(), path);
    // Somebody takes the name away and makes it anew: that one is not removed.
    fs::remove_file(&path).expect("remove");
    fs::write(&path, "mine").expect("write");
    drop(listener);
    assert_eq!(fs::read(&path).expect("read"), b"mine");
    fs::remove_file(&path).expect("remove");
}

#[test]
fn what_is_no_socket_is_not_touched() {
    let path = fresh_path();
    fs::write(&path, "notes").expect("write");
    let refused = Listener::bind(&path);
    assert!(matches!(refused, Err(ListenError::NoSocket(_))));
    assert_eq!(fs::read(&path).expect("read"), b"notes");
    fs::remove_file(&path).expect("remove");
    let nowhere = path.join("a").join("b.sock");
    assert!(matches!(
        Listener::bind(&nowhere),
        Err(ListenError::Refused { .. })
    ));
}
