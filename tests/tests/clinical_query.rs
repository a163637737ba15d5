//! The encrypted 2x2 query against the counts in the clear, under the full-strength primary set.

use goldilane_driver_tfhe::{
    Bootstrapper, GoldenBootstrapper, ImportedKey, LookupTable, Request, Result,
    import_shortint_server_key,
};
use goldilane_workloads::data::{Sex, TwoByTwo, synthetic};
use goldilane_workloads::query::{
    CodedPatient, Demographic, EncryptedPatient, count_procedure_outcome,
};
use tfhe::shortint::parameters::v1_8::V1_8_PARAM_MESSAGE_2_CARRY_2_KS32_PBS_TUNIFORM_2M128;
use tfhe::shortint::{Ciphertext, ClientKey, CompressedServerKey};

/// Counts the bootstraps that pass.
struct Counting<'k> {
    inner: GoldenBootstrapper<'k>,
    bootstraps: usize,
}

impl Bootstrapper for Counting<'_> {
    fn key(&self) -> &ImportedKey {
        self.inner.key()
    }

    fn bootstrap(&mut self, requests: &[Request<'_>]) -> Result<Vec<Ciphertext>> {
        self.bootstraps += requests.len();
        self.inner.bootstrap(requests)
    }
}

#[test]
fn encrypted_counts_equal_the_counts_in_the_clear() {
    let client = ClientKey::new(V1_8_PARAM_MESSAGE_2_CARRY_2_KS32_PBS_TUNIFORM_2M128);
    let server = CompressedServerKey::new(&client);
    let key = import_shortint_server_key(&server).unwrap();
    assert_eq!(key.key.parameters().lwe_dimension, 918);

    // the table is tfhe's own, so that results go on in tfhe
    let tfhe_key = server.decompress();
    let square = |v: u64| (v * v + 3) % 16;
    let ours = LookupTable::new(&key, square).unwrap();
    let theirs = tfhe_key.generate_lookup_table(square);
    assert_eq!(ours.words(), theirs.acc.as_ref());

    let records = synthetic::generate(11, 12);
    let patients: Vec<EncryptedPatient> = records
        .iter()
        .map(|r| EncryptedPatient::encrypt(&client, CodedPatient::from(r)))
        .collect();
    for demographic in [
        Demographic {
            sex: None,
            from_band: 0,
            to_band: 3,
        },
        Demographic::WOMEN_FROM_65,
    ] {
        let mut device = Counting {
            inner: GoldenBootstrapper::new(&key),
            bootstraps: 0,
        };
        let counts = count_procedure_outcome(&mut device, &patients, demographic).unwrap();
        let clear = TwoByTwo::count(&records, |r| {
            demographic.sex.is_none() || (r.sex == Sex::Female && r.age >= 65)
        });
        assert_eq!(counts.decrypt(&client), clear);
        assert!(device.bootstraps >= 5 * records.len());
    }
}
