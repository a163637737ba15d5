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
use goldilane_driver_tfhe::reference::TfheReference;
use goldilane_driver_tfhe::{DeviceBootstrapper, ImportedKey, import_shortint_server_key};
use goldilane_workloads::data::{self, Record, Source, Table, TwoByTwo, synthetic};
use goldilane_workloads::query::{
    CodedPatient, Demographic, EncryptedPatient, count_procedure_outcome,
};
use tfhe::shortint::parameters::v1_8::V1_8_PARAM_MESSAGE_2_CARRY_2_KS32_PBS_TUNIFORM_2M128;
use tfhe::shortint::{ClientKey, CompressedServerKey};

use crate::board::{BoardArguments, DeviceKind, OpenDevice};
use crate::output::{BadArgument, Output, Verdict};
use crate::progress;
use crate::simulator::Simulation;
use compare::Check;
use record::{Recorder, Recording};
use replay::Replay;

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

    let (answer, recording) = query(&device, &keys, &records)?;
    let clear = TwoByTwo::count(&records, |patient| {
        let coded = CodedPatient::from(patient);
        DEMOGRAPHIC.takes(coded.age_band, coded.sex)
    });
    let slots = device.configuration.shape.slots as usize;
    let replayed = arguments.rtl_bootstraps.next_multiple_of(slots);
    let check = Check::new(&keys.imported, &keys.reference, &recording, replayed);
    let replay = replay_and_check(&device, &keys, &recording, &check, replayed)?;
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

/// Replays on the device, and meanwhile, on the other processors, does all bootstraps anew: the simulation of a board
/// keeps one processor busy, and its speed is measured.
fn replay_and_check(
    device: &OpenDevice,
    keys: &Keys,
    recording: &Recording,
    check: &Check<'_>,
    replayed: usize,
) -> Result<Option<Replay>> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        for _ in 1..processors {
            scope.spawn(|| check.work());
        }
        let replay = match device.kind {
            DeviceKind::Model => None,
            DeviceKind::Rtl => Some(
                replay::replay(device, &keys.imported, recording, replayed)
                    .inspect_err(|_| check.stop())?,
            ),
        };
        check.work();
        Ok(replay)
    })
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

/// The query on the model board.
fn query(device: &OpenDevice, keys: &Keys, records: &[Record]) -> Result<(TwoByTwo, Recording)> {
    let patients: Vec<EncryptedPatient> = records
        .iter()
        .map(|record| EncryptedPatient::encrypt(&keys.client, record.into()))
        .collect();
    let model = match device.kind {
        DeviceKind::Model => None,
        DeviceKind::Rtl => Some(OpenDevice::start(
            DeviceKind::Model,
            device.configuration.clone(),
            Simulation::default(),
        )?),
    };
    let session = model.as_ref().unwrap_or(device).session()?;
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
