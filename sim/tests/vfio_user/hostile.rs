//! Messages that no orderly client sends: each is answered with an errno, or ends its own connection and nothing else.

use std::io::Write;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use goldilane_sim::vfio_user::Event;
use goldilane_vfio_user::header::{Command, Header};
use goldilane_vfio_user::payload::{DmaUnmap, RegionAccess, SetIrqs, dma, irq, region};
use goldilane_vfio_user::{MAX_FDS, MAX_MESSAGE, MAX_TRANSFER, StreamError, Version, errno};
use rustix::event::{EventfdFlags, eventfd};

use crate::support::{Client, LIMIT, board, mapping, memory_file};

#[test]
fn torn_messages_end_their_connection_only() {
    let board = board();
    let message = [
        &Header::command(0, Command::Version, 40).to_bytes()[..],
        &[0; 40],
    ]
    .concat();
    for length in [1, 15, 16, 17, 55] {
        let mut client = Client::connect(&board);
        client.raw.write_all(&message[..length]).expect("write");
        drop(client);
        assert!(board.parted().contains("within a message"), "{length}");
        board.still_fine();
        board.parted();
    }
}

#[test]
fn headers_that_cannot_be_are_told_and_left() {
    let board = board();
    for (size, flags, errno) in [
        (0, 0, errno::EINVAL),
        (15, 0, errno::EINVAL),
        (MAX_MESSAGE + 1, 0, errno::E2BIG),
        (u32::MAX, 0, errno::E2BIG),
        (16, 2, errno::EINVAL),
        (16, 0xf, errno::EINVAL),
    ] {
        let mut client = board.client();
        let mut bytes = Header::command(77, Command::DmaMap, 0).to_bytes();
        bytes[4..8].copy_from_slice(&size.to_le_bytes());
        bytes[8..12].copy_from_slice(&u32::to_le_bytes(flags));
        client.raw.write_all(&bytes).expect("write");
        let reply = client.receive().expect("a reply");
        assert_eq!((reply.header.id, reply.header.error), (77, Some(errno)));
        assert!(matches!(client.receive(), Err(StreamError::Closed)));
        board.parted();
    }
    board.still_fine();
}

#[test]
fn commands_that_do_not_exist_are_refused() {
    let board = board();
    let mut client = board.client();
    for command in [0, 14, 15, 16, 255, u16::MAX] {
        assert_eq!(client.ask(command, &[1; 40], &[]), Err(errno::ENOTSUP));
    }
    for command in [Command::RegionIoFds, Command::DmaRead, Command::DmaWrite] {
        assert_eq!(client.request(command, &[0; 64], &[]), Err(errno::ENOTSUP));
    }
    assert_eq!(client.register(0), Ok(goldilane_abi::MAGIC));
}

#[test]
fn replies_to_nothing_are_passed_over() {
    let board = board();
    let mut client = board.client();
    let reply = Header::command(3, Command::DmaRead, 8).reply_to(8, None);
    client.send(reply, &[0; 8], &[]);
    assert_eq!(client.register(0), Ok(goldilane_abi::MAGIC));
}

#[test]
fn the_version_comes_first_and_once() {
    let board = board();
    let mut client = Client::connect(&board);
    for command in 2..=13 {
        assert_eq!(
            client.ask(command, &[0; 32], &[]),
            Err(errno::EINVAL),
            "{command}"
        );
    }
    let ours = Version::OURS.to_bytes();
    let mut other = ours.clone();
    other[0] = 1;
    let version = |client: &mut Client, bytes: &[u8]| client.request(Command::Version, bytes, &[]);
    assert_eq!(version(&mut client, &other), Err(errno::ENOTSUP));
    for text in [&ours[..3], &ours[..ours.len() - 1], b"\0\0\0\0{\0"] {
        assert_eq!(version(&mut client, text), Err(errno::EINVAL));
    }
    let deep = [&[0; 4][..], &b"[".repeat(60_000), &[0]].concat();
    assert_eq!(version(&mut client, &deep), Err(errno::EINVAL));
    client.negotiate();
    assert_eq!(version(&mut client, &ours), Err(errno::EINVAL));
}

#[test]
fn payloads_that_are_too_short_are_refused() {
    let board = board();
    let mut client = board.client();
    for (command, bytes) in [
        (Command::DmaMap, 32),
        (Command::DmaUnmap, 24),
        (Command::DeviceInfo, 16),
        (Command::RegionInfo, 32),
        (Command::IrqInfo, 16),
        (Command::SetIrqs, 20),
        (Command::RegionRead, 16),
        (Command::RegionWrite, 16),
    ] {
        for length in 0..bytes {
            let refused = client.request(command, &vec![0; length], &[]);
            assert_eq!(refused, Err(errno::EINVAL), "{command:?} {length}");
        }
    }
}

#[test]
fn accesses_outside_of_regions_are_refused() {
    let board = board();
    let mut client = board.client();
    for (index, offset, count, expected) in [
        (region::BAR0, 0x2000, 4, errno::EINVAL),
        (region::BAR0, 0x1ffe, 4, errno::EINVAL),
        (region::BAR0, 2, 4, errno::EINVAL),
        (region::BAR0, 0, 2, errno::EINVAL),
        (region::BAR0, u64::MAX, 4, errno::EINVAL),
        (region::BAR0, u64::MAX - 3, 4, errno::EINVAL),
        (region::BAR0, 0, 0, errno::EINVAL),
        (1, 0, 4, errno::EINVAL),
        (region::BAR4, 4094, 4, errno::EINVAL),
        (region::CONFIG, 4095, 2, errno::EINVAL),
        (region::CONFIG, 4096, 1, errno::EINVAL),
        (region::COUNT, 0, 4, errno::EINVAL),
        (u32::MAX, 0, 4, errno::EINVAL),
        (region::CONFIG, 0, MAX_TRANSFER + 1, errno::E2BIG),
        (region::CONFIG, 0, u32::MAX, errno::E2BIG),
    ] {
        let access = RegionAccess {
            offset,
            region: index,
            count,
        };
        let read = client.request(Command::RegionRead, &access.to_bytes(), &[]);
        assert_eq!(read, Err(expected), "{access:?}");
        if count <= 4 {
            let data = vec![0; count as usize];
            assert_eq!(client.write(index, offset, &data), Err(expected));
        }
    }
    // Another number of bytes than announced.
    let access = RegionAccess {
        offset: 0,
        region: region::CONFIG,
        count: 4,
    };
    for length in [0, 3, 5] {
        let payload = [access.to_bytes(), vec![0; length]].concat();
        let refused = client.request(Command::RegionWrite, &payload, &[]);
        assert_eq!(refused, Err(errno::EINVAL));
    }
}

#[test]
fn memory_that_cannot_be_mapped_is_refused() {
    let board = board();
    let mut client = board.client();
    let file = memory_file(0x4000, true);
    for (address, size, offset) in [
        (0x1000, 0, 0),
        (0x1000, 1, 0),
        (1, 0x1000, 0),
        (0x1000, 0x1000, 1),
        (0x1000, 0x5000, 0),
        (0x1000, 0x1000, 0x4000),
        (u64::MAX - 0xfff, 0x1000, 0),
        (0x1000, u64::MAX - 0xfff, 0),
        (0x1000, 0x1000, u64::MAX - 0xfff),
    ] {
        let request = mapping(address, size, offset);
        assert_eq!(client.map(request, Some(&file)), Err(errno::EINVAL));
    }
    let good = mapping(0x1000, 0x1000, 0);
    assert_eq!(
        client.map(good, Some(&memory_file(0x4000, false))),
        Err(errno::EINVAL),
        "it could shrink"
    );
    let (pipe, _other) = std::io::pipe().expect("a pipe");
    assert_eq!(client.map(good, Some(&pipe.into())), Err(errno::EINVAL));
    let disk = std::fs::File::open("/proc/self/exe").expect("a file");
    assert_eq!(client.map(good, Some(&disk.into())), Err(errno::EINVAL));
    // Descriptors: two where one belongs, one where none does, more than a message may have.
    let fds = [file.as_fd(), file.as_fd()];
    let two = client.request(Command::DmaMap, &good.to_bytes(), &fds);
    assert_eq!(two, Err(errno::EINVAL));
    let one = client.request(Command::DeviceInfo, &[0; 16], &fds[..1]);
    assert_eq!(one, Err(errno::EINVAL));
    let unmap = DmaUnmap {
        flags: dma::UNMAP_ALL,
        ..DmaUnmap::default()
    };
    let one = client.request(Command::DmaUnmap, &unmap.to_bytes(), &fds[..1]);
    assert_eq!(one, Err(errno::EINVAL));
    assert_eq!(board.server.with(|site| site.mappings()), Ok(0));
    // And as it should be; without a descriptor too, as virtual machines do for memory that is no file.
    assert_eq!(client.map(good, Some(&file)), Ok(()));
    assert_eq!(client.map(good, Some(&file)), Err(errno::EEXIST));
    assert_eq!(client.map(mapping(0x9000, 0x1000, 0), None), Ok(()));
    assert_eq!(board.server.with(|site| site.mappings()), Ok(2));
    let all = client.request(Command::DmaUnmap, &unmap.to_bytes(), &[]);
    assert_eq!(all, Ok(unmap.to_bytes()));
    assert_eq!(board.server.with(|site| site.mappings()), Ok(0));
}

#[test]
fn interrupts_that_cannot_be_are_refused() {
    let board = board();
    let mut client = board.client();
    let event = eventfd(0, EventfdFlags::CLOEXEC).expect("an event");
    let mut set = |start: u32, count: u32, fds: usize| {
        let request = SetIrqs {
            argsz: SetIrqs::BYTES as u32,
            flags: irq::DATA_EVENTFD | irq::ACTION_TRIGGER,
            index: irq::MSIX,
            start,
            count,
        };
        let fds = vec![event.as_fd(); fds];
        client
            .request(Command::SetIrqs, &request.to_bytes(), &fds)
            .map(drop)
    };
    for (start, count, fds) in [
        (0, 2, 1),
        (0, 1, 2),
        (2, 1, 1),
        (0, u32::MAX, 0),
        (u32::MAX, 1, 1),
        (0, 2, MAX_FDS),
    ] {
        assert_eq!(set(start, count, fds), Err(errno::EINVAL));
    }
    assert_eq!(set(0, 2, 2), Ok(()));
    assert_eq!(set(0, 2, 0), Ok(()));
}

/// A client that stops in the middle of a message holds neither the board nor whoever runs it.
#[test]
fn a_slow_client_holds_nobody() {
    let board = board();
    let mut slow = board.client();
    slow.raw.write_all(&[1, 0, 9]).expect("half a header");
    let start = Instant::now();
    board.server.with(|_| ()).expect("the board's thread");
    let mut second = Client::connect(&board);
    let told = second.receive().expect("a reply before anything is asked");
    assert_eq!(told.header.error, Some(errno::EBUSY));
    assert!(matches!(second.receive(), Err(StreamError::Closed)));
    assert!(start.elapsed() < LIMIT / 2);
    let event = board
        .events
        .iter()
        .find(|event| *event == Event::TurnedAway);
    assert!(event.is_some());
    drop(slow);
    assert!(board.parted().contains("within a message"));
    board.still_fine();
}

/// A client that reads no replies is left when it holds the board up.
#[test]
fn a_deaf_client_is_left() {
    let board = board();
    let mut deaf = board.client();
    let access = RegionAccess {
        offset: 0,
        region: region::CONFIG,
        count: 4096,
    };
    let header = Header::command(1, Command::RegionRead, RegionAccess::BYTES);
    let bytes = [&header.to_bytes()[..], &access.to_bytes()].concat();
    let start = Instant::now();
    // Until the board's thread waits for room, and no longer reads either.
    while deaf.raw.write_all(&bytes).is_ok() {
        assert!(start.elapsed() < LIMIT);
    }
    assert!(board.parted().contains("not sent after"));
    assert!(
        start.elapsed() > Duration::from_secs(1),
        "it was waited for"
    );
    drop(deaf);
    board.still_fine();
}

/// Whoever comes the moment another has left is not turned away.
#[test]
fn clients_in_quick_succession() {
    let board = board();
    for _ in 0..50 {
        board.still_fine();
    }
    let turned_away = board
        .events
        .try_iter()
        .any(|event| event == Event::TurnedAway);
    assert!(!turned_away);
}

/// What a client mapped ends with it, whether it said so or not; the next one finds configuration space as after a reset.
#[test]
fn nothing_is_inherited() {
    let board = board();
    let mut first = board.client();
    let request = mapping(0x1000, 0x1000, 0);
    first
        .map(request, Some(&memory_file(0x1000, true)))
        .expect("a mapping");
    drop(first);
    board.parted();
    assert_eq!(board.server.with(|site| site.mappings()), Ok(0));
    let mut second = Client::connect(&board);
    second.negotiate();
    assert_eq!(second.read(region::CONFIG, 4, 2), Ok(vec![0, 0]));
    second
        .map(request, Some(&memory_file(0x1000, true)))
        .expect("the same address");
}
