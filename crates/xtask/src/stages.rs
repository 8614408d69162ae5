//! The stages of a long check: each is told apart, timed, and summed up at the end. A stage that
//! failed does not keep the others from running, except those that stand on it.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::console;
use crate::interrupt::{self, Interrupted};

enum Outcome {
    Passed,
    Failed,
    Skipped,
}

struct Stage {
    title: &'static str,
    outcome: Outcome,
    took: Duration,
}

/// A stage that ran beside the others.
pub(crate) struct Told {
    /// Its title.
    pub(crate) title: &'static str,
    /// How long it ran.
    pub(crate) took: Duration,
    /// What it wrote.
    pub(crate) output: String,
    /// How it ended.
    pub(crate) result: Result<()>,
}

impl Told {
    /// Runs `work`, which writes to a log, and keeps what it wrote.
    pub(crate) fn of(title: &'static str, log: &Path, work: impl FnOnce(&Path) -> Result<()>) -> Self {
        let started = Instant::now();
        let result = work(log);
        Self {
            title,
            took: started.elapsed(),
            // A log that is not there was not begun; the error says why.
            output: fs::read_to_string(log).unwrap_or_default(),
            result,
        }
    }
}

/// What ran so far, and where it is told.
pub(crate) struct Stages {
    done: Vec<Stage>,
    tell: fn(&str),
    began: Instant,
}

impl Stages {
    pub(crate) fn new(tell: fn(&str)) -> Self {
        Self {
            done: Vec::new(),
            tell,
            began: Instant::now(),
        }
    }

    /// Runs a stage unless one that it needs did not pass. Returns what it yields.
    pub(crate) fn run<T>(
        &mut self,
        title: &'static str,
        needs: &[&str],
        work: impl FnOnce() -> Result<T>,
    ) -> Result<Option<T>> {
        if interrupt::asked() {
            return Err(Interrupted.into());
        }
        if let Some(missing) = needs.iter().find(|need| !self.passed(need)) {
            (self.tell)(&format!(
                "\n── {title}: skipped, because “{missing}” did not pass"
            ));
            self.done.push(Stage {
                title,
                outcome: Outcome::Skipped,
                took: Duration::ZERO,
            });
            return Ok(None);
        }
        (self.tell)(&format!("\n── {title}"));
        let started = Instant::now();
        let (outcome, yielded) = match work() {
            Ok(yielded) => (Outcome::Passed, Some(yielded)),
            Err(error) if error.is::<Interrupted>() => return Err(error),
            Err(error) => {
                (self.tell)(&format!("\nerror in “{title}”: {error:#}"));
                (Outcome::Failed, None)
            }
        };
        self.done.push(Stage {
            title,
            outcome,
            took: started.elapsed(),
        });
        Ok(yielded)
    }

    /// Takes in a stage that ran by itself: what it wrote is told now, in one piece.
    pub(crate) fn take_in(&mut self, told: Told) -> Result<()> {
        let Told {
            title,
            took,
            output,
            result,
        } = told;
        (self.tell)(&format!("\n── {title}\n{}", output.trim_end()));
        let outcome = match result {
            Ok(()) => Outcome::Passed,
            Err(error) if error.is::<Interrupted>() => return Err(error),
            Err(error) => {
                (self.tell)(&format!("\nerror in “{title}”: {error:#}"));
                Outcome::Failed
            }
        };
        self.done.push(Stage { title, outcome, took });
        Ok(())
    }

    /// The table of all stages, and a failure unless all passed.
    pub(crate) fn finish(&self) -> Result<()> {
        let mut table = String::from("\n── Summary\n");
        let (mut passed, mut failed, mut skipped) = (0, 0, 0);
        for stage in &self.done {
            let (mark, count) = match stage.outcome {
                Outcome::Passed => ("✓ passed ", &mut passed),
                Outcome::Failed => ("✗ FAILED ", &mut failed),
                Outcome::Skipped => ("- skipped", &mut skipped),
            };
            *count += 1;
            table += &format!(
                "  {mark}  {:>12}  {}\n",
                console::seconds(stage.took),
                stage.title
            );
        }
        let whole = console::seconds(self.began.elapsed());
        table += &format!("  {:>9}  {whole:>12}  all stages\n", "");
        table += &format!("\nstages: {passed} passed, {failed} failed, {skipped} skipped");
        (self.tell)(&table);
        if failed + skipped > 0 {
            bail!("not every stage passed");
        }
        Ok(())
    }

    /// A stage that was not asked for counts as passed: the caller vouches for it.
    pub(crate) fn passed(&self, title: &str) -> bool {
        self.done
            .iter()
            .all(|stage| stage.title != title || matches!(stage.outcome, Outcome::Passed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_runs_unless_what_it_stands_on_failed() {
        let mut stages = Stages::new(|_| ());
        assert_eq!(stages.run("one", &[], || Ok(1)).unwrap(), Some(1));
        assert_eq!(
            stages.run::<()>("two", &["one"], || bail!("broken")).unwrap(),
            None
        );
        assert_eq!(stages.run("three", &["two"], || Ok(3)).unwrap(), None);
        assert_eq!(stages.run("four", &["one"], || Ok(4)).unwrap(), Some(4));
        assert!(stages.finish().is_err());
    }

    #[test]
    fn a_stage_that_ran_beside_the_others_counts_like_them() {
        let nowhere = Path::new("/nonexistent/log");
        let mut stages = Stages::new(|_| ());
        stages
            .take_in(Told::of("one", nowhere, |_| bail!("broken")))
            .unwrap();
        assert_eq!(stages.run("two", &["one"], || Ok(2)).unwrap(), None);
        assert!(stages.finish().is_err());
        let mut stages = Stages::new(|_| ());
        stages.take_in(Told::of("one", nowhere, |_| Ok(()))).unwrap();
        assert!(stages.finish().is_ok());
    }

    #[test]
    fn all_passed_is_a_success() {
        let mut stages = Stages::new(|_| ());
        stages.run("one", &[], || Ok(())).unwrap();
        assert!(stages.finish().is_ok());
    }
}
