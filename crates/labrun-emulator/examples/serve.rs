//! The emulator alone, for work on it: `cargo run -p labrun-emulator --example serve -- HOME PORT`.

#[tokio::main]
async fn main() -> Result<(), labrun_emulator::StartFault> {
    let mut arguments = std::env::args().skip(1);
    let home = std::path::PathBuf::from(arguments.next().unwrap_or_else(|| "target/emulator".to_owned()));
    let port = arguments.next().and_then(|port| port.parse().ok()).unwrap_or(4566);
    let config = labrun_emulator::Config {
        port,
        runtimes: home.join("runtimes"),
        runtime_files: std::path::PathBuf::from("runtimes"),
        program: std::env::current_exe().unwrap_or_default(),
        home,
    };
    labrun_emulator::serve(config, |_| {}).await
}
