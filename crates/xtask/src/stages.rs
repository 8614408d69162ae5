//! The stages of a long check: each is told apart, timed, and summed up at the end. A stage that
//! failed does not keep the others from running, except those that stand on it.

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

/// What ran so far, and where it is told.
pub(crate) struct Stages {
    done: Vec<Stage>,
    tell: fn(&str),
}

impl Stages {
    pub(crate) fn new(tell: fn(&str)) -> Self {
        Self {
            done: Vec::new(),
            tell,
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
        let whole = self.done.iter().map(|stage| stage.took).sum();
        table += &format!("  {:>9}  {:>12}  all stages\n", "", console::seconds(whole));
        table += &format!("\nstages: {passed} passed, {failed} failed, {skipped} skipped");
        (self.tell)(&table);
        if failed + skipped > 0 {
            bail!("not every stage passed");
        }
        Ok(())
    }

    /// A stage that was not asked for counts as passed: the caller vouches for it.
    fn passed(&self, title: &str) -> bool {
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
    fn all_passed_is_a_success() {
        let mut stages = Stages::new(|_| ());
        stages.run("one", &[], || Ok(())).unwrap();
        assert!(stages.finish().is_ok());
    }
}
