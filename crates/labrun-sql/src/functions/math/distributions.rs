//! Distributions of chance: normal, beta, and Wilson's interval.

use std::f64::consts::SQRT_2;

use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::rows::rows;

pub(super) fn register(library: &mut Library) {
    rows!(library, "normal_cdf(double, double, double) -> double", |mean: Double, deviation: Double, value: Double| -> Double {
        check(deviation > 0.0, "standardDeviation must be > 0")?;
        Ok(normal((value - mean) / deviation))
    });
    rows!(library, "inverse_normal_cdf(double, double, double) -> double", |mean: Double,
                                                                            deviation: Double,
                                                                            p: Double|
     -> Double {
        check(p > 0.0 && p < 1.0, "p must be 0 > p > 1")?;
        check(deviation > 0.0, "sd must be > 0")?;
        Ok(mean + deviation * normal_at(p))
    });
    rows!(library, "beta_cdf(double, double, double) -> double", |a: Double, b: Double, value: Double| -> Double {
        check((0.0..=1.0).contains(&value), "value must be in the interval [0, 1]")?;
        check(a > 0.0 && b > 0.0, "a, b must be > 0")?;
        Ok(beta(a, b, value))
    });
    rows!(library, "inverse_beta_cdf(double, double, double) -> double", |a: Double, b: Double, p: Double| -> Double {
        check((0.0..=1.0).contains(&p), "p must be in the interval [0, 1]")?;
        check(a > 0.0 && b > 0.0, "a, b must be > 0")?;
        Ok(root(|value| beta(a, b, value) - p, 0.0, 1.0))
    });
    rows!(library, "wilson_interval_lower(bigint, bigint, double) -> double", |hits: Bigint, of: Bigint, z: Double| -> Double {
        wilson(hits, of, z, -1.0)
    });
    rows!(library, "wilson_interval_upper(bigint, bigint, double) -> double", |hits: Bigint, of: Bigint, z: Double| -> Double {
        wilson(hits, of, z, 1.0)
    });
}

fn check(holds: bool, message: &str) -> Outcome<()> {
    if holds { Ok(()) } else { Err(Fault::argument(message)) }
}

fn normal(deviations: f64) -> f64 {
    0.5 * libm::erfc(-deviations / SQRT_2)
}

/// Where the normal distribution has this much below it: forty deviations out it has all.
fn normal_at(p: f64) -> f64 {
    if p == 0.5 { 0.0 } else { root(|value| normal(value) - p, -40.0, 40.0) }
}

/// Where a function that rises is zero, halving until no double lies between.
fn root(rises: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    if rises(low) >= 0.0 {
        return low;
    }
    if rises(high) <= 0.0 {
        return high;
    }
    for _ in 0..1100 {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if rises(middle) < 0.0 { low = middle } else { high = middle }
    }
    high
}

/// The regularized incomplete beta function, from the side where its fraction converges.
fn beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_near(b, a, 1.0 - x);
    }
    beta_near(a, b, x)
}

fn beta_near(a: f64, b: f64, x: f64) -> f64 {
    let log = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * x.ln() + b * (-x).ln_1p();
    log.exp() / (a * fraction(a, b, x))
}

/// The continued fraction of the incomplete beta function, by Lentz's method.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let (mut value, mut upper, mut lower) = (1.0_f64, 1.0_f64, 0.0_f64);
    for step in 1..10_000 {
        let m = f64::from(step / 2);
        let term = if step % 2 == 0 {
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        };
        lower = 1.0 + term * lower;
        upper = 1.0 + term / upper;
        lower = 1.0 / if lower.abs() < TINY { TINY } else { lower };
        upper = if upper.abs() < TINY { TINY } else { upper };
        value *= upper * lower;
        if (upper * lower - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

fn wilson(hits: i64, of: i64, z: f64, sign: f64) -> Outcome<f64> {
    check(hits >= 0, "number of successes must not be negative")?;
    check(of > 0, "number of trials must be positive")?;
    check(hits <= of, "number of successes must not be larger than number of trials")?;
    check(z >= 0.0, "z-score must not be negative")?;
    let (n, p) = (of as f64, hits as f64 / of as f64);
    let center = p + z * z / (2.0 * n);
    let spread = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    Ok((center + sign * spread) / (1.0 + z * z / n))
}
