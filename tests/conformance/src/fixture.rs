//! A toy key with its oracle, loaded on a board.

use crate::Rig;
use goldilane_abi::{KeyShape, ModulusSwitch, Shape};
use goldilane_driver::abi::Code;
use goldilane_driver::{
    CheckpointWords, KeyHandle, Lut, LutHandle, NaturalKey, Options, Request, Session,
};
use goldilane_golden_model::key::prepare_bsk_natural;
use goldilane_golden_model::toy::ToyKeys;
use goldilane_golden_model::{
    Decomposition, Job, Key, KeySwitchKey, KeySwitchWidth, ModulusSwitchKind, Parameters,
    StageWords, bootstrap,
};
use std::time::Duration;

/// Messages of the toy encoding.
pub const MESSAGES: u64 = 4;

/// Options of the tests.
pub fn options() -> Options {
    Options {
        ring_log2: 5,
        time_limit: Duration::from_secs(120),
        ..Options::default()
    }
}

/// Numbers of the ordinary toy key.
pub const KEY: KeyShape = KeyShape {
    lwe_dimension: 4,
    pbs_base_log: 15,
    pbs_levels: 2,
    ks_base_log: 4,
    ks_levels: 4,
    modulus_switch: ModulusSwitch::Centered,
};

/// A toy key: secrets, natural words for the board, the golden model's key. Not secure.
pub struct ToyFixture {
    /// Numbers of the key.
    pub shape: KeyShape,
    /// Secrets and encryption.
    pub toy: ToyKeys,
    /// The oracle.
    pub golden: Key,
    bsk: Vec<u64>,
    ksk: Vec<u32>,
}

impl ToyFixture {
    /// A key of the ordinary numbers.
    pub fn new(seed: u64) -> Self {
        Self::with_shape(KEY, seed)
    }

    /// A key of these numbers for a board of the toy shape.
    pub fn with_shape(shape: KeyShape, seed: u64) -> Self {
        let parameters = Parameters {
            lwe_dimension: shape.lwe_dimension.into(),
            glwe_dimension: Shape::TOY.glwe_dimension as usize,
            polynomial_size: Shape::TOY.polynomial_size as usize,
            pbs: Decomposition::new(shape.pbs_base_log.into(), shape.pbs_levels.into())
                .expect("toy decomposition"),
            key_switch: Decomposition::new(shape.ks_base_log.into(), shape.ks_levels.into())
                .expect("toy decomposition"),
            key_switch_width: KeySwitchWidth::Bits32,
            modulus_switch: ModulusSwitchKind::Centered,
        };
        let toy = ToyKeys::generate(parameters, seed).expect("toy keys");
        let golden = toy.key().expect("toy key");
        let bsk = prepare_bsk_natural(&parameters, toy.bsk()).expect("prepared key");
        let ksk = match toy.key_switch_key() {
            KeySwitchKey::Bits32(words) => words.clone(),
            KeySwitchKey::Bits64(_) => panic!("the board's key switch has 32 bits"),
        };
        Self {
            shape,
            toy,
            golden,
            bsk,
            ksk,
        }
    }

    /// The key's words as the driver takes them.
    pub fn natural(&self) -> NaturalKey<'_> {
        NaturalKey {
            shape: self.shape,
            bsk: &self.bsk,
            ksk: &self.ksk,
        }
    }

    /// Loads the key.
    pub fn load(&self, session: &mut Session) -> KeyHandle {
        session
            .load_key(&mut self.natural(), &mut |_| {})
            .expect("load the toy key")
    }

    /// A lookup table, whole GLWE with zero mask.
    pub fn table(&self, function: impl Fn(u64) -> u64) -> Vec<u64> {
        self.toy.lut(MESSAGES, function)
    }

    /// Loads a plain lookup table.
    pub fn load_table(&self, session: &mut Session, table: &[u64]) -> LutHandle {
        let body = &table[self.toy.parameters().big_lwe_dimension()..];
        session
            .load_lut(Lut::Plain(body))
            .expect("load a lookup table")
    }

    /// What the golden model gives.
    pub fn expected(&self, input: &[u64], table: &[u64], degrees: &[usize]) -> Vec<Vec<u64>> {
        bootstrap(
            &self.golden,
            Job {
                lwe: input,
                lut: table,
                degrees,
            },
        )
        .expect("golden bootstrap")
    }
}

/// A session with the ordinary key, one table (m -> 3m + 1) and one ciphertext.
pub struct Ready {
    /// The session.
    pub session: Session,
    /// Key and oracle.
    pub fixture: ToyFixture,
    /// The key on the board.
    pub key: KeyHandle,
    /// The table, natural order.
    pub table: Vec<u64>,
    /// The table on the board.
    pub lut: LutHandle,
    /// A ciphertext.
    pub input: Vec<u64>,
}

impl Ready {
    /// Sets a board up.
    pub fn on(rig: &Rig) -> Self {
        Self::with_options(rig, options())
    }

    /// Sets a board up with other options of the session.
    pub fn with_options(rig: &Rig, options: Options) -> Self {
        Self::in_session(rig.session_with(options))
    }

    /// Sets a session's board up.
    pub fn in_session(mut session: Session) -> Self {
        let mut fixture = ToyFixture::new(1);
        let key = fixture.load(&mut session);
        let table = fixture.table(|message| (3 * message + 1) % MESSAGES);
        let lut = fixture.load_table(&mut session, &table);
        let input = fixture.toy.encrypt_big(2, MESSAGES);
        Self {
            session,
            fixture,
            key,
            table,
            lut,
            input,
        }
    }

    /// Loads key and table again, after a reset.
    pub fn load_again(&mut self) {
        self.session.wait_cleared().expect("cleared");
        self.key = self.fixture.load(&mut self.session);
        self.lut = self.fixture.load_table(&mut self.session, &self.table);
    }

    /// An ordinary bootstrap still gives the golden model's words.
    pub fn bootstrap_is_right(&mut self) {
        let results = self
            .session
            .bootstrap(&self.key, &[Request::new(&self.input, self.lut)])
            .expect("bootstrap");
        let expected = self.fixture.expected(&self.input, &self.table, &[0]);
        assert_eq!(
            results
                .into_iter()
                .next()
                .expect("one result")
                .expect("no failed entry"),
            expected
        );
    }
}

/// A board's words as the golden model's.
pub fn stage_words(words: CheckpointWords) -> StageWords {
    match words {
        CheckpointWords::U16(words) => StageWords::U16(words),
        CheckpointWords::U32(words) => StageWords::U32(words),
        CheckpointWords::U64(words) => StageWords::U64(words),
    }
}

/// The board's code in a failed result.
#[track_caller]
pub fn code_of<T: std::fmt::Debug>(result: goldilane_driver::Result<T>) -> Code {
    match result {
        Err(error) => match error.code() {
            Some(code) => code,
            None => panic!("not the board's answer: {error}"),
        },
        Ok(value) => panic!("succeeded with {value:?}"),
    }
}
