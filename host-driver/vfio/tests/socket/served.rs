//! Served boards: one user after another, and what is left of each.

use std::sync::Arc;
use std::time::{Duration, Instant};

use goldilane_abi::{KeyShape, ModulusSwitch, Shape};
use goldilane_driver::{Device, Lut, NaturalKey, Options, Session};
use goldilane_golden_model::KeySwitchKey;
use goldilane_golden_model::key::prepare_bsk_natural;
use goldilane_golden_model::toy::ToyKeys;
use goldilane_sim::Board;
use goldilane_sim::model::golden_parameters;

use crate::support::{model, open, refusal};

const LIMIT: Duration = Duration::from_secs(20);

fn session(device: Arc<dyn Device>) -> Session {
    Session::open(device, Options::default()).expect("a session")
}

/// Loads a toy key and a table.
fn load(session: &mut Session) {
    let shape = KeyShape {
        lwe_dimension: 4,
        pbs_base_log: 15,
        pbs_levels: 2,
        ks_base_log: 4,
        ks_levels: 4,
        modulus_switch: ModulusSwitch::Centered,
    };
    let parameters = golden_parameters(&Shape::TOY, &shape).expect("parameters");
    let toy = ToyKeys::generate(parameters, 3).expect("toy keys");
    let bsk = prepare_bsk_natural(&parameters, toy.bsk()).expect("prepared key");
    let KeySwitchKey::Bits32(ksk) = toy.key_switch_key() else {
        panic!("32 bits")
    };
    let mut key = NaturalKey {
        shape,
        bsk: &bsk,
        ksk,
    };
    session.load_key(&mut key, &mut |_| {}).expect("load");
    let table = toy.lut(4, |message| message);
    let body = &table[parameters.big_lwe_dimension()..];
    session.load_lut(Lut::Plain(body)).expect("load");
}

/// A client that goes leaves nothing behind: no key, no table, no mapping.
#[test]
fn two_clients_in_turn() {
    let (server, path) = model();
    for _ in 0..2 {
        let mut user = session(Arc::new(open(&path).expect("open")));
        user.loopback(&[7; 4096]).expect("loopback");
        load(&mut user);
        let held = server.with(|site| site.board().side_channel().holds_secrets());
        assert_eq!(held, Ok(true));
        assert!(server.with(|site| site.mappings()).expect("a board") > 0);
        drop(user);
        let start = Instant::now();
        let left = || {
            let left = server.with(|site| {
                let secrets = site.board().side_channel().holds_secrets();
                (site.mappings(), secrets)
            });
            left.expect("a board")
        };
        while left() != (0, false) {
            assert!(start.elapsed() < LIMIT, "left: {:?}", left());
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

#[test]
fn a_board_in_use_says_so() {
    let (server, path) = model();
    let device = open(&path).expect("open");
    for _ in 0..3 {
        let text = refusal(&path);
        assert!(
            text.ends_with("agree on a version: the board is in use by another client"),
            "{text}"
        );
    }
    device.read32(0).expect("the first is not disturbed");
    drop(device);
    open(&path).expect("and the next one comes in");
    server.stop().expect("stop");
    assert!(refusal(&path).contains("No such file"));
}

/// Bytes go to the board and back through the memory that both have mapped, pages are used again, and given back.
#[test]
fn memory_is_zeroed_and_comes_back() {
    let (server, path) = model();
    let device: Arc<dyn Device> = Arc::new(open(&path).expect("open"));
    let mut addresses = Vec::new();
    for round in 0..50 {
        let buffer = device.alloc_dma(10_000).expect("memory");
        assert_eq!(buffer.read_vec(0, 10_000).expect("bytes"), vec![0; 10_000]);
        buffer.write(0, &[round; 10_000]).expect("bytes");
        addresses.push(buffer.iova());
    }
    addresses.dedup();
    assert_eq!(addresses.len(), 50, "no address twice");
    assert_eq!(server.with(|site| site.mappings()), Ok(0));
    let big = device.alloc_dma(64 << 20).expect("64 MiB");
    big.write((64 << 20) - 4, &[1, 2, 3, 4]).expect("the end");
    let refused = device.alloc_dma(1 << 40).expect_err("a TiB");
    assert!(
        refused.to_string().contains("DMA memory are taken"),
        "{refused}"
    );
    drop(big);
    let mut user = session(device);
    user.loopback(&vec![9; 100_000]).expect("loopback");
}

/// The board process ends in order while a client is there: the client is told.
#[test]
fn the_server_ends_under_a_client() {
    let (server, path) = model();
    let device: Arc<dyn Device> = Arc::new(open(&path).expect("open"));
    let mut user = session(device);
    user.no_op().expect("alive");
    server.stop().expect("stop");
    let start = Instant::now();
    let told = user.no_op().expect_err("gone").to_string();
    assert!(
        told.contains("connection") || told.contains("closed"),
        "{told}"
    );
    drop(user);
    assert!(start.elapsed() < LIMIT);
}
