//! `goldilane demo`: how did a procedure do in a demographic, from records that stay encrypted?
//!
//! A hospital encrypts coded values of patients. The whole query (a predicate by lookup table, the four cells of procedure
//! against outcome, their sums) runs on the model board through the driver, and every bootstrap is recorded
//! ([`record`]). The first of them run again on the device, in full batches back to back ([`replay`]). All words are
//! compared with the golden model and with tfhe's own exact bootstrap ([`compare`]), the decrypted answer with the one
//! counted in the clear ([`report`]).

mod compare;
mod record;
mod replay;
mod report;

use std::num::NonZero;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::Args;
use goldilane_driver::Session;
use goldilane_driver_tfhe::reference::TfheReference;
use goldilane_driver_tfhe::{DeviceBootstrapper, ImportedKey, import_shortint_server_key};
use goldilane_workloads::data::{self, Record, Source, Table, TwoByTwo, synthetic};
use goldilane_workloads::query::{
    CodedPatient, Demographic, EncryptedPatient, count_procedure_outcome,
};
use tfhe::shortint::parameters::v1_8::V1_8_PARAM_MESSAGE_2_CARRY_2_KS32_PBS_TUNIFORM_2M128;
use tfhe::shortint::{ClientKey, CompressedServerKey};

use crate::board::{BoardArguments, BoardKind, DeviceKind, OpenDevice};
use crate::output::{BadArgument, Output, Verdict};
use crate::progress;
use crate::simulator::Simulation;
use compare::Check;
use record::{Recorder, Recording};

const PARAMETER_SET: &str = "V1_8_PARAM_MESSAGE_2_CARRY_2_KS32_PBS_TUNIFORM_2M128";
const DEMOGRAPHIC: Demographic = Demographic::WOMEN_FROM_65;

/// Arguments of the demo.
#[derive(Args)]
pub struct DemoArguments {
    #[command(flatten)]
    board: BoardArguments,
    /// Patients, spread evenly over the table.
    #[arg(long, default_value_t = 64, value_name = "COUNT")]
    patients: usize,
    /// Bootstraps that run on the device, rounded up to full batches.
    #[arg(long, default_value_t = 32, value_name = "COUNT")]
    rtl_bootstraps: usize,
    /// Use the synthetic table even where the real one can be fetched.
    #[arg(long)]
    synthetic: bool,
}

/// The hospital's keys: secret, public as tfhe has them, public as the accelerator takes them.
struct Keys {
    client: ClientKey,
    imported: ImportedKey,
    reference: TfheReference,
}

/// Runs the demo.
///
/// # Errors
/// Arguments, tools, devices that fail; a wrong answer is a verdict.
pub fn run(arguments: &DemoArguments, output: &Output) -> Result<Verdict> {
    let start = Instant::now();
    // Whatever can be wrong with the device should show before the work.
    let device = OpenDevice::open(&arguments.board)?;
    let (records, source) = patients(arguments)?;
    output.line(report::introduction(&records, &source, DEMOGRAPHIC));
    let keys = make_keys()?;
    ensure!(
        device.configuration.shape.polynomial_size as usize
            == keys.imported.key.parameters().polynomial_size,
        BadArgument(format!(
            "configuration {:?} does not take {PARAMETER_SET}: N differs",
            device.configuration.name
        ))
    );

    let (queried, loaded) = query_and_load(&device, &keys, &records)?;
    let (answer, recording) = queried;
    let clear = TwoByTwo::count(&records, |patient| {
        let coded = CodedPatient::from(patient);
        DEMOGRAPHIC.takes(coded.age_band, coded.sex)
    });
    let slots = device.configuration.shape.slots as usize;
    let replayed = arguments.rtl_bootstraps.next_multiple_of(slots);
    let check = Check::new(&keys.imported, &keys.reference, &recording);
    let replay = loaded
        .map(|board| replay::replay(&device, board, &recording, replayed))
        .transpose()?;
    check_all(&check);
    let mismatches = check.mismatches(replay.as_ref())?;
    let report = report::Report::new(report::Findings {
        device: &device,
        key: &keys.imported,
        patients: records.len(),
        source: &source,
        demographic: DEMOGRAPHIC,
        answer,
        clear,
        bootstraps_model: recording.jobs.len(),
        replay: replay.as_ref(),
        mismatches,
        seconds: start.elapsed().as_secs_f64(),
    });
    output.line(report.text());
    output.object(&report)?;
    Ok(report.all_agree().into())
}

/// The query on the model board; meanwhile a simulated device takes the key, which keeps one processor busy. Its
/// bootstraps wait until the machine is quiet, because their speed is measured.
fn query_and_load<'k>(
    device: &OpenDevice,
    keys: &'k Keys,
    records: &[Record],
) -> Result<((TwoByTwo, Recording), Option<DeviceBootstrapper<'k>>)> {
    if device.kind == DeviceKind::Local(BoardKind::Model) {
        return Ok((query(device.session()?, keys, records)?, None));
    }
    let configuration = device.configuration.clone();
    thread::scope(|scope| {
        let query = scope.spawn(|| {
            let model = OpenDevice::start(BoardKind::Model, configuration, Simulation::default())?;
            query(model.session()?, keys, records)
        });
        let loaded = DeviceBootstrapper::new(device.session()?, &keys.imported, &mut |_| ());
        let queried = query
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        Ok((queried, Some(loaded?)))
    })
}

/// Does all bootstraps anew, on all processors.
fn check_all(check: &Check<'_>) {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        for _ in 0..processors {
            scope.spawn(|| check.work());
        }
    });
}

fn patients(arguments: &DemoArguments) -> Result<(Vec<Record>, Source)> {
    let Table { source, records } = if arguments.synthetic {
        let reason = "asked for".to_owned();
        Table {
            source: Source::Synthetic { reason },
            records: synthetic::generate(synthetic::SEED, data::rhc::ROWS),
        }
    } else {
        let spinner = progress::spinner("data set");
        let table = data::load();
        spinner.finish_and_clear();
        table
    };
    let rows = records.len();
    ensure!(
        (1..=rows).contains(&arguments.patients),
        BadArgument(format!(
            "--patients {}: from 1 to {rows} is possible",
            arguments.patients
        ))
    );
    let chosen = (0..arguments.patients)
        .map(|index| records[index * rows / arguments.patients])
        .collect();
    Ok((chosen, source))
}

fn make_keys() -> Result<Keys> {
    let spinner = progress::spinner("keys");
    let client = ClientKey::new(V1_8_PARAM_MESSAGE_2_CARRY_2_KS32_PBS_TUNIFORM_2M128);
    let server = CompressedServerKey::new(&client);
    let imported = import_shortint_server_key(&server)?;
    let reference = TfheReference::from_compressed(&server).context("prepare the key in tfhe")?;
    spinner.finish_and_clear();
    Ok(Keys {
        client,
        imported,
        reference,
    })
}

/// The query on the board of a session.
fn query(session: Session, keys: &Keys, records: &[Record]) -> Result<(TwoByTwo, Recording)> {
    let patients: Vec<EncryptedPatient> = records
        .iter()
        .map(|record| EncryptedPatient::encrypt(&keys.client, record.into()))
        .collect();
    let bar = progress::bar(0, "keys to the model board");
    let board = DeviceBootstrapper::new(session, &keys.imported, &mut |loaded| {
        bar.set_length(loaded.total.into());
        bar.set_position(loaded.pieces.into());
    })?;
    bar.finish_and_clear();
    let mut recorder = Recorder::new(board);
    let counts = count_procedure_outcome(&mut recorder, &patients, DEMOGRAPHIC)?;
    Ok((counts.decrypt(&keys.client), recorder.finish()))
}
