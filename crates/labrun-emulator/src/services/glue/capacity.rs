//! Worker types, and what they count in DPUs. Source: Glue API reference, CreateJob, `WorkerType`.

use labrun_wire::{AwsError, AwsResult};
use serde::{Deserialize, Serialize};

use super::error;

/// Workers of one type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Capacity {
    pub(super) worker_type: String,
    pub(super) workers: i64,
}

/// What AWS takes where a Spark job says nothing: ten DPUs.
const DEFAULT_WORKERS: i64 = 10;

impl Capacity {
    /// Of the members that may say it.
    pub(super) fn of(worker_type: Option<String>, workers: Option<i64>, max_capacity: Option<f64>) -> AwsResult<Self> {
        if let Some(dpus) = max_capacity {
            if worker_type.is_some() || workers.is_some() {
                return Err(error::invalid_input("Please do not set Max Capacity if using Worker Type and Number of Workers."));
            }
            if !(2.0..=100.0).contains(&dpus) || dpus.fract() != 0.0 {
                return Err(error::invalid_input("Max Capacity for a Spark job must be a whole number of DPUs from 2 to 100."));
            }
            return Ok(Capacity { worker_type: "G.1X".to_owned(), workers: dpus as i64 });
        }
        let worker_type = worker_type.unwrap_or_else(|| "G.1X".to_owned());
        match worker_type.as_str() {
            "Z.2X" => return Err(AwsError::not_implemented("the worker type Z.2X, which is for Ray jobs")),
            "G.025X" => return Err(error::invalid_input("Worker Type G.025X is only supported for streaming jobs.")),
            _ => {}
        }
        let workers = workers.unwrap_or(DEFAULT_WORKERS);
        if workers < 2 {
            return Err(error::invalid_input("Number of Workers must be at least 2."));
        }
        Ok(Capacity { worker_type, workers })
    }

    /// Of the whole job.
    pub(super) fn dpus(&self) -> f64 {
        self.per_worker() * self.workers as f64
    }

    fn per_worker(&self) -> f64 {
        match self.worker_type.as_str() {
            "G.2X" | "R.2X" => 2.0,
            "G.4X" | "R.4X" => 4.0,
            "G.8X" | "R.8X" => 8.0,
            "G.12X" => 12.0,
            "G.16X" => 16.0,
            _ => 1.0,
        }
    }
}
