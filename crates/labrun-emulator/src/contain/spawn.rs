//! The emulator's side on Linux: starts the supervisor, hands it its order, keeps the other ends.

use std::io;
use std::net::TcpListener;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OnceCell, watch};

use super::channel::{self, Facts, Failure, Order, Report, receive, send};
use super::contained::{ContainError, Contained, Ended, Killer, Lever, Run};
use super::launch::{Launch, Layer, Layers, Network};
use super::pipes::{Budget, Output};
use super::report::Enforcement;

/// A supervisor that has not answered by now never will.
const ANSWER: Duration = Duration::from_secs(20);

pub(super) async fn spawn(mut launch: Launch) -> Result<Contained, ContainError> {
    check(&launch)?;
    let machine = machine(launch.launcher.as_deref()).await;
    launch.layers = launch.layers.and(machine.layers);
    let output_bytes = launch.limits.output_bytes;
    let begun = blocking(move || begin(launch, false)).await?;
    let enforcement = Arc::new(Enforcement::of(&begun.facts, &machine.missing));
    let killer = Killer { lever: Arc::new(Channel(Mutex::new(begun.channel.try_clone()?))) };
    let output = Budget::new(output_bytes, killer.clone());
    let ended = wait_in_background(begun.child, begun.channel)?;
    // From here on dropping `run` ends the tree.
    let run = Run { killer, ended, output: output.clone(), enforcement };
    begun.control.set_nonblocking(true)?;
    Ok(Contained {
        control: tokio::net::UnixStream::from_std(begun.control)?,
        stdout: Output::new(begun.stdout, output.clone())?,
        stderr: Output::new(begun.stderr, output)?,
        listener: begun.listener,
        run,
    })
}

/// What this machine enforces, by trial.
pub(super) async fn report(launcher: Option<PathBuf>) -> Enforcement {
    let machine = machine(launcher.as_deref()).await;
    Enforcement::of(&machine.facts, &machine.missing)
}

fn check(launch: &Launch) -> Result<(), ContainError> {
    for path in launch.read_only.iter().chain([&launch.program, &launch.folder]) {
        if !path.is_absolute() {
            return Err(ContainError::Launch(format!("{} is not an absolute path", path.display())));
        }
    }
    if let Some(missing) = launch.read_only.iter().find(|path| !path.exists()) {
        let missing = missing.display();
        return Err(ContainError::Launch(format!("{missing}, which the run was granted, is not there")));
    }
    if !launch.folder.is_dir() {
        return Err(ContainError::Launch(format!("the run's folder {} is not there", launch.folder.display())));
    }
    Ok(())
}

/// Starting a process and its answers take milliseconds: not on an async thread.
async fn blocking<T, F>(work: F) -> Result<T, ContainError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, ContainError> + Send + 'static,
{
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

/// Which layers work here, found out once per process: what the kernel is called says little about what it allows.
#[derive(Default)]
struct Machine {
    layers: Layers,
    facts: Facts,
    missing: Vec<(Layer, String)>,
}

async fn machine(launcher: Option<&Path>) -> &'static Machine {
    static MACHINE: OnceCell<Machine> = OnceCell::const_new();
    let launcher = launcher.map(Path::to_owned);
    MACHINE.get_or_init(|| async move { tokio::task::spawn_blocking(|| try_out(launcher)).await.unwrap_or_default() }).await
}

/// Tries all layers, and leaves out the one that fails until a trial passes.
fn try_out(launcher: Option<PathBuf>) -> Machine {
    let mut machine = Machine::default();
    let folder = match trial_folder() {
        Ok(folder) => folder,
        Err(error) => {
            machine.missing.push((Layer::Watch, format!("no folder for a trial: {error}")));
            return machine;
        }
    };
    loop {
        let mut launch = Launch::new("/", &folder);
        launch.network = Network::Loopback { expose: 1024, own_ports: None };
        launch.layers = machine.layers;
        launch.launcher.clone_from(&launcher);
        let before = machine.layers;
        match begin(launch, true) {
            Ok(mut begun) => {
                machine.facts = begun.facts;
                let _ = begun.child.wait(); // It ends by itself; how does not matter any more.
                break;
            }
            Err(ContainError::Layer { layer, error }) => {
                machine.layers.remove(layer);
                machine.missing.push((layer, error));
            }
            Err(other) => machine.missing.push((Layer::Watch, other.to_string())),
        }
        if machine.layers == before {
            break; // What fails cannot be left out; the first real run will say so.
        }
    }
    let _ = std::fs::remove_dir_all(&folder); // Empty but for `.tmp`; a leftover does no harm.
    machine
}

fn trial_folder() -> io::Result<PathBuf> {
    use std::os::unix::fs::DirBuilderExt;
    let now = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos();
    let folder = std::env::temp_dir().join(format!("labrun-trial-{}-{now}", std::process::id()));
    std::fs::DirBuilder::new().mode(0o700).create(&folder)?;
    Ok(folder)
}

/// A started tree, not yet bound to the async world.
struct Begun {
    child: Child,
    channel: UnixStream,
    control: UnixStream,
    stdout: OwnedFd,
    stderr: OwnedFd,
    listener: Option<TcpListener>,
    facts: Facts,
}

fn begin(launch: Launch, trial: bool) -> Result<Begun, ContainError> {
    let (channel, order_socket) = UnixStream::pair()?;
    let (control, input) = UnixStream::pair()?;
    let ((stdout, output), (stderr, errors)) = (io::pipe()?, io::pipe()?);
    let mut command = Command::new(launch.launcher.as_deref().unwrap_or(Path::new("/proc/self/exe")));
    command.arg0("labrun").arg("__contain").env_clear().stdin(OwnedFd::from(order_socket)).stdout(Stdio::null());
    command.stderr(errors.try_clone()?);
    let mut child = command.spawn()?;
    drop(command); // Its copies of the descriptors.
    let order = if trial { Order::SuperviseTry(launch) } else { Order::Supervise(launch) };
    let answer = send(&channel, &order, &[input.as_fd(), output.as_fd(), errors.as_fd()]).and_then(|()| {
        channel.set_read_timeout(Some(ANSWER))?;
        let answer = receive::<Report>(&channel)?;
        channel.set_read_timeout(None)?;
        Ok(answer)
    });
    match answer {
        Ok(Some((Report::Ready(facts), fds))) => {
            let listener = fds.into_iter().next().map(TcpListener::from);
            Ok(Begun { child, channel, control, stdout: stdout.into(), stderr: stderr.into(), listener, facts })
        }
        other => {
            drop(channel); // Ends a supervisor that hangs.
            let _ = child.wait();
            Err(refused(other))
        }
    }
}

type Answer = io::Result<Option<(Report, Vec<OwnedFd>)>>;

fn refused(answer: Answer) -> ContainError {
    match answer {
        Ok(Some((Report::Failed(Failure { layer: Some(layer), error }), _))) => ContainError::Layer { layer, error },
        Ok(Some((Report::Failed(Failure { layer: None, error }), _))) => ContainError::Launch(error),
        Ok(Some(_)) => ContainError::Supervisor("an answer out of turn".to_owned()),
        Ok(None) => ContainError::Supervisor("it ended at once".to_owned()),
        Err(error) => ContainError::Supervisor(error.to_string()),
    }
}

/// Hears the last word of the supervisor and reaps it, whoever else waits or does not; a thread, so that the end of a
/// runtime does not matter.
fn wait_in_background(mut child: Child, channel: UnixStream) -> io::Result<watch::Receiver<Option<Ended>>> {
    let (tell, ended) = watch::channel(None);
    std::thread::Builder::new().name("contain".to_owned()).stack_size(128 << 10).spawn(move || {
        let last = match receive::<Report>(&channel) {
            Ok(Some((Report::Ended(ended), _))) => ended,
            _ => Ended::lost(),
        };
        drop(channel);
        let _ = child.wait(); // It is our child and was not waited for: cannot fail.
        let _ = tell.send(Some(last)); // Nobody may want to know any more.
    })?;
    Ok(ended)
}

/// Steers a tree through its supervisor. Messages are tiny, so they fit the socket's buffer and never block; where the
/// supervisor is gone, so is the tree.
struct Channel(Mutex<UnixStream>);

impl Channel {
    /// One message at a time: several `Killer`s may speak at once.
    fn lock(&self) -> MutexGuard<'_, UnixStream> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, command: &channel::Command) {
        let _ = send(&self.lock(), command, &[]);
    }
}

impl Lever for Channel {
    fn start_clock(&self, wall: Duration) {
        self.tell(&channel::Command::StartClock(wall));
    }

    fn stop_clock(&self) {
        self.tell(&channel::Command::StopClock);
    }

    fn kill(&self, reason: &str) {
        self.tell(&channel::Command::Kill(reason.to_owned()));
    }

    fn hang_up(&self) {
        // Also when a `Killer` still holds a copy of the socket.
        let _ = self.lock().shutdown(std::net::Shutdown::Write);
    }
}
