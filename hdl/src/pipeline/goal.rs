//! Brings the plans of one step in several lanes to a common goal.

use super::block::BuildError;
use super::plan::{SumPlan, common_format};
use super::value::Format;
use super::word::{ones, width_of};

/// The offset that limbs of these columns and widths must have.
pub type OffsetRule = fn(&[(u32, u32)]) -> u64;

/// What offset and range the results of a step must have.
#[derive(Clone, Copy)]
pub enum Goal {
    /// Whatever comes out, lane by lane.
    Free,
    /// Offset 0 and one format for all lanes: lanes may be exchanged.
    Common,
    /// One format for all lanes, with the offset that what follows needs.
    CommonFor(OffsetRule),
    /// The same, but each lane for itself.
    EachFor(OffsetRule),
}

/// Widest limb tried.
const WIDEST: u32 = 70;

/// Plans `lanes` lanes and makes them meet the goal.
///
/// # Errors
/// Those of `plan`, or no constant fits.
pub fn settle<'b>(
    goal: Goal,
    lanes: usize,
    plan: &dyn Fn(usize) -> Result<SumPlan<'b>, BuildError>,
) -> Result<Vec<(SumPlan<'b>, Format)>, BuildError> {
    let all = || (0..lanes).map(plan).collect::<Result<Vec<_>, _>>();
    let same = |plans: Vec<SumPlan<'b>>, format: Format| {
        plans.into_iter().map(|p| (p, format.clone())).collect()
    };
    match goal {
        Goal::Free => all()?
            .into_iter()
            .map(|p| p.format().map(|f| (p, f)))
            .collect(),
        Goal::Common => {
            let mut plans = all()?;
            plans.iter_mut().try_for_each(|p| p.absorb(0))?;
            let format = common_format(&plans)?;
            Ok(same(plans, format))
        }
        Goal::CommonFor(rule) => absorb_for(rule, &all).map(|(p, f)| same(p, f)),
        Goal::EachFor(rule) => {
            let mut done = Vec::new();
            for lane in 0..lanes {
                let (plans, format) = absorb_for(rule, &|| Ok(vec![plan(lane)?]))?;
                done.extend(same(plans, format));
            }
            Ok(done)
        }
    }
}

/// Absorbs the offset that the common widths ask for; the widths grow until they hold.
fn absorb_for<'b>(
    rule: OffsetRule,
    plans: &dyn Fn() -> Result<Vec<SumPlan<'b>>, BuildError>,
) -> Result<(Vec<SumPlan<'b>>, Format), BuildError> {
    let widest = |plans: &[SumPlan<'b>]| {
        let mut limbs = plans[0].ranges();
        for other in &plans[1..] {
            for (l, o) in limbs.iter_mut().zip(other.ranges()) {
                l.1 = l.1.max(o.1);
            }
        }
        limbs
    };
    let mut limbs: Vec<(u32, u32)> = widest(&plans()?)
        .iter()
        .map(|(column, max)| (*column, width_of(*max)))
        .collect();
    let mut failure = BuildError::NoConstant { what: "goal" };
    while limbs.iter().all(|l| l.1 <= WIDEST) {
        let offset = rule(&limbs);
        let mut trial = plans()?;
        let wider = match trial.iter_mut().try_for_each(|p| p.absorb(offset)) {
            Ok(()) => {
                let ranges = widest(&trial);
                limbs
                    .iter()
                    .zip(ranges)
                    .position(|(l, r)| width_of(r.1) > l.1)
            }
            // Another width asks for another offset.
            Err(error) => {
                failure = error;
                Some(limbs.len() - 1)
            }
        };
        let Some(limb) = wider else {
            let limbs = limbs.iter().map(|(c, w)| (*c, ones(*w))).collect();
            return Ok((trial, Format { limbs, offset }));
        };
        limbs[limb].1 += 1;
    }
    Err(failure)
}
