//! Tasks for staff: mail that came back, and answers of insureds.

mod dismiss;
mod list;
mod settle;

use countersign_domain::tasks::TaskError;

use crate::faults::code;
use crate::problem::{Problem, ProblemType};

pub(crate) use dismiss::dismiss_task;
pub(crate) use list::list_tasks;
pub(crate) use settle::settle_task;

impl From<TaskError> for Problem {
    fn from(error: TaskError) -> Self {
        match error {
            TaskError::SettledAlready => {
                Self::new(ProblemType::TaskSettled).detail("Somebody was quicker; look at the list again.")
            }
            TaskError::Reason(reason) => Self::field("/reason", code(reason), reason),
            TaskError::NotSentFromHere => Self::field("", "not_sent_from_here", error),
            TaskError::SameAddress => Self::field("/address", "same", error),
        }
    }
}
