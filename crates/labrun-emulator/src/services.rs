//! The services, one folder each. A new one is a folder and a line here.

mod athena;
mod glue;
mod iam;
mod logs;
mod s3;
mod sqs;
mod sts;

use crate::registry::Service;

pub(crate) fn all() -> Vec<Service> {
    vec![athena::service(), glue::service(), iam::service(), logs::service(), s3::service(), sqs::service(), sts::service()]
}
