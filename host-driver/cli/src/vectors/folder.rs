//! A folder of vectors: written, read, hashed.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail, ensure};
use goldilane_golden_model::{Stage, StageWords};
use sha2::{Digest, Sha256};

use super::description::{
    CiphertextEntry, Description, FILE, FORMAT, FileEntry, Numbers, StageEntry, parse_stage,
};
use super::material::{CiphertextMaterial, Input, Material};

const WARNING: &str =
    "Test vectors. Whoever knows the seed knows the secret key: never use these keys for data.";

/// `Err` unless the folder is empty or not there.
///
/// # Errors
/// As said, or a folder that cannot be read.
pub fn check_empty(folder: &Path) -> Result<()> {
    match fs::read_dir(folder) {
        Ok(mut entries) => {
            ensure!(
                entries.next().is_none(),
                "write into {}: the folder is not empty",
                folder.display()
            );
            Ok(())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).with_context(|| format!("read folder {}", folder.display())),
    }
}

/// Writes vectors; the number of files and their bytes.
///
/// # Errors
/// Files that cannot be written.
pub fn write(folder: &Path, material: &Material) -> Result<(usize, u64)> {
    fs::create_dir_all(folder).with_context(|| format!("make folder {}", folder.display()))?;
    let mut writer = Writer {
        folder,
        files: 0,
        bytes: 0,
    };
    let description = Description {
        format: FORMAT.to_owned(),
        set: material.set.clone(),
        seed: material.seed,
        reference: material.reference.clone(),
        warning: WARNING.to_owned(),
        parameters: Numbers::from(&material.parameters),
        bsk: writer.words("bsk.bin".to_owned(), &StageWords::U64(material.bsk.clone()))?,
        ksk: writer.words("ksk.bin".to_owned(), &StageWords::U32(material.ksk.clone()))?,
        luts: material
            .luts
            .iter()
            .enumerate()
            .map(|(index, lut)| {
                writer.words(format!("lut_{index}.bin"), &StageWords::U64(lut.clone()))
            })
            .collect::<Result<_>>()?,
        ciphertexts: material
            .ciphertexts
            .iter()
            .enumerate()
            .map(|(index, ciphertext)| {
                let entry = |(stage, words): &(Stage, StageWords)| {
                    let file = format!("ciphertext_{index}_{stage}.bin");
                    Ok(StageEntry {
                        stage: stage.to_string(),
                        file: writer.words(file, words)?,
                    })
                };
                Ok(CiphertextEntry {
                    lut: ciphertext.input.lut,
                    degrees: ciphertext.input.degrees.len(),
                    stride: ciphertext.input.stride,
                    stages: ciphertext.stages.iter().map(entry).collect::<Result<_>>()?,
                })
            })
            .collect::<Result<_>>()?,
    };
    let mut text = serde_json::to_string_pretty(&description).context("write the description")?;
    text.push('\n');
    writer.bytes(FILE, text.as_bytes())?;
    Ok((writer.files, writer.bytes))
}

struct Writer<'f> {
    folder: &'f Path,
    files: usize,
    bytes: u64,
}

impl Writer<'_> {
    fn bytes(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.folder.join(name);
        fs::write(&path, bytes).with_context(|| format!("write {}", path.display()))?;
        self.files += 1;
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    fn words(&mut self, file: String, words: &StageWords) -> Result<FileEntry> {
        let bytes = words.to_le_bytes();
        self.bytes(&file, &bytes)?;
        Ok(FileEntry {
            word_bits: 8 * words.word_bytes(),
            words: words.len(),
            sha256: sha256(&bytes),
            file,
        })
    }
}

fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Whether a folder holds vectors.
pub fn has_description(folder: &Path) -> bool {
    folder.join(FILE).is_file()
}

/// Reads the description.
///
/// # Errors
/// No such file, or one of another format.
pub fn read_description(folder: &Path) -> Result<Description> {
    let path = folder.join(FILE);
    let text = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
    let description: Description =
        serde_json::from_str(&text).with_context(|| format!("read {}", path.display()))?;
    ensure!(
        description.format == FORMAT,
        "{}: format {:?}; {FORMAT:?} is read here",
        path.display(),
        description.format
    );
    Ok(description)
}

/// The files whose SHA-256 is not that of the description.
///
/// # Errors
/// Files that cannot be read.
pub fn damaged_files(folder: &Path, description: &Description) -> Result<Vec<String>> {
    let stages = description
        .ciphertexts
        .iter()
        .flat_map(|ciphertext| ciphertext.stages.iter().map(|stage| &stage.file));
    let files = [&description.bsk, &description.ksk]
        .into_iter()
        .chain(&description.luts)
        .chain(stages);
    let mut damaged = Vec::new();
    for entry in files {
        if sha256(&read_bytes(folder, entry)?) != entry.sha256 {
            damaged.push(entry.file.clone());
        }
    }
    Ok(damaged)
}

fn read_bytes(folder: &Path, entry: &FileEntry) -> Result<Vec<u8>> {
    // A description may come from anywhere; what it names lies in its own folder.
    let plain = entry.file.ends_with(".bin") && !entry.file.contains(['/', '\\']);
    ensure!(plain, "{FILE}: {:?} is no name of a .bin file", entry.file);
    let path = folder.join(&entry.file);
    fs::read(&path).with_context(|| format!("read {}", path.display()))
}

fn read_words(folder: &Path, entry: &FileEntry) -> Result<StageWords> {
    entry.decode(&read_bytes(folder, entry)?)
}

fn read_u64(folder: &Path, entry: &FileEntry, needed: usize) -> Result<Vec<u64>> {
    match read_words(folder, entry)? {
        StageWords::U64(words) if words.len() == needed => Ok(words),
        other => Err(anyhow!(
            "{}: {} words of {} bits where {needed} of 64 are needed",
            entry.file,
            other.len(),
            8 * other.word_bytes()
        )),
    }
}

/// Reads all files of a description; hashes are not looked at.
///
/// # Errors
/// Torn files, sizes that do not fit the parameters.
pub fn read(folder: &Path, description: &Description) -> Result<Material> {
    let parameters = description
        .parameters
        .parameters()
        .with_context(|| format!("{FILE}: parameters"))?;
    let ksk = match read_words(folder, &description.ksk)? {
        StageWords::U32(words) if words.len() == parameters.ksk_size() => words,
        _ => bail!(
            "{}: {} words of 32 bits are needed",
            description.ksk.file,
            parameters.ksk_size()
        ),
    };
    let luts = description
        .luts
        .iter()
        .map(|entry| read_u64(folder, entry, parameters.glwe_size()))
        .collect::<Result<Vec<_>>>()?;
    let mut ciphertexts = Vec::new();
    for (index, entry) in description.ciphertexts.iter().enumerate() {
        let named = || format!("{FILE}: ciphertext {index}");
        let degrees = 1..=usize::from(goldilane_abi::MAX_DEGREES);
        ensure!(
            entry.lut < luts.len()
                && degrees.contains(&entry.degrees)
                && entry.stride < parameters.polynomial_size,
            "{}: lut, degrees or stride out of range",
            named()
        );
        let mut stages = Vec::new();
        for stage in &entry.stages {
            let parsed = parse_stage(&stage.stage)
                .filter(|parsed| !matches!(parsed, Stage::Accumulator(step) if *step > parameters.lwe_dimension))
                .with_context(|| format!("{}: stage {:?} is unknown", named(), stage.stage))?;
            stages.push((parsed, read_words(folder, &stage.file)?));
        }
        ensure!(stages.len() > 1, "{}: no stage to compare", named());
        let input = entry
            .stages
            .iter()
            .find(|stage| stage.stage == Stage::LweIn.to_string())
            .with_context(|| format!("{}: stage \"lwe_in\" is missing", named()))?;
        let words = read_u64(folder, &input.file, parameters.big_lwe_size())?;
        ciphertexts.push(CiphertextMaterial {
            input: Input::new(
                words,
                entry.lut,
                (entry.degrees, entry.stride),
                parameters.polynomial_size,
            ),
            stages,
        });
    }
    ensure!(!ciphertexts.is_empty(), "{FILE}: no ciphertexts");
    Ok(Material {
        set: description.set.clone(),
        seed: description.seed,
        reference: description.reference.clone(),
        bsk: read_u64(folder, &description.bsk, parameters.bsk_size())?,
        parameters,
        ksk,
        luts,
        ciphertexts,
    })
}
