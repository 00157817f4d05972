//! The chance to pass, as a range.
//!
//! AWS publishes neither how many right answers pass nor how raw points become the scaled score, so no score is computed here. What is
//! estimated: how likely a learner gets [`PASS`] of a form's scored questions right, from first answers to items not seen before.
//! How able the learner is in each skill stays uncertain, and the range says how much: it covers the truth in 80 % of cases.

use rand::Rng;
use rand_distr::{Beta, Distribution as _};

/// The share of right answers that is taken for a pass: AWS's 720 of 1,000 as if the scale were even, which nobody outside knows.
pub(crate) const PASS: f64 = 0.72;
/// Fewer first answers than this say nothing.
pub(crate) const LEAST: usize = 30;
/// The scored questions of a form.
pub(crate) const SCORED: usize = 50;

const DRAWS: usize = 400;
/// What is left out at either end. A tenth would be the middle 80 % if learners were as the prior says; they scatter more, so a little
/// less is left out. The test below is what counts.
const EDGE: f64 = 0.09;
/// How many answers the learner's average is worth when one skill is judged.
const SHRINK: f64 = 6.0;

/// First answers in one skill.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub right: usize,
    pub of: usize,
}

/// Between which chances the truth lies in 80 % of cases.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub(crate) struct Range {
    pub low: f64,
    pub high: f64,
}

/// `None` says: not enough yet. `skills` has a tally for each skill that the form asks for, each weighing the same.
pub(crate) fn chance(skills: &[Tally], dice: &mut impl Rng) -> Option<Range> {
    let all = Tally { right: skills.iter().map(|tally| tally.right).sum(), of: skills.iter().map(|tally| tally.of).sum() };
    if all.of < LEAST {
        return None;
    }
    let mut chances: Vec<f64> = (0..DRAWS).map(|_| pass(&ability(skills, all, dice))).collect();
    chances.sort_by(f64::total_cmp);
    let at = |share: f64| chances[((DRAWS - 1) as f64 * share).round() as usize];
    Some(Range { low: at(EDGE), high: at(1.0 - EDGE) })
}

/// One possible learner: the chance to answer right, by skill.
fn ability(skills: &[Tally], all: Tally, dice: &mut impl Rng) -> Vec<f64> {
    let average = beta(all.right as f64 + 1.0, (all.of - all.right) as f64 + 1.0, dice);
    let of = |tally: &Tally| {
        let right = average * SHRINK + tally.right as f64;
        beta(right, (1.0 - average) * SHRINK + (tally.of - tally.right) as f64, dice)
    };
    skills.iter().map(of).collect()
}

fn beta(right: f64, wrong: f64, dice: &mut impl Rng) -> f64 {
    // Both are above zero; where rounding makes them not so, the mean is as good.
    Beta::new(right, wrong).map_or(right / (right + wrong), |beta| beta.sample(dice))
}

/// How likely someone with these chances by skill gets enough of a form right.
pub(crate) fn pass(ability: &[f64]) -> f64 {
    // right[n]: the chance of n right answers so far.
    let mut right = vec![1.0];
    for question in 0..SCORED {
        let chance = ability[question * ability.len() / SCORED];
        let mut next = vec![0.0; right.len() + 1];
        for (count, so_far) in right.iter().enumerate() {
            next[count] += so_far * (1.0 - chance);
            next[count + 1] += so_far * chance;
        }
        right = next;
    }
    // Rounding may leave a hair more than certainty.
    right.iter().skip((PASS * SCORED as f64).ceil() as usize).sum::<f64>().min(1.0)
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{RngExt as _, SeedableRng as _};

    use super::*;

    #[test]
    fn thirty_answers_are_the_least() {
        let mut dice = StdRng::seed_from_u64(1);
        assert_eq!(chance(&[Tally { right: 29, of: 29 }], &mut dice), None);
        assert!(chance(&[Tally { right: 30, of: 30 }], &mut dice).is_some());
    }

    #[test]
    fn the_range_covers_the_truth_in_four_cases_of_five() {
        let mut dice = StdRng::seed_from_u64(20_261_124);
        for (answers, skills) in [(36, 9), (120, 9), (84, 28), (240, 9)] {
            let rounds = 200;
            let covered = (0..rounds).filter(|_| covers(answers, skills, &mut dice)).count();
            let share = covered as f64 / f64::from(rounds);
            assert!((0.80..=0.95).contains(&share), "{answers} answers in {skills} skills: {share}");
        }
    }

    /// A learner whose skills scatter around an average: is the true chance inside the range that the answers give?
    fn covers(answers: usize, skills: usize, dice: &mut StdRng) -> bool {
        let average: f64 = dice.random_range(0.35..0.95);
        let truth: Vec<f64> = (0..skills).map(|_| (average + dice.random_range(-0.15..0.15)).clamp(0.05, 0.99)).collect();
        let mut tallies = vec![Tally::default(); skills];
        for answer in 0..answers {
            let skill = answer % skills;
            tallies[skill].of += 1;
            tallies[skill].right += usize::from(dice.random_bool(truth[skill]));
        }
        let Some(range) = chance(&tallies, dice) else { return false };
        let truth = pass(&truth);
        (range.low - 0.005..=range.high + 0.005).contains(&truth)
    }
}
