//! A user's own tfhe key and ciphertexts in the place of vectors.
//!
//! The folder holds `server_key.bin` (a `tfhe::CompressedServerKey`) and `ciphertext_0.bin`, `ciphertext_1.bin`, ..
//! (shortint ciphertexts), all by
//! `tfhe::safe_serialization`. `lut.bin` (raw words of a GLWE) is the lookup table; without it the identity is.
//! The expected words are tfhe's.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use goldilane_driver_tfhe::reference::TfheReference;
use goldilane_driver_tfhe::{LookupTable, ciphertext_words, import_shortint_server_key};
use tfhe::CompressedServerKey;
use tfhe::safe_serialization::safe_deserialize;
use tfhe::shortint::Ciphertext;

use crate::vectors::full::from_reference;
use crate::vectors::material::{Input, Material};

const KEY: &str = "server_key.bin";
const TABLE: &str = "lut.bin";
/// Sizes above these are no key and no ciphertext.
const KEY_LIMIT: u64 = 1 << 30;
const CIPHERTEXT_LIMIT: u64 = 1 << 26;

/// Whether a folder holds a key.
pub fn has_key(folder: &Path) -> bool {
    folder.join(KEY).is_file()
}

fn open(path: &Path) -> Result<BufReader<File>> {
    let file = File::open(path).with_context(|| format!("open {}", path.display()))?;
    Ok(BufReader::new(file))
}

/// Reads key and ciphertexts and computes the expected words.
///
/// # Errors
/// Torn files, keys of a kind that is not supported, ciphertexts that do not fit.
pub fn read(folder: &Path) -> Result<Material> {
    let path = folder.join(KEY);
    let server: CompressedServerKey = safe_deserialize(open(&path)?, KEY_LIMIT)
        .map_err(|reason| anyhow!("read {}: {reason}", path.display()))?;
    let server = server.into_raw_parts().0.into_raw_parts();
    let key = import_shortint_server_key(&server)?;
    let ciphertexts = read_ciphertexts(folder)?;
    let parameters = key.key.parameters();
    let path = folder.join(TABLE);
    let lut = if path.is_file() {
        let bytes = fs::read(&path).with_context(|| format!("read {}", path.display()))?;
        let needed = 8 * parameters.glwe_size();
        ensure!(
            bytes.len() == needed,
            "{}: {} bytes where {needed} are needed",
            path.display(),
            bytes.len()
        );
        let words = bytes.as_chunks().0.iter();
        words.map(|word| u64::from_le_bytes(*word)).collect()
    } else {
        LookupTable::new(&key, |message| message)?.words().to_vec()
    };
    let inputs = ciphertexts
        .iter()
        .enumerate()
        .map(|(index, ciphertext)| {
            let words = ciphertext_words(&key, index, ciphertext)?.to_vec();
            Ok(Input::new(words, 0, (1, 0), parameters.polynomial_size))
        })
        .collect::<Result<Vec<_>>>()?;
    let reference = TfheReference::from_compressed(&server).context("expand the key")?;
    from_reference(KEY, None, &reference.rounded_to_32(), vec![lut], inputs)
}

fn read_ciphertexts(folder: &Path) -> Result<Vec<Ciphertext>> {
    let mut all = Vec::new();
    for index in 0.. {
        let path = folder.join(format!("ciphertext_{index}.bin"));
        if !path.is_file() {
            break;
        }
        let ciphertext = safe_deserialize(open(&path)?, CIPHERTEXT_LIMIT)
            .map_err(|why| anyhow!("read {}: {why}", path.display()))?;
        all.push(ciphertext);
    }
    ensure!(
        !all.is_empty(),
        "verify {}: ciphertext_0.bin is missing",
        folder.display()
    );
    Ok(all)
}
