//! The model board at shapes other than `toy`: full polynomial size with one built-in level, and k = 2.

use goldilane_abi::{KeyShape, ModulusSwitch, Shape};
use goldilane_driver::{Lut, NaturalKey, Options, Request, Session};
use goldilane_driver_local::LocalDevice;
use goldilane_golden_model::key::prepare_bsk_natural;
use goldilane_golden_model::toy::ToyKeys;
use goldilane_golden_model::{Job, KeySwitchKey, bootstrap};
use goldilane_sim::ModelBoard;
use goldilane_sim::model::golden_parameters;
use std::sync::Arc;

fn bootstraps_are_right(shape: Shape, key: KeyShape) {
    shape.check().expect("a sound shape");
    let parameters = golden_parameters(&shape, &key).expect("parameters");
    let mut toy = ToyKeys::generate(parameters, 4).expect("toy keys");
    let golden = toy.key().expect("golden key");
    let bsk = prepare_bsk_natural(&parameters, toy.bsk()).expect("prepared key");
    let KeySwitchKey::Bits32(ksk) = toy.key_switch_key().clone() else {
        panic!("32 bits")
    };
    let device = Arc::new(LocalDevice::new("model", ModelBoard::new(shape, 0)));
    let mut session = Session::open(device.clone(), Options::default()).expect("open");
    let mut source = NaturalKey {
        shape: key,
        bsk: &bsk,
        ksk: &ksk,
    };
    let on_board = session.load_key(&mut source, &mut |_| {}).expect("load");
    let table = toy.lut(4, |message| 3 - message);
    let lut = session
        .load_lut(Lut::Plain(&table[parameters.big_lwe_dimension()..]))
        .expect("load");
    let inputs: Vec<Vec<u64>> = (0..5)
        .map(|message| toy.encrypt_big(message % 4, 4))
        .collect();
    let requests: Vec<Request> = inputs
        .iter()
        .map(|input| Request {
            input,
            lut,
            degrees: 2,
            stride: 3,
        })
        .collect();
    let results = session.bootstrap(&on_board, &requests).expect("bootstrap");
    for (result, lwe) in results.into_iter().zip(&inputs) {
        let expected = bootstrap(
            &golden,
            Job {
                lwe,
                lut: &table,
                degrees: &[0, 3],
            },
        )
        .expect("golden");
        assert!(
            result.expect("no failed entry") == expected,
            "{shape:?} {key:?}"
        );
    }
    assert!(device.arena().take_violations().is_empty());
}

const KEY: KeyShape = KeyShape {
    lwe_dimension: 3,
    pbs_base_log: 23,
    pbs_levels: 1,
    ks_base_log: 4,
    ks_levels: 4,
    modulus_switch: ModulusSwitch::Centered,
};

#[test]
fn full_polynomial_size_with_every_scale_of_the_key() {
    for pbs_base_log in [23, 22, 15, 1] {
        bootstraps_are_right(
            Shape::SIM,
            KeyShape {
                pbs_base_log,
                ..KEY
            },
        );
    }
}

#[test]
fn wide_memory_and_many_lanes() {
    bootstraps_are_right(
        Shape {
            max_lwe_dimension: 8,
            ..Shape::U280
        },
        KEY,
    );
    bootstraps_are_right(
        Shape {
            max_lwe_dimension: 8,
            ..Shape::V80
        },
        KEY,
    );
}

#[test]
fn several_mask_polynomials() {
    for glwe_dimension in [2, 3] {
        let shape = Shape {
            glwe_dimension,
            polynomial_size: 128,
            ..Shape::TOY
        };
        bootstraps_are_right(
            shape,
            KeyShape {
                pbs_base_log: 10,
                pbs_levels: 3,
                ..KEY
            },
        );
    }
}
