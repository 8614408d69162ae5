//! `cargo xtask database`: a throw-away PostgreSQL for tests that are run by hand or by an editor.

use std::thread;
use std::time::Duration;

use anyhow::Result;

use crate::console;
use crate::interrupt;
use crate::postgres::{self, Purpose};
use crate::scratch::Scratch;
use crate::tools::Tools;
use crate::workspace::Workspace;

pub(crate) fn run() -> Result<()> {
    interrupt::listen()?;
    let workspace = Workspace::find()?;
    let tools = Tools::install(&workspace)?;
    let scratch = Scratch::new("database")?;
    let mut cluster = console::step("Starting a throw-away PostgreSQL 18", || {
        postgres::throw_away(&workspace, &tools, scratch.path(), Purpose::ThrowAway)
    })?;
    console::line(&format!(
        "\n  export COUNTERSIGN_TEST_OWNER_URL={}\n\n  Ctrl-C ends and removes it.",
        cluster.owner().with_database("postgres")
    ));
    while !interrupt::asked() {
        cluster.must_run()?;
        thread::sleep(Duration::from_millis(200));
    }
    Ok(())
}
