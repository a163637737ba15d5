//! A user's own tfhe key and ciphertexts in the place of vectors.

use std::fs::{self, File};
use std::path::Path;

use tfhe::safe_serialization::safe_serialize;
use tfhe::shortint::parameters::v1_8::V1_8_PARAM_MESSAGE_2_CARRY_2_KS_PBS_TUNIFORM_2M128;
use tfhe::shortint::parameters::{LweDimension, PolynomialSize};
use tfhe::{ClientKey, CompressedServerKey, ConfigBuilder};

use crate::support::{code, fresh, json, text, verify};

/// Key and ciphertexts as a user of tfhe writes them; of a size that the board `toy` takes, which protects nothing.
fn write(folder: &Path) {
    let mut parameters = V1_8_PARAM_MESSAGE_2_CARRY_2_KS_PBS_TUNIFORM_2M128;
    parameters.lwe_dimension = LweDimension(8);
    parameters.polynomial_size = PolynomialSize(256);
    let config = ConfigBuilder::with_custom_parameters(parameters).build();
    let client = ClientKey::generate(config);
    let server = CompressedServerKey::new(&client);
    let create = |name: &str| File::create(folder.join(name)).expect("create");
    safe_serialize(&server, create("server_key.bin"), 1 << 30).expect("write the key");
    let shortint = client.into_raw_parts().0.into_raw_parts();
    for message in 0..4 {
        let file = create(&format!("ciphertext_{message}.bin"));
        let ciphertext = shortint.encrypt(message);
        safe_serialize(&ciphertext, file, 1 << 20).expect("write a ciphertext");
    }
}

#[test]
fn key_and_ciphertexts_of_tfhe_are_verified() {
    let folder = fresh("user_key");
    fs::create_dir_all(&folder).expect("make the folder");
    write(&folder);
    for device in ["golden", "model", "rtl"] {
        let output = verify(&folder, &["--device", device, "--json"]);
        assert_eq!(code(&output), 0, "{device}: {}", text(&output));
        let report = json(&output);
        assert_eq!(
            (&report["agrees"], &report["ciphertexts"]),
            (&true.into(), &4.into())
        );
        assert!(
            report["reference"]
                .as_str()
                .expect("a name")
                .starts_with("tfhe 1.8.2")
        );
    }

    // A lookup table of words that encrypt nothing has its words all the same.
    let table: Vec<u8> = (0..2 * 256 * 8_u32)
        .map(|index| (index * 37) as u8)
        .collect();
    fs::write(folder.join("lut.bin"), &table).expect("write a table");
    assert_eq!(code(&verify(&folder, &["--device", "rtl"])), 0);

    let refused = |part: &str| {
        let output = verify(&folder, &["--device", "golden"]);
        assert_eq!(code(&output), 3, "{}", text(&output));
        assert!(text(&output).contains(part), "{}", text(&output));
    };
    fs::write(folder.join("lut.bin"), &table[8..]).expect("write a table");
    refused("lut.bin: 4088 bytes where 4096 are needed");
    let tear = |name: &str| {
        let bytes = fs::read(folder.join(name)).expect("read");
        fs::write(folder.join(name), &bytes[..bytes.len() - 9]).expect("write");
    };
    fs::remove_file(folder.join("lut.bin")).expect("remove");
    tear("ciphertext_2.bin");
    refused("ciphertext_2.bin");
    fs::remove_file(folder.join("ciphertext_0.bin")).expect("remove");
    refused("ciphertext_0.bin is missing");
    tear("server_key.bin");
    refused("server_key.bin");
}
