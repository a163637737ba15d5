//! Whoever answers is not believed and not waited for without end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use goldilane_abi::{BAR0_BYTES, PCI_DEVICE, PCI_VENDOR};
use goldilane_driver::{Device, Error};
use goldilane_driver_vfio::{SocketDevice, SocketOptions};
use goldilane_vfio_user::header::{Command, Header};
use goldilane_vfio_user::payload::{DeviceInfo, IrqInfo, RegionAccess, RegionInfo};
use goldilane_vfio_user::{Message, Stream, Version};

use crate::support::{SHORT, fresh_path, impostor, refusal};

fn send(stream: &Stream, header: Header, payload: &[u8]) {
    // The client may have left.
    let _gone = stream.send(header, payload, &[], SHORT);
}

/// The reply of a board with nothing in its registers.
fn ordinary(message: &Message) -> Vec<u8> {
    let words = |numbers: &[u32]| -> Vec<u8> {
        let bytes = numbers.iter().flat_map(|number| number.to_le_bytes());
        bytes.collect()
    };
    match Command::from_number(message.header.command) {
        Some(Command::Version) => Version::OURS.to_bytes(),
        Some(Command::DeviceInfo) => words(&[DeviceInfo::BYTES as u32, 3, 9, 5]),
        Some(Command::RegionInfo) => RegionInfo {
            size: BAR0_BYTES.into(),
            ..RegionInfo::default()
        }
        .to_bytes(),
        Some(Command::IrqInfo) => words(&[IrqInfo::BYTES as u32, 1, 2, 2]),
        Some(Command::RegionRead) => {
            let (access, _) = RegionAccess::parse(&message.payload).expect("an access");
            let mut reply = access.to_bytes();
            let id = u32::from(PCI_DEVICE) << 16 | u32::from(PCI_VENDOR);
            reply.extend(&id.to_le_bytes()[..access.count as usize]);
            reply
        }
        _ => Vec::new(),
    }
}

fn answer(message: &Message, stream: &Stream, payload: &[u8]) {
    if !message.header.no_reply {
        let header = message.header.reply_to(payload.len(), None);
        send(stream, header, payload);
    }
}

/// An impostor that gives another answer to one command.
fn other_answer(command: Command, payload: Vec<u8>) -> String {
    let (path, thread) = impostor(move |message, stream| {
        let asked = message.header.command == command as u16;
        let reply = if asked {
            payload.clone()
        } else {
            ordinary(message)
        };
        answer(message, stream, &reply);
        Some(())
    });
    let text = refusal(&path);
    thread.join().expect("the impostor");
    text
}

#[test]
fn nobody_there() {
    let path = fresh_path();
    assert!(refusal(&path).contains("connect: No such file or directory (os error 2)"));
    std::fs::write(&path, "").expect("write");
    assert!(refusal(&path).contains("connect: Connection refused (os error 111)"));
    std::fs::remove_file(&path).expect("remove");
    let long = path.join("x".repeat(200));
    assert!(refusal(&long).contains("connect: "));
}

#[test]
fn a_silent_process_is_not_waited_for() {
    for silent_from in 0..6 {
        let mut count = 0;
        let (path, thread) = impostor(move |message, stream| {
            if count >= silent_from {
                return Some(());
            }
            count += 1;
            answer(message, stream, &ordinary(message));
            Some(())
        });
        let start = Instant::now();
        let text = refusal(&path);
        assert!(text.contains("no answer after 200ms"), "{text}");
        assert!(start.elapsed() >= SHORT && start.elapsed() < 10 * SHORT);
        thread.join().expect("the impostor");
    }
}

/// A queue of connections that nobody takes is an end, too.
#[test]
fn a_process_that_takes_nobody_is_not_waited_for() {
    let path = fresh_path();
    let listener = std::os::unix::net::UnixListener::bind(&path).expect("a socket");
    let mut waiting = Vec::new();
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(20) {
        let text = refusal(&path);
        assert!(text.contains("no answer after"), "{text}");
        if text.contains("connect: ") {
            drop(listener);
            std::fs::remove_file(&path).expect("remove");
            return;
        }
        for _ in 0..2000 {
            let socket = rustix_socket(&path);
            let Some(socket) = socket else { break };
            waiting.push(socket);
        }
    }
    panic!("the queue never filled");
}

/// A connection that waits to be taken; `None` when the queue is full.
fn rustix_socket(path: &std::path::Path) -> Option<rustix::fd::OwnedFd> {
    use rustix::net::{
        AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with,
    };
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None).ok()?;
    let address = SocketAddrUnix::new(path).ok()?;
    connect(&socket, &address).ok().map(|()| socket)
}

#[test]
fn devices_that_are_none_of_ours_are_named() {
    let id = [&[0; 16][..], &[0x86, 0x80, 1, 2]].concat();
    for (command, payload, expected) in [
        (Command::Version, vec![0, 0, 1, 0], "it speaks 0.1"),
        (Command::Version, vec![0], "VERSION of 1 bytes"),
        (Command::DeviceInfo, vec![0; 16], "no PCI device"),
        (Command::DeviceInfo, vec![0; 3], "3 bytes where 16"),
        (Command::RegionRead, id, "PCI id 8086:0201 is no Goldilane"),
        (Command::RegionRead, vec![0; 18], "2 bytes where 4"),
        (Command::RegionInfo, vec![0; 32], "BAR0 has 0 bytes"),
        (Command::IrqInfo, vec![], "0 bytes where 16"),
    ] {
        let text = other_answer(command, payload);
        assert!(text.contains(expected), "{command:?}: {text}");
        assert!(text.starts_with("open socket:/"), "{text}");
    }
}

#[test]
fn errors_carry_their_errno() {
    let (path, thread) = impostor(|message, stream| {
        let refused = message.header.command == Command::SetIrqs as u16;
        if refused {
            send(stream, message.header.reply_to(0, Some(28)), &[]);
        } else {
            answer(message, stream, &ordinary(message));
        }
        Some(())
    });
    let text = refusal(&path);
    assert!(
        text.ends_with("set up interrupts: No space left on device (os error 28)"),
        "{text}"
    );
    thread.join().expect("the impostor");
}

#[test]
fn nonsense_ends_the_connection() {
    let garbage: [fn(Header) -> Header; 3] = [
        // Another command, another request, a size that no message has.
        |header| Header {
            command: 13,
            ..header
        },
        |header| Header {
            id: header.id + 7,
            ..header
        },
        |header| Header {
            size: u32::MAX,
            ..header
        },
    ];
    for spoil in garbage {
        let (path, thread) = impostor(move |message, stream| {
            send(stream, spoil(message.header.reply_to(0, None)), &[]);
            Some(())
        });
        let text = refusal(&path);
        assert!(!text.contains("no answer"), "told at once: {text}");
        thread.join().expect("the impostor");
    }
}

/// A board that asks for memory by messages is told that this client does not do that.
#[test]
fn commands_of_the_board_are_refused() {
    let refused = Arc::new(AtomicBool::new(false));
    let seen = refused.clone();
    let (path, thread) = impostor(move |message, stream| {
        if message.header.reply {
            seen.store(message.header.error == Some(95), Ordering::Relaxed);
            return Some(());
        }
        if message.header.command == Command::DeviceInfo as u16 {
            send(stream, Header::command(500, Command::DmaRead, 16), &[0; 16]);
        }
        answer(message, stream, &ordinary(message));
        Some(())
    });
    let device = SocketDevice::open(&path, SocketOptions { time_limit: SHORT }).expect("open");
    drop(device);
    thread.join().expect("the impostor");
    assert!(refused.load(Ordering::Relaxed));
}

/// One register read is not answered in time: an error that names it; the late answer is not taken for another's.
#[test]
fn a_late_answer_is_thrown_away() {
    const SLOW: u64 = 0x84;
    let mut late = None;
    let (path, thread) = impostor(move |message, stream| {
        let read = message.header.command == Command::RegionRead as u16;
        let (access, _) = RegionAccess::parse(&message.payload).unwrap_or_default();
        if read && access.region == 0 && access.offset == SLOW {
            late = Some(message.header);
            return Some(());
        }
        if let Some(header) = late.take() {
            let reply = [&access.to_bytes()[..], &[0xee; 4]].concat();
            send(stream, header.reply_to(reply.len(), None), &reply);
        }
        answer(message, stream, &ordinary(message));
        Some(())
    });
    let device = SocketDevice::open(&path, SocketOptions { time_limit: SHORT }).expect("open");
    let start = Instant::now();
    match device.read32(SLOW as u32) {
        Err(Error::TimedOut {
            operation, object, ..
        }) => {
            assert_eq!(operation, "read");
            assert!(object.starts_with("register 0x84 of socket:/"), "{object}");
        }
        other => panic!("{other:?}"),
    }
    assert!(start.elapsed() < 10 * SHORT);
    let id = u32::from(PCI_DEVICE) << 16 | u32::from(PCI_VENDOR);
    assert_eq!(device.read32(0).expect("the next read"), id);
    drop(device);
    thread.join().expect("the impostor");
}

/// The process dies: whoever waits for an interrupt, reads or writes is told at once, and again.
#[test]
fn a_death_is_noticed() {
    let dying = Arc::new(AtomicBool::new(false));
    let now = dying.clone();
    let (path, thread) = impostor(move |message, stream| {
        if now.load(Ordering::Relaxed) {
            return None;
        }
        answer(message, stream, &ordinary(message));
        Some(())
    });
    let limit = Duration::from_secs(30);
    let device = SocketDevice::open(&path, SocketOptions { time_limit: limit }).expect("open");
    let buffer = device.alloc_dma(64).expect("memory");
    assert!(!device.wait_interrupt(0, SHORT).expect("alive"));
    dying.store(true, Ordering::Relaxed);
    let start = Instant::now();
    device.write32(0, 0).expect("a posted write");
    let told = device.wait_interrupt(1, limit).expect_err("dead");
    assert!(
        told.to_string().contains("interrupt 1 of socket:/"),
        "{told}"
    );
    for _ in 0..2 {
        let told = device.read32(0).expect_err("dead").to_string();
        assert!(told.contains("closed the connection"), "{told}");
        assert!(device.write32(0, 0).is_err() && device.alloc_dma(64).is_err());
        assert!(device.reset().is_err());
    }
    assert!(start.elapsed() < limit / 2);
    thread.join().expect("the impostor");
    buffer
        .write(0, &[1; 64])
        .expect("memory outlives the board");
}
