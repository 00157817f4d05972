//! Crawlers: one that runs when the emulator is killed is READY afterwards, and its last crawl has failed with a reason.

use aws_sdk_glue::types::{CrawlerState, CrawlerTargets, LastCrawlStatus, S3Target};
use aws_sdk_s3::primitives::ByteStream;

use super::runs::make_role;
use super::runtime;
use crate::support::{Emulator, Sandbox, sdk, until};

const BUCKET: &str = "crawled";

#[test]
fn one_under_way_has_failed() {
    let mut emulator = Emulator::start();
    let sandbox = emulator.sandbox("judged");
    let runtime = runtime();
    make_role(&emulator, &sandbox);
    runtime.block_on(provision(&emulator, &sandbox));
    emulator.kill();
    emulator.restart();
    let glue = runtime.block_on(sdk::glue(&emulator, &sandbox));
    let crawler = until("the crawler is ready", || {
        let answer = runtime.block_on(glue.get_crawler().name("c").send()).expect("the crawler");
        answer.crawler.filter(|crawler| crawler.state == Some(CrawlerState::Ready))
    });
    let last = crawler.last_crawl.expect("its crawl");
    assert_eq!(last.status, Some(LastCrawlStatus::Failed));
    assert!(last.error_message.is_some_and(|reason| reason.contains("emulator was stopped")));
    runtime.block_on(glue.start_crawler().name("c").send()).expect("it can be started again");
}

/// So many objects that the crawl is under way for a while.
async fn provision(emulator: &Emulator, sandbox: &Sandbox) {
    let (s3, glue) = (sdk::s3(emulator, sandbox).await, sdk::glue(emulator, sandbox).await);
    s3.create_bucket().bucket(BUCKET).send().await.expect("a bucket");
    for number in 0..200 {
        let body = ByteStream::from_static(b"a,b\n1,2\n3,4\n");
        s3.put_object().bucket(BUCKET).key(format!("data/{number}")).body(body).send().await.expect("an object");
    }
    let database = aws_sdk_glue::types::DatabaseInput::builder().name("db").build().expect("a name");
    glue.create_database().database_input(database).send().await.expect("a database");
    let target = S3Target::builder().path(format!("s3://{BUCKET}/data/")).build();
    let targets = CrawlerTargets::builder().s3_targets(target).build();
    glue.create_crawler().name("c").role("worker").database_name("db").targets(targets).send().await.expect("a crawler");
    glue.start_crawler().name("c").send().await.expect("a crawl");
}
