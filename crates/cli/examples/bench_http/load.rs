//! A closed loop of clients for a fixed time: each asks again as soon as it has its answer.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::Result;

/// Asked but not counted, so that statements are prepared and caches are filled.
const WARM_UP: Duration = Duration::from_millis(700);

/// One that asks and waits.
pub(crate) trait Client: Send + 'static {
    /// Asks once and takes the whole answer; `turn` counts from zero.
    fn ask(&mut self, turn: usize) -> impl Future<Output = Result<()>> + Send;
}

/// What a load found.
pub(crate) struct Load {
    /// Answers a second.
    pub(crate) rate: f64,
    waited: Vec<Duration>,
}

impl Load {
    /// How many milliseconds so many of a hundred answers took at most.
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        let place = self.waited.len() * percent / 100;
        let found = self.waited.get(place).or(self.waited.last());
        found.map_or(0.0, |waited| waited.as_secs_f64() * 1000.0)
    }
}

/// Lets all clients ask for so long.
pub(crate) async fn drive<C: Client>(clients: Vec<C>, time: Duration) -> Result<Load> {
    let begin = Instant::now() + WARM_UP;
    let end = begin + time;
    let mut running = JoinSet::new();
    for mut client in clients {
        running.spawn(async move {
            let mut waited = Vec::new();
            for turn in 0.. {
                let asked = Instant::now();
                if asked >= end {
                    break;
                }
                client.ask(turn).await?;
                if asked >= begin {
                    waited.push(asked.elapsed());
                }
            }
            Result::Ok(waited)
        });
    }
    let mut waited = Vec::new();
    while let Some(ended) = running.join_next().await {
        waited.extend(ended??);
    }
    waited.sort_unstable();
    let answers = u32::try_from(waited.len())?;
    Ok(Load {
        rate: f64::from(answers) / time.as_secs_f64(),
        waited,
    })
}
