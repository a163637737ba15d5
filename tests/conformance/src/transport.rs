//! Registers, and bytes there and back.

use crate::Rig;
use goldilane_abi::registers::{self as r, Counter};
use goldilane_abi::{Capabilities, Code};

/// Identification and capabilities say what the board was generated for.
pub fn identifies_itself(rig: Rig) {
    let session = rig.session();
    let found = *session.capabilities();
    let shape = *session.shape();
    assert_eq!(shape, rig.shape());
    assert_eq!(found, Capabilities::of(shape, found.build_stamp));
    let device = rig.device();
    for register in r::GLOBAL
        .iter()
        .filter(|register| register.offset < r::CONTROL.offset)
    {
        let expected = register.initial(&shape, found.build_stamp);
        assert_eq!(
            device.read32(register.offset).expect("read"),
            expected,
            "{}",
            register.name
        );
    }
}

/// The way there and back.
pub fn no_op_and_loopback(rig: Rig) {
    let mut session = rig.session();
    session.no_op().expect("no-op");
    rig.still_fine(&mut session);
}

/// Loopback of lengths around beats, bursts and pages.
pub fn loopback_of_many_sizes(rig: Rig) {
    let mut session = rig.session();
    for words in [1, 2, 7, 8, 9, 31, 511, 512, 513, 1500] {
        let bytes: Vec<u8> = (0..words * 8)
            .map(|index| (index * 31 + index / 256) as u8)
            .collect();
        assert_eq!(
            session.loopback(&bytes).expect("loopback"),
            bytes,
            "{words} words"
        );
    }
    rig.still_fine(&mut session);
}

/// Counters count, the log logs, both can be cleared.
pub fn counters_and_log_read(rig: Rig) {
    let mut session = rig.session();
    session.clear_counters().expect("clear");
    session.loopback(&[5; 4096]).expect("loopback");
    let counters = session.counters().expect("counters");
    assert_eq!(counters.get(Counter::Descriptors), 1);
    assert!(counters.get(Counter::HostReadBytes) >= 4096 + 64);
    assert!(counters.get(Counter::HostWriteBytes) >= 4096 + 16);
    assert!(counters.get(Counter::Clocks) > 0);
    assert_eq!(session.take_error_log().expect("log"), []);

    rig.device().write32(r::MAGIC.offset, 1).expect("write");
    rig.device().write32(0x0f0, 1).expect("write");
    let log = session.take_error_log().expect("log");
    let found: Vec<_> = log
        .iter()
        .map(|entry| (entry.code, entry.pair, entry.index))
        .collect();
    assert_eq!(
        found,
        [
            (Some(Code::RegisterIgnored), None, 0),
            (Some(Code::RegisterIgnored), None, 0xf0)
        ]
    );
    assert_eq!(rig.device().read32(r::ERROR_COUNT.offset).expect("read"), 2);
    rig.device()
        .write32(r::ERROR_COUNT.offset, 0)
        .expect("write");
    assert_eq!(rig.device().read32(r::ERROR_COUNT.offset).expect("read"), 0);
    session.clear_counters().expect("clear");
    assert_eq!(
        session
            .counters()
            .expect("counters")
            .get(Counter::Descriptors),
        0
    );
}
