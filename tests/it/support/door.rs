//! A door between the program and its emulator: what goes in is seen first, so that a test can do something just before it arrives.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use super::Home;

/// Puts a door before the emulator at `port`: programs of this home go through it from now on. `before` gets each piece that a client
/// sends, and returns before the emulator does.
pub(crate) fn door(home: &Home, port: u16, before: impl Fn(&str) + Send + Sync + 'static) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let told = home.path().join("emulator.json");
    let mut running: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&told).expect("an emulator runs")).expect("what it says of itself");
    running["port"] = listener.local_addr().expect("bound").port().into();
    std::fs::write(&told, running.to_string()).expect("written");
    let before = Arc::new(before);
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let before = Arc::clone(&before);
            thread::spawn(move || pass(client, port, &*before));
        }
    });
}

/// Until either side hangs up; what then is lost, the client tells.
fn pass(mut client: TcpStream, port: u16, before: &dyn Fn(&str)) -> Option<()> {
    let mut server = TcpStream::connect(("127.0.0.1", port)).ok()?;
    let (mut answers, mut back) = (server.try_clone().ok()?, client.try_clone().ok()?);
    thread::spawn(move || std::io::copy(&mut answers, &mut back));
    let mut piece = [0; 65536];
    loop {
        let length = client.read(&mut piece).ok().filter(|length| *length > 0)?;
        before(&String::from_utf8_lossy(&piece[..length]));
        server.write_all(&piece[..length]).ok()?;
    }
}
