//! `kill -9` of the emulator at any moment: nothing acknowledged is lost, nothing half-done is left, and nothing hangs.

mod crawls;
mod runs;
mod writes;

/// For the SDK's calls.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}
