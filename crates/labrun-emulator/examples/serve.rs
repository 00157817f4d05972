//! The emulator alone, for work on it: `cargo run -p labrun-emulator --example serve -- HOME PORT`.

fn main() -> std::process::ExitCode {
    if std::env::args().nth(1).as_deref() == Some("__contain") {
        return labrun_emulator::contain::main();
    }
    match serve() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(_) => std::process::ExitCode::from(2),
    }
}

#[tokio::main]
async fn serve() -> Result<(), labrun_emulator::StartFault> {
    let mut arguments = std::env::args().skip(1);
    let home = std::path::PathBuf::from(arguments.next().unwrap_or_else(|| "target/emulator".to_owned()));
    let port = arguments.next().and_then(|port| port.parse().ok()).unwrap_or(4566);
    let config = labrun_emulator::Config {
        port,
        spark_set: labrun_emulator::SparkSet::new(|| std::env::var_os("SPARK_SET").map(Into::into)),
        runtime_files: std::path::absolute("runtimes").unwrap_or_default(),
        program: std::env::current_exe().unwrap_or_default(),
        home,
    };
    labrun_emulator::serve(config, |_| {}).await
}
