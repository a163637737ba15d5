//! Keys, tables and ciphertexts that do not fit, refused by the board and, where it can see them, by the driver.

use crate::Rig;
use crate::bad_descriptors::{answer, code, memory, piece, zero_piece};
use crate::fixture::{KEY, Ready, ToyFixture, code_of};
use goldilane_abi::{Code, Descriptor, Handle, KeyShape, ModulusSwitch, Opcode, PieceKind, Shape};
use goldilane_driver::{Error, KeyPieces, Lut, Request};

/// A key outside of the ranges is refused with the limit, by the board for the raw descriptor and by the driver.
pub fn keys_out_of_range_name_the_limit(rig: Rig) {
    let mut session = rig.session();
    let buffer = memory(&rig, &vec![0; 1 << 16]);
    for (key, expected, limit) in [
        (
            KeyShape {
                lwe_dimension: 0,
                ..KEY
            },
            Code::LweDimensionOutOfRange,
            1024,
        ),
        (
            KeyShape {
                lwe_dimension: 1025,
                ..KEY
            },
            Code::LweDimensionOutOfRange,
            1024,
        ),
        (
            KeyShape {
                pbs_base_log: 0,
                ..KEY
            },
            Code::PbsBaseOutOfRange,
            23,
        ),
        (
            KeyShape {
                pbs_base_log: 24,
                ..KEY
            },
            Code::PbsBaseOutOfRange,
            23,
        ),
        (
            KeyShape {
                pbs_levels: 0,
                ..KEY
            },
            Code::PbsLevelsOutOfRange,
            3,
        ),
        (
            KeyShape {
                pbs_levels: 4,
                ..KEY
            },
            Code::PbsLevelsOutOfRange,
            3,
        ),
        (
            KeyShape {
                pbs_base_log: 22,
                pbs_levels: 3,
                ..KEY
            },
            Code::PbsLevelsOutOfRange,
            2,
        ),
        (
            KeyShape {
                ks_base_log: 0,
                ..KEY
            },
            Code::KsBaseOutOfRange,
            4,
        ),
        (
            KeyShape {
                ks_base_log: 5,
                ..KEY
            },
            Code::KsBaseOutOfRange,
            4,
        ),
        (
            KeyShape {
                ks_levels: 0,
                ..KEY
            },
            Code::KsLevelsOutOfRange,
            8,
        ),
        (
            KeyShape {
                ks_levels: 9,
                ..KEY
            },
            Code::KsLevelsOutOfRange,
            8,
        ),
        (
            KeyShape {
                modulus_switch: ModulusSwitch::Plain,
                ..KEY
            },
            Code::ModulusSwitchUnsupported,
            1,
        ),
    ] {
        let bytes = zero_piece(PieceKind::Ggsw);
        let descriptor = piece(buffer.iova(), &bytes, PieceKind::Ggsw, 0).with_key_shape(&key);
        assert_eq!(
            answer(&mut session, descriptor),
            (expected, limit),
            "{key:?}"
        );

        let fixture = ToyFixture::new(2);
        let mut source = fixture.natural();
        source.shape = key;
        match session.load_key(&mut source, &mut |_| {}) {
            Err(Error::KeyRefused(found)) => {
                assert_eq!((found.code, found.limit), (expected, limit))
            }
            other => panic!("{other:?}"),
        }
    }
    // An unknown kind of modulus switch.
    let descriptor = piece(
        buffer.iova(),
        &zero_piece(PieceKind::Ggsw),
        PieceKind::Ggsw,
        0,
    );
    assert_eq!(
        code(
            &mut session,
            Descriptor {
                modulus_switch: 2,
                ..descriptor
            }
        ),
        Code::ModulusSwitchUnsupported
    );
    let fixture = ToyFixture::new(2);
    fixture.load(&mut session);
    rig.still_fine(&mut session);
}

/// Pieces out of order, of another shape or kind; commits too early; loading goes on afterwards.
pub fn pieces_that_do_not_fit(rig: Rig) {
    let mut session = rig.session();
    let buffer = memory(&rig, &vec![0; 1 << 16]);
    let (ggsw, column) = (
        zero_piece(PieceKind::Ggsw),
        zero_piece(PieceKind::KskColumn),
    );
    let load = |kind, index| match kind {
        PieceKind::Ggsw => piece(buffer.iova(), &ggsw, kind, index),
        PieceKind::KskColumn => piece(buffer.iova(), &column, kind, index),
    };
    let commit = Descriptor::new(Opcode::CommitKey).with_key_shape(&KEY);
    assert_eq!(
        answer(&mut session, commit),
        (Code::KeyIncomplete, 0),
        "nothing there"
    );
    assert_eq!(
        answer(&mut session, load(PieceKind::Ggsw, 1)),
        (Code::PieceOutOfOrder, 0)
    );
    assert_eq!(code(&mut session, load(PieceKind::Ggsw, 0)), Code::Success);
    assert_eq!(
        answer(&mut session, load(PieceKind::Ggsw, 0)),
        (Code::PieceOutOfOrder, 1),
        "twice"
    );
    assert_eq!(
        answer(&mut session, load(PieceKind::Ggsw, 2)),
        (Code::PieceOutOfOrder, 1),
        "one left out"
    );
    let other = KeyShape {
        lwe_dimension: 5,
        ..KEY
    };
    assert_eq!(
        code(
            &mut session,
            load(PieceKind::Ggsw, 1).with_key_shape(&other)
        ),
        Code::KeyShapeMismatch
    );
    assert_eq!(
        code(
            &mut session,
            Descriptor {
                piece_kind: 2,
                ..load(PieceKind::Ggsw, 1)
            }
        ),
        Code::BadDescriptor
    );
    for index in 1..4 {
        assert_eq!(
            code(&mut session, load(PieceKind::Ggsw, index)),
            Code::Success
        );
    }
    assert_eq!(
        answer(&mut session, load(PieceKind::Ggsw, 4)),
        (Code::PieceOutOfOrder, 4),
        "one too many"
    );
    for index in 0..4 {
        assert_eq!(
            code(&mut session, load(PieceKind::KskColumn, index)),
            Code::Success
        );
    }
    assert_eq!(
        answer(&mut session, commit),
        (Code::KeyIncomplete, 8),
        "the body's column is missing"
    );
    // Half loaded is unusable.
    let bootstrap = Descriptor {
        count: 1,
        source: buffer.iova().0,
        destination: buffer.iova().0,
        ..Descriptor::new(Opcode::Bootstrap)
    };
    assert_eq!(code(&mut session, bootstrap), Code::UnknownKey);
    assert_eq!(
        code(&mut session, load(PieceKind::KskColumn, 4)),
        Code::Success
    );
    assert_eq!(
        code(&mut session, commit.with_key_shape(&other)),
        Code::KeyShapeMismatch
    );
    let (committed, generation) = answer(&mut session, commit);
    assert_eq!(committed, Code::Success);
    let free = Descriptor {
        object: Handle {
            slot: 0,
            generation: u16::try_from(generation).expect("a generation"),
        },
        ..Descriptor::new(Opcode::FreeKey)
    };
    assert_eq!(code(&mut session, free), Code::Success);
    session.wait_cleared().expect("cleared");
    // A half-loaded key can be freed.
    let again = load(PieceKind::Ggsw, 0);
    assert_eq!(
        answer(&mut session, again),
        (Code::Success, generation + 1),
        "the next generation"
    );
    assert_eq!(
        code(&mut session, free),
        Code::UnknownKey,
        "the old generation"
    );
    let free = Descriptor {
        object: Handle {
            slot: 0,
            generation: free.object.generation + 1,
        },
        ..free
    };
    assert_eq!(code(&mut session, free), Code::Success);
    session.wait_cleared().expect("cleared");
    rig.still_fine(&mut session);
}

/// A key whose source breaks off.
struct Torn<'a> {
    whole: goldilane_driver::NaturalKey<'a>,
    ggsws: u32,
    columns: u32,
}

impl KeyPieces for Torn<'_> {
    fn shape(&self) -> KeyShape {
        self.whole.shape()
    }

    fn ggsw(&mut self, index: u32) -> Result<Vec<u64>, String> {
        if index < self.ggsws {
            self.whole.ggsw(index)
        } else {
            Err("the file ends here".into())
        }
    }

    fn ksk_column(&mut self, index: u32) -> Result<Vec<u32>, String> {
        match index {
            _ if index < self.columns => self.whole.ksk_column(index),
            _ => Ok(vec![0; 3]),
        }
    }
}

/// A torn key is named, and its half is taken off the board.
pub fn torn_keys_leave_nothing_behind(rig: Rig) {
    let mut session = rig.session();
    let fixture = ToyFixture::new(3);
    for (ggsws, columns) in [(0, 5), (1, 5), (3, 5), (4, 0), (4, 2), (4, 4)] {
        let mut torn = Torn {
            whole: fixture.natural(),
            ggsws,
            columns,
        };
        let error = session.load_key(&mut torn, &mut |_| {}).expect_err("torn");
        if ggsws < 4 {
            assert_eq!(
                error.to_string(),
                format!("load key: GGSW {ggsws}: the file ends here")
            );
        } else {
            assert!(
                matches!(error, Error::WrongSize { found: 3, .. }),
                "{error}"
            );
        }
        assert_eq!(session.pair().in_flight(), 0);
    }
    // Both slots are free.
    let (first, second) = (fixture.load(&mut session), fixture.load(&mut session));
    assert_ne!(first.handle.slot, second.handle.slot);
    rig.still_fine(&mut session);
}

/// The driver names what has the wrong size before anything goes to the board.
pub fn ciphertexts_and_tables_of_the_wrong_size(rig: Rig) {
    let mut ready = Ready::on(&rig);
    for words in [0, 256, 258] {
        let input = vec![0; words];
        let request = Request::new(&input, ready.lut);
        match ready.session.bootstrap(
            &ready.key,
            &[Request::new(&ready.input, ready.lut), request],
        ) {
            Err(Error::WrongSize {
                object,
                expected: 257,
                found,
            }) => {
                assert_eq!(
                    (object.as_str(), found),
                    ("bootstrap entry 1: ciphertext", words)
                );
            }
            other => panic!("{other:?}"),
        }
    }
    for words in [0, 255, 257, 512] {
        let lut = vec![0; words];
        assert!(matches!(
            ready.session.load_lut(Lut::Plain(&lut)),
            Err(Error::WrongSize { expected: 256, .. })
        ));
    }
    let lut = vec![0; Shape::TOY.polynomial_size as usize];
    assert!(matches!(
        ready.session.load_lut(Lut::Encrypted(&lut)),
        Err(Error::WrongSize { expected: 512, .. })
    ));
    let mut stale = ready.key;
    stale.handle.generation += 1;
    assert_eq!(
        code_of(
            ready
                .session
                .bootstrap(&stale, &[Request::new(&ready.input, ready.lut)])
        ),
        Code::UnknownKey
    );
    ready.bootstrap_is_right();
    rig.still_fine(&mut ready.session);
}
