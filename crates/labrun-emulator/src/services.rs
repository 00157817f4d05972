//! The services, one folder each. A new one is a folder and a line here.

mod glue;
mod s3;

use crate::registry::Service;

pub(crate) fn all() -> Vec<Service> {
    vec![glue::service(), s3::service()]
}
