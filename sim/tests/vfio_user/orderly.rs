//! What a virtual machine's client asks for.

use std::os::fd::AsFd;
use std::time::Instant;

use goldilane_abi::registers::queue_status::FETCH_FAULT;
use goldilane_abi::{BAR0_BYTES, Descriptor, Opcode, PCI_DEVICE, PCI_VENDOR, flags, registers};
use goldilane_vfio_user::header::{Command, Header};
use goldilane_vfio_user::payload::{
    DeviceInfo, IrqInfo, RegionAccess, RegionInfo, SetIrqs, irq, region,
};
use rustix::event::{EventfdFlags, eventfd};

use crate::support::{LIMIT, board, mapping, memory_file};

#[test]
fn the_device_describes_itself() {
    let board = board();
    let mut client = board.client();
    let request = DeviceInfo::default().to_bytes();
    let reply = client.request(Command::DeviceInfo, &request, &[]);
    let (info, _) = DeviceInfo::parse(&reply.expect("a device")).expect("a device");
    assert_eq!((info.flags, info.regions, info.irqs), (3, 9, 5));
    let sizes: Vec<u64> = (0..region::COUNT)
        .map(|index| {
            let request = RegionInfo {
                argsz: RegionInfo::BYTES as u32,
                index,
                ..RegionInfo::default()
            };
            let reply = client.request(Command::RegionInfo, &request.to_bytes(), &[]);
            let (info, _) = RegionInfo::parse(&reply.expect("a region")).expect("a region");
            assert_eq!(info.argsz, RegionInfo::BYTES as u32);
            assert_eq!((info.index, info.flags == 3), (index, info.size > 0));
            info.size
        })
        .collect();
    assert_eq!(sizes, [BAR0_BYTES.into(), 0, 0, 0, 4096, 0, 0, 4096, 0]);
    let counts: Vec<u32> = (0..irq::COUNT)
        .map(|index| {
            let request = IrqInfo {
                index,
                ..IrqInfo::default()
            };
            let reply = client.request(Command::IrqInfo, &request.to_bytes(), &[]);
            let (info, _) = IrqInfo::parse(&reply.expect("an index")).expect("an index");
            info.count
        })
        .collect();
    assert_eq!(counts, [0, 0, 2, 1, 1]);
    for command in [Command::RegionInfo, Command::IrqInfo] {
        let mut request = [0; 32];
        request[8] = 9;
        assert_eq!(client.request(command, &request, &[]), Err(22));
    }
}

#[test]
fn all_of_configuration_space_is_read_at_once() {
    let board = board();
    let mut client = board.client();
    let config = client.read(region::CONFIG, 0, 4096).expect("configuration");
    assert_eq!(config[..2], PCI_VENDOR.to_le_bytes());
    assert_eq!(config[2..4], PCI_DEVICE.to_le_bytes());
    assert_eq!(client.read(region::CONFIG, 4, 1), Ok(vec![6]));
}

#[test]
fn without_memory_space_the_bars_are_silent() {
    let board = board();
    let mut client = board.client();
    client.write(region::BAR4, 0, &[9; 4]).expect("a table");
    client.write(region::CONFIG, 4, &[4, 0]).expect("off");
    assert_eq!(client.register(0), Ok(u32::MAX));
    assert_eq!(client.read(region::BAR4, 0, 4), Ok(vec![0xff; 4]));
    client.write(region::CONFIG, 4, &[6, 0]).expect("on");
    assert_eq!(client.register(0), Ok(goldilane_abi::MAGIC));
    assert_eq!(client.read(region::BAR4, 0, 4), Ok(vec![9; 4]));
}

#[test]
fn several_registers_are_read_in_one_message() {
    let board = board();
    let mut client = board.client();
    let two = client.read(region::BAR0, 0, 8).expect("two registers");
    assert_eq!(two[..4], goldilane_abi::MAGIC.to_le_bytes());
    assert_eq!(
        two[4..],
        client.register(4).expect("the second").to_le_bytes()
    );
}

/// The reset by the PCI Express capability takes the command register too; the reset by command does not.
#[test]
fn resets() {
    let board = board();
    let mut client = board.client();
    let lanes = u64::from(registers::LANES.offset);
    for by_capability in [false, true] {
        client.enable();
        client
            .write(region::BAR0, lanes, &[1; 4])
            .expect("an entry in the log");
        if by_capability {
            client
                .write(region::CONFIG, 0x48, &0x8000_u16.to_le_bytes())
                .expect("FLR");
            assert_eq!(client.read(region::CONFIG, 4, 2), Ok(vec![0, 0]));
            client.enable();
        } else {
            client
                .request(Command::DeviceReset, &[], &[])
                .expect("reset");
            assert_eq!(client.read(region::CONFIG, 4, 2), Ok(vec![6, 0]));
        }
        let status = client.register(registers::STATUS.offset.into());
        assert_eq!(status.expect("status") & registers::status::RESETTING, 0);
        let errors = client.register(registers::ERROR_COUNT.offset.into());
        assert!(errors.expect("count") > 0, "the log survives");
    }
}

#[test]
fn posted_writes_are_not_answered() {
    let board = board();
    let mut client = board.client();
    let mut post = |region: u32, offset: u64, data: &[u8]| {
        let access = RegionAccess {
            offset,
            region,
            count: data.len() as u32,
        };
        let payload = [&access.to_bytes()[..], data].concat();
        let header = Header {
            no_reply: true,
            ..Header::command(99, Command::RegionWrite, payload.len())
        };
        client.send(header, &payload, &[]);
    };
    post(region::CONFIG, 0x3c, &[0x5a]);
    post(region::BAR0, u64::MAX, &[0; 4]);
    assert_eq!(client.read(region::CONFIG, 0x3c, 1), Ok(vec![0x5a]));
}

/// Without bus mastering the board reaches no memory and raises no interrupt; with it, both.
#[test]
fn bus_mastering_lets_the_board_out() {
    const RINGS: u64 = 0x12_3400_0000;
    for master in [false, true] {
        let board = board();
        let mut client = board.client();
        let file = memory_file(0x2000, true);
        let no_op = Descriptor {
            flags: flags::INTERRUPT,
            ..Descriptor::new(Opcode::NoOp)
        };
        rustix::io::pwrite(&file, &no_op.to_bytes(), 0).expect("a descriptor");
        client
            .map(mapping(RINGS, 0x2000, 0), Some(&file))
            .expect("memory for the rings");
        let event = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK).expect("an event");
        let request = SetIrqs {
            argsz: SetIrqs::BYTES as u32,
            flags: irq::DATA_EVENTFD | irq::ACTION_TRIGGER,
            index: irq::MSIX,
            start: 0,
            count: 1,
        };
        client
            .request(Command::SetIrqs, &request.to_bytes(), &[event.as_fd()])
            .expect("an interrupt");
        let command = 2 | u8::from(master) << 2;
        client
            .write(region::CONFIG, 4, &[command, 0])
            .expect("command register");
        let rings = [RINGS as u32, (RINGS >> 32) as u32];
        for (register, value) in [
            (&registers::SQ_BASE_LO, rings[0]),
            (&registers::SQ_BASE_HI, rings[1]),
            (&registers::CQ_BASE_LO, rings[0] + 0x1000),
            (&registers::CQ_BASE_HI, rings[1]),
            (&registers::RING_SIZES, 3 | 3 << 8),
            (&registers::QUEUE_CONTROL, 1),
            (&registers::INTERRUPT_ARM, 1 << 31),
        ] {
            client
                .write(region::BAR0, register.of(0).into(), &value.to_le_bytes())
                .expect("a register");
        }
        let doorbell = u64::from(registers::doorbell(0));
        client
            .write(region::BAR0, doorbell, &1_u32.to_le_bytes())
            .expect("the doorbell");
        let status = registers::QUEUE_STATUS.of(0).into();
        let head = registers::SQ_HEAD.of(0).into();
        let start = Instant::now();
        let (fault, fetched) = loop {
            let fault = client.register(status).expect("status") & FETCH_FAULT != 0;
            let fetched = client.register(head).expect("head") == 1;
            if fault || fetched {
                break (fault, fetched);
            }
            assert!(start.elapsed() < LIMIT);
        };
        assert_eq!((fault, fetched), (!master, master));
        // The fault raises the vector, too, but it cannot leave the board.
        client.register(status).expect("behind the interrupt");
        let fired = rustix::io::read(&event, &mut [0; 8]).is_ok();
        assert_eq!(fired, master);
    }
}
