//! Virtual time: moving a sandbox's clock forward, past everything that falls due on the way.
//!
//! Due tasks are taken in order, none before what an earlier one started has come to its end. While one runs, the clock moves with
//! the machine's time from that task's due time on: a duration is always the real one.

use std::sync::Arc;

use labrun_wire::{AwsResult, Timestamp};

use super::Sandbox;
use super::clock::{OFFSET, wall};
use super::tx::Caller;

impl Sandbox {
    /// Moves the clock by `millis`; gives the names of the tasks that it passed.
    pub(crate) async fn advance(self: &Arc<Self>, millis: i64) -> AwsResult<Vec<String>> {
        let _alone = self.clock_moves.lock().await;
        let target = self.now().plus_millis(millis.max(0));
        self.outbox.hold(true);
        let fired = self.pass(target).await;
        self.outbox.hold(false);
        fired
    }

    async fn pass(self: &Arc<Self>, target: Timestamp) -> AwsResult<Vec<String>> {
        let mut fired = Vec::new();
        loop {
            self.outbox.quiet().await;
            let Some((key, task)) = self.pending().into_iter().next().filter(|(_, task)| task.due() <= target) else { break };
            self.move_to(task.due())?;
            fired.push(task.label().to_owned());
            self.deliver(key, &task);
        }
        self.move_to(target)?;
        Ok(fired)
    }

    /// Sets the clock to a moment that lies ahead; one that has passed leaves it.
    fn move_to(self: &Arc<Self>, moment: Timestamp) -> AwsResult<()> {
        if moment <= self.now() {
            return Ok(());
        }
        let offset = moment.millis() - wall().millis();
        let caller = Arc::new(Caller::service("", ""));
        self.write(&caller, |tx| {
            tx.put(&OFFSET, "offset", offset);
            Ok(())
        })?;
        self.clock.set_offset(offset);
        // Whoever looked at the change of the row found the clock where it was: only now is there something to see.
        self.changed.send_replace(());
        Ok(())
    }
}
