//! What a person wants to see, and the JSON object.

use comfy_table::{Table, presets};
use goldilane_abi::Shape;
use goldilane_driver_tfhe::ImportedKey;
use goldilane_workloads::data::two_by_two::Group;
use goldilane_workloads::data::{Record, Source, TwoByTwo};
use goldilane_workloads::query::Demographic;
use serde::Serialize;

use super::compare::Mismatches;
use super::replay::Replay;
use crate::board::{BoardKind, DeviceKind, OpenDevice};
use crate::configuration::{full_multipliers, product_clocks};

/// The clock that is assumed where the demo says what a board would take.
const ASSUMED_HZ: f64 = 350e6;
const ASSUMED_BOARD: &str = "u280";

/// Everything that the demo found.
pub struct Findings<'a> {
    /// The device.
    pub device: &'a OpenDevice,
    /// The key.
    pub key: &'a ImportedKey,
    /// How many patients.
    pub patients: usize,
    /// Where they come from.
    pub source: &'a Source,
    /// Who was asked about.
    pub demographic: Demographic,
    /// The decrypted counts.
    pub answer: TwoByTwo,
    /// The counts in the clear.
    pub clear: TwoByTwo,
    /// Bootstraps on the model board.
    pub bootstraps_model: usize,
    /// What the device did.
    pub replay: Option<&'a Replay>,
    /// What differs.
    pub mismatches: Mismatches,
    /// Wall-clock seconds of the whole.
    pub seconds: f64,
}

/// The JSON object.
#[derive(Serialize)]
pub struct Report {
    device: String,
    configuration: String,
    parameter_set: &'static str,
    n: usize,
    polynomial_size: usize,
    lanes: u32,
    slots: u32,
    bootstraps_rtl: usize,
    bootstraps_device: usize,
    bootstraps_model: usize,
    mismatches_golden: usize,
    mismatches_tfhe: usize,
    mismatches_model: usize,
    data: &'static str,
    data_reason: Option<String>,
    patients: usize,
    predicate: String,
    counts: TwoByTwo,
    counts_in_the_clear: TwoByTwo,
    answer_correct: bool,
    full_multipliers: u32,
    clocks_per_external_product: Option<f64>,
    clocks_per_bootstrap: Option<f64>,
    multiplier_occupancy: Option<f64>,
    simulated_clocks_per_second: Option<f64>,
    assumed_board: &'static str,
    assumed_hz: f64,
    assumed_board_seconds: Option<f64>,
    seconds: f64,
}

/// Who is asked, about whom.
pub fn introduction(records: &[Record], source: &Source, demographic: Demographic) -> String {
    let data = match source {
        Source::Rhc => {
            "the data set rhc (right heart catheterisation in intensive care)".to_owned()
        }
        Source::Synthetic { reason } => {
            format!("a SYNTHETIC table, no patient is behind it ({reason})")
        }
    };
    format!(
        "{} patients from {data}.\nEncrypted under {}.\nQuestion: 30-day deaths with and without the procedure among {demographic}.",
        records.len(),
        super::PARAMETER_SET
    )
}

impl Report {
    /// From what was found.
    pub fn new(found: Findings<'_>) -> Self {
        let shape = &found.device.configuration.shape;
        let parameters = found.key.key.parameters();
        let n = parameters.lwe_dimension;
        let measured = found.replay.and_then(|replay| replay.measured);
        let per_bootstrap =
            measured.map(|measured| measured.clocks as f64 / measured.bootstraps as f64);
        let levels = parameters.pbs.levels() as u32;
        // Measured clocks carry over by the number of lanes; without any, the multipliers alone count.
        let board_seconds = Shape::named(ASSUMED_BOARD).map(|board| {
            let clocks = match per_bootstrap {
                Some(clocks) => clocks * f64::from(shape.lanes) / f64::from(board.lanes),
                None => n as f64 * f64::from(product_clocks(&board, levels)),
            };
            found.bootstraps_model as f64 * clocks / ASSUMED_HZ
        });
        let replayed = found.replay.map_or(0, |replay| replay.outputs.len());
        let simulated = found
            .replay
            .filter(|_| matches!(found.device.kind, DeviceKind::Local(_)));
        Self {
            device: found.device.kind.to_string(),
            configuration: found.device.configuration.name.clone(),
            parameter_set: super::PARAMETER_SET,
            n,
            polynomial_size: parameters.polynomial_size,
            lanes: shape.lanes,
            slots: shape.slots,
            bootstraps_rtl: match found.device.kind {
                DeviceKind::Local(BoardKind::Rtl) => replayed,
                _ => 0,
            },
            bootstraps_device: match found.device.kind {
                DeviceKind::Local(_) => 0,
                DeviceKind::Socket(_) | DeviceKind::Vfio(_) => replayed,
            },
            bootstraps_model: found.bootstraps_model,
            mismatches_golden: found.mismatches.golden,
            mismatches_tfhe: found.mismatches.tfhe,
            mismatches_model: found.mismatches.model,
            data: found.source.name(),
            data_reason: match found.source {
                Source::Rhc => None,
                Source::Synthetic { reason } => Some(reason.clone()),
            },
            patients: found.patients,
            predicate: found.demographic.to_string(),
            counts: found.answer,
            counts_in_the_clear: found.clear,
            answer_correct: found.answer == found.clear,
            full_multipliers: full_multipliers(shape),
            clocks_per_external_product: per_bootstrap.map(|clocks| clocks / n as f64),
            clocks_per_bootstrap: per_bootstrap,
            multiplier_occupancy: measured
                .map(|measured| measured.multiplier_busy as f64 / measured.clocks.max(1) as f64),
            simulated_clocks_per_second: simulated
                .map(|replay| replay.clocks as f64 / replay.seconds),
            assumed_board: ASSUMED_BOARD,
            assumed_hz: ASSUMED_HZ,
            assumed_board_seconds: board_seconds,
            seconds: found.seconds,
        }
    }

    /// Whether answer and words are right.
    pub fn all_agree(&self) -> bool {
        let mismatches = self.mismatches_golden + self.mismatches_tfhe + self.mismatches_model;
        self.answer_correct && mismatches == 0
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut lines = vec![String::new(), self.table(), self.figures(), String::new()];
        lines.push(match self.answer_correct {
            true => "The decrypted counts are those counted in the clear.".to_owned(),
            false => format!(
                "WRONG: in the clear the counts are {:?}.",
                self.counts_in_the_clear
            ),
        });
        lines.push(self.where_it_ran());
        lines.push(self.agreement());
        if let Some(clocks) = self.clocks_per_bootstrap {
            lines.push(format!(
                "Batches of {} back to back: {:.0} clocks a bootstrap, {:.1} an external product, {} full multipliers busy {:.1} % of the time.",
                self.slots,
                clocks,
                self.clocks_per_external_product.unwrap_or_default(),
                self.full_multipliers,
                100.0 * self.multiplier_occupancy.unwrap_or_default()
            ));
        }
        if let Some(rate) = self.simulated_clocks_per_second {
            lines.push(format!("Simulated: {rate:.0} clocks a second."));
        }
        if let Some(seconds) = self.assumed_board_seconds {
            let basis = match self.clocks_per_bootstrap {
                Some(_) => "by these clocks, scaled by the lanes",
                None => "its multipliers always busy",
            };
            lines.push(format!(
                "All {} bootstraps on {} at an assumed {:.0} MHz, {basis}: {:.1} ms. No such board was measured.",
                self.bootstraps_model,
                self.assumed_board,
                self.assumed_hz / 1e6,
                1e3 * seconds
            ));
        }
        lines.push(format!("{:.0} s in all.", self.seconds));
        lines.join("\n")
    }

    fn table(&self) -> String {
        let mut table = Table::new();
        table.load_preset(presets::UTF8_FULL_CONDENSED);
        table.set_header([
            self.predicate.as_str(),
            "died within 30 days",
            "survived",
            "deaths",
        ]);
        let mut row = |name: &str, group: Group| {
            let share = group
                .risk()
                .map_or_else(|| "-".to_owned(), |risk| format!("{:.1} %", 100.0 * risk));
            table.add_row([
                name.to_owned(),
                group.died.to_string(),
                group.survived.to_string(),
                share,
            ]);
        };
        row("with the procedure", self.counts.with);
        row("without", self.counts.without);
        table.to_string()
    }

    fn figures(&self) -> String {
        let mut figures = Vec::new();
        if let Some(difference) = self.counts.risk_difference() {
            figures.push(format!("risk difference {:+.1} points", 100.0 * difference));
        }
        if let Some(ratio) = self.counts.odds_ratio() {
            figures.push(format!("odds ratio {ratio:.2}"));
        }
        figures.push("an observational study's statistic, not an effect".to_owned());
        figures.join(", ")
    }

    fn where_it_ran(&self) -> String {
        if self.bootstraps_device > 0 {
            return format!(
                "All {} bootstraps ran on the model board, {} of them also on {} (configuration {:?}: {} lanes), through the same driver.",
                self.bootstraps_model,
                self.bootstraps_device,
                self.device,
                self.configuration,
                self.lanes
            );
        }
        match self.bootstraps_rtl {
            0 => format!(
                "All {} bootstraps ran on the model board (configuration {:?}) through the driver; NONE on the RTL.",
                self.bootstraps_model, self.configuration
            ),
            rtl => format!(
                "All {} bootstraps ran on the model board, {rtl} of them also on the RTL (configuration {:?}: {} lanes), through the same driver.",
                self.bootstraps_model, self.configuration, self.lanes
            ),
        }
    }

    fn agreement(&self) -> String {
        let against = |what: &str, wrong: usize| match wrong {
            0 => format!("equal to {what}"),
            wrong => format!("{wrong} DIFFER from {what}"),
        };
        let mut parts = vec![
            against("the golden model", self.mismatches_golden),
            against("tfhe's exact-NTT bootstrap", self.mismatches_tfhe),
        ];
        if self.bootstraps_rtl + self.bootstraps_device > 0 {
            parts.push(against("the model board", self.mismatches_model));
        }
        format!("Word for word: {}.", parts.join(", "))
    }
}
