//! Slots, generations, use, clearing.

use crate::Rig;
use crate::bad_descriptors::code;
use crate::fixture::{Ready, ToyFixture, code_of};
use goldilane_abi::{Code, Descriptor, Handle, MemoryMap, Opcode, PieceKind, Shape};
use goldilane_driver::{Checkpoint, Error, Job, Lut, Request};

/// A slot that was freed and loaded again has another handle.
pub fn handles_have_generations(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let (old_key, old_lut) = (ready.key, ready.lut);
    ready.session.free_lut(old_lut).expect("free");
    // A slot that is still cleared answers `clearing`.
    ready.session.wait_cleared().expect("cleared");
    assert_eq!(code_of(ready.session.free_lut(old_lut)), Code::UnknownLut);
    let table = ready.table.clone();
    ready.lut = loop {
        // Slots are taken from the lowest on: the same one again.
        let lut = ready.fixture.load_table(&mut ready.session, &table);
        if lut.0.slot == old_lut.0.slot {
            break lut;
        }
    };
    assert_eq!(ready.lut.0.generation, old_lut.0.generation + 1);
    let stale = Request::new(&ready.input, old_lut);
    let results = ready
        .session
        .bootstrap(&ready.key, &[stale])
        .expect("a completion");
    assert_eq!(
        code_of(results.into_iter().next().expect("one")),
        Code::UnknownLut
    );

    ready.session.free_key(&old_key).expect("free");
    ready.session.wait_cleared().expect("cleared");
    let request = Request::new(&ready.input, ready.lut);
    assert_eq!(
        code_of(ready.session.bootstrap(&old_key, &[request])),
        Code::UnknownKey
    );
    ready.key = ready.fixture.load(&mut ready.session);
    assert_eq!(ready.key.handle.slot, old_key.handle.slot);
    assert_eq!(ready.key.handle.generation, old_key.handle.generation + 1);
    assert_eq!(
        code_of(ready.session.bootstrap(&old_key, &[request])),
        Code::UnknownKey
    );
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// The driver does not evict: a full board says so.
pub fn slots_run_out(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let second = ready.fixture.load(&mut ready.session);
    let error = ready
        .session
        .load_key(&mut ready.fixture.natural(), &mut |_| {})
        .expect_err("two slots");
    assert!(
        matches!(
            error,
            Error::NoFreeSlot {
                object: "key",
                slots: 2
            }
        ),
        "{error}"
    );
    let table = vec![5; Shape::TOY.polynomial_size as usize];
    for _ in 1..Shape::TOY.lut_slots {
        ready
            .session
            .load_lut(Lut::Plain(&table))
            .expect("a free slot");
    }
    let error = ready
        .session
        .load_lut(Lut::Plain(&table))
        .expect_err("four slots");
    assert!(
        matches!(
            error,
            Error::NoFreeSlot {
                object: "lookup table",
                slots: 4
            }
        ),
        "{error}"
    );
    ready.session.free_key(&second).expect("free");
    ready.fixture.load(&mut ready.session);
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}

/// What a job uses cannot be freed; afterwards it can.
pub fn used_objects_stay(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let free = |opcode, object: Handle| Job {
        descriptor: Descriptor {
            object,
            ..Descriptor::new(opcode)
        },
        buffers: Vec::new(),
    };
    // The bootstrap and the frees behind it arrive together: it is queued or running when they are looked at.
    let limit = std::time::Duration::from_secs(120);
    let request = Request::new(&ready.input, ready.lut);
    rig.hold(true);
    let pending = ready
        .session
        .start(&ready.key, &[request], Checkpoint::None)
        .expect("start");
    let jobs = vec![
        free(Opcode::FreeKey, ready.key.handle),
        free(Opcode::FreeLut, ready.lut.0),
    ];
    let tickets = ready
        .session
        .pair()
        .submit_batch(jobs)
        .unwrap_or_else(|refused| panic!("{refused:?}"));
    rig.hold(false);
    for ticket in tickets {
        let done = ready
            .session
            .pair()
            .wait(ticket, limit)
            .expect("a completion");
        assert_eq!(done.completion.code(), Some(Code::InUse));
    }
    let results = ready.session.finish(pending).expect("finish");
    assert!(results[0].is_ok());
    ready.bootstrap_is_right();
    ready.session.free_key(&ready.key).expect("free");
    ready.session.free_lut(ready.lut).expect("free");
    rig.still_fine(&mut ready.session);
}

/// Freed memory is zeroised; until then the slot is closed.
pub fn freed_memory_is_cleared(rig: Rig) {
    let mut ready = Ready::on(&rig);
    let map = MemoryMap::new(&Shape::TOY);
    let slot = ready.key.handle.slot;
    let lines = [
        map.piece_line(slot.into(), PieceKind::Ggsw, 3),
        map.piece_line(slot.into(), PieceKind::KskColumn, 4),
        map.piece_crc_line(slot.into(), PieceKind::Ggsw, 0),
        map.lut_line(ready.lut.0.slot.into()) + 64,
    ];
    let any_set = |lines: &[u64]| {
        lines
            .iter()
            .filter(|&&line| rig.bench().read_line(line).iter().any(|&byte| byte != 0))
            .count()
    };
    assert_eq!(
        any_set(&lines),
        lines.len(),
        "keys and tables lie where the map says"
    );
    let commit = Descriptor {
        object: ready.key.handle,
        ..Descriptor::new(Opcode::CommitKey).with_key_shape(&ready.key.shape)
    };
    let free = Descriptor {
        object: ready.key.handle,
        ..Descriptor::new(Opcode::FreeKey)
    };
    // Together, so that the second finds the clearing under way.
    let jobs = [free, commit].map(|descriptor| Job {
        descriptor,
        buffers: Vec::new(),
    });
    let tickets = ready
        .session
        .pair()
        .submit_batch(jobs.into())
        .unwrap_or_else(|refused| panic!("{refused:?}"));
    let limit = std::time::Duration::from_secs(120);
    let codes: Vec<_> = tickets
        .into_iter()
        .map(|ticket| {
            ready
                .session
                .pair()
                .wait(ticket, limit)
                .expect("a completion")
                .completion
                .code()
        })
        .collect();
    assert_eq!(codes, [Some(Code::Success), Some(Code::Clearing)]);
    ready.session.free_lut(ready.lut).expect("free");
    ready.session.wait_cleared().expect("cleared");
    assert_eq!(any_set(&lines), 0);
    assert_eq!(code(&mut ready.session, commit), Code::KeyIncomplete);
    // Both slots serve again.
    let fixture = ToyFixture::new(9);
    ready.key = fixture.load(&mut ready.session);
    ready.lut = fixture.load_table(&mut ready.session, &ready.table);
    ready.fixture = fixture;
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}
