//! Writes: what was acknowledged is there after a crash, and what was not leaves nothing.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_glue::types::JobCommand;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;

use super::runtime;
use crate::support::{Emulator, Sandbox, sdk, until};

/// How many writes are acknowledged before the emulator is killed in the middle of more.
const ACKNOWLEDGED: usize = 200;

/// Objects of more bytes than this are files; smaller ones may lie in their rows.
const LONG: i64 = 5000;

/// Content that tells from which write it is; some of it in a file, some of it longer than what is written at once.
fn content(number: usize) -> Vec<u8> {
    let line = format!("object {number}\n");
    line.repeat([50_000, 1000, 1, 1][number % 4]).into_bytes()
}

/// Puts objects and makes jobs until the emulator is gone; notes each that was acknowledged.
async fn write_on(clients: (aws_sdk_s3::Client, aws_sdk_glue::Client), counter: &AtomicUsize, noted: &Mutex<Vec<usize>>) {
    let (s3, glue) = clients;
    loop {
        let number = counter.fetch_add(1, Ordering::Relaxed);
        let put = s3.put_object().bucket("acknowledged").key(number.to_string()).body(content(number).into());
        if put.send().await.is_err() {
            return;
        }
        let command = JobCommand::builder().name("glueetl").script_location("s3://b/k").build();
        let make = glue.create_job().name(format!("job-{number}")).role("worker").command(command);
        if make.send().await.is_err() {
            return;
        }
        noted.lock().expect("no panic").push(number);
    }
}

#[test]
fn acknowledged_writes_survive() {
    let mut emulator = Emulator::bare();
    let sandbox = emulator.sandbox("judged");
    let runtime = runtime();
    let counter = Arc::new(AtomicUsize::new(0));
    let noted = Arc::new(Mutex::new(Vec::new()));
    let clients = runtime.block_on(async { (sdk::s3(&emulator, &sandbox).await, sdk::glue(&emulator, &sandbox).await) });
    runtime.block_on(clients.0.create_bucket().bucket("acknowledged").send()).expect("a bucket");
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let (clients, counter, noted) = (clients.clone(), Arc::clone(&counter), Arc::clone(&noted));
            runtime.spawn(async move { write_on(clients, &counter, &noted).await })
        })
        .collect();
    until("enough is acknowledged", || (noted.lock().expect("no panic").len() >= ACKNOWLEDGED).then_some(()));
    emulator.crash();
    writers.into_iter().for_each(|writer| runtime.block_on(writer).expect("no panic"));
    let noted = noted.lock().expect("no panic").clone();
    let kept = runtime.block_on(all_there(&emulator, &sandbox, &noted));
    assert_eq!(blobs(&emulator, &sandbox), kept, "a file for each long object, and no other");
}

/// Checks every noted write; gives how many long objects there are.
async fn all_there(emulator: &Emulator, sandbox: &Sandbox, noted: &[usize]) -> usize {
    let (s3, glue) = (sdk::s3(emulator, sandbox).await, sdk::glue(emulator, sandbox).await);
    for number in noted {
        let got = s3.get_object().bucket("acknowledged").key(number.to_string()).send().await.expect("acknowledged");
        let bytes = got.body.collect().await.expect("its bytes").into_bytes();
        assert!(bytes == content(*number), "object {number} is another");
        glue.get_job().job_name(format!("job-{number}")).send().await.expect("acknowledged");
    }
    let mut sizes = Vec::new();
    let mut pages = s3.list_objects_v2().bucket("acknowledged").into_paginator().send();
    while let Some(page) = pages.next().await {
        sizes.extend(page.expect("a page").contents().iter().filter_map(|object| object.size()));
    }
    assert!(sizes.len() >= noted.len());
    sizes.into_iter().filter(|size| *size > LONG).count()
}

/// Files of objects' bytes.
fn blobs(emulator: &Emulator, sandbox: &Sandbox) -> usize {
    let folder = emulator.home.path().join("sandboxes").join(&sandbox.id).join("blobs");
    std::fs::read_dir(&folder).expect("the blobs").count()
}

/// What is there before.
const BEFORE: &[u8] = &[b'b'; 2 * LONG as usize];

#[test]
fn a_half_uploaded_object_leaves_nothing() {
    let mut emulator = Emulator::bare();
    let sandbox = emulator.sandbox("judged");
    let runtime = runtime();
    let url = runtime.block_on(before(&emulator, &sandbox));
    assert_eq!(blobs(&emulator, &sandbox), 2, "the object and the part");
    let half = send_half(&emulator, &url);
    until("its bytes arrive", || (blobs(&emulator, &sandbox) == 3).then_some(()));
    emulator.crash();
    drop(half);
    let got = runtime.block_on(async {
        let s3 = sdk::s3(&emulator, &sandbox).await;
        let got = s3.get_object().bucket("half").key("k").send().await.expect("the object before");
        got.body.collect().await.expect("its bytes").into_bytes()
    });
    assert_eq!(got, BEFORE);
    assert_eq!(blobs(&emulator, &sandbox), 2, "the object and the part");
}

/// An object and a part of another; gives a URL to put the object anew.
async fn before(emulator: &Emulator, sandbox: &Sandbox) -> String {
    let s3 = sdk::s3(emulator, sandbox).await;
    s3.create_bucket().bucket("half").send().await.expect("a bucket");
    s3.put_object().bucket("half").key("k").body(ByteStream::from_static(BEFORE)).send().await.expect("an object");
    let upload = s3.create_multipart_upload().bucket("half").key("parts").send().await.expect("an upload");
    let part = s3.upload_part().bucket("half").key("parts").part_number(1).set_upload_id(upload.upload_id);
    part.body(ByteStream::from_static(BEFORE)).send().await.expect("a part");
    let minute = PresigningConfig::expires_in(Duration::from_secs(60)).expect("a minute");
    s3.put_object().bucket("half").key("k").presigned(minute).await.expect("signed").uri().to_owned()
}

/// Sends half of an upload and keeps the connection open.
fn send_half(emulator: &Emulator, url: &str) -> TcpStream {
    let target = url.strip_prefix(&emulator.endpoint()).expect("our endpoint");
    let mut stream = TcpStream::connect(("127.0.0.1", emulator.port)).expect("connects");
    let head = format!("PUT {target} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\ncontent-length: 2000000\r\n\r\n", emulator.port);
    stream.write_all(head.as_bytes()).expect("the head");
    stream.write_all(&vec![b'x'; 1_000_000]).expect("half of it");
    stream
}
