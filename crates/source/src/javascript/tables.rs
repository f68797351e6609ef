use crate::SourceFile;
use trueup_codebase::Table;
pub(crate) fn read(_: &SourceFile<'_>, _: &mut Vec<Table>) {}
