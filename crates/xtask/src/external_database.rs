//! A database for one run on a PostgreSQL that the caller brought with `DATABASE_URL`.

use anyhow::Result;

use crate::database_url::DatabaseUrl;
use crate::processes::Program;
use crate::tools::Tools;
use crate::workspace::Workspace;

/// Dropping it drops the database.
pub(crate) struct ExternalDatabase<'a> {
    workspace: &'a Workspace,
    tools: &'a Tools,
    server: DatabaseUrl,
    name: String,
}

impl<'a> ExternalDatabase<'a> {
    pub(crate) fn create(workspace: &'a Workspace, tools: &'a Tools, server: &DatabaseUrl) -> Result<Self> {
        let name = format!("countersign_browser_{}", std::process::id());
        let made = Self {
            workspace,
            tools,
            server: server.clone(),
            name,
        };
        made.ask("create")?;
        Ok(made)
    }

    pub(crate) fn owner(&self) -> DatabaseUrl {
        self.server.with_database(&self.name)
    }

    fn ask(&self, verb: &str) -> Result<()> {
        let mut node = Program::new("the database script", "node");
        node.command
            .arg(self.workspace.at("crates/xtask/tools/database.mjs"));
        node.command.args([verb, &self.name]).arg(self.tools.folder());
        node.read(&self.server.to_string(), &self.workspace.log("external-database"))?;
        Ok(())
    }
}

impl Drop for ExternalDatabase<'_> {
    fn drop(&mut self) {
        // A database that stays behind after an interrupt is named after the run and does no harm.
        _ = self.ask("drop");
    }
}
