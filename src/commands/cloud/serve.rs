//! `labrun cloud serve`, and `labrun cloud up --foreground`: the emulator in this process.

use labrun_emulator::{Config, SparkSet};

use super::refuse_iam;
use crate::cli::Serve;
use crate::engine::home::Home;
use crate::engine::runtimes::{named, unpack};
use crate::exit::{Exit, Failure, Outcome};
use crate::ui::Ui;

pub(super) fn run(home: &Home, args: &Serve) -> Outcome {
    refuse_iam(args)?;
    let ui = Ui::default();
    let set = named("spark").ok_or_else(|| Failure::new("there is no set `spark`"))?;
    let config = Config {
        home: home.root.clone(),
        port: args.port,
        spark_set: SparkSet::new({
            let home = home.clone();
            move || set.ready(&home)
        }),
        runtime_files: unpack(home)?,
        program: std::env::current_exe().map_err(|error| Failure::new(error.to_string()))?,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new(error.to_string()))?;
    let served = runtime.block_on(labrun_emulator::serve(config, |address| ui.say(&format!("emulator at http://{address}"))));
    served.map_err(|fault| Failure::new(fault.to_string()))?;
    Ok(Exit::Done)
}
