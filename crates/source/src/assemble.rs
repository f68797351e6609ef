use crate::{FileFacts, Options};
use trueup_codebase::Codebase;

/// Puts what the files say together. Files come in the order of their paths.
pub fn assemble(files: Vec<FileFacts>, _options: &Options) -> Codebase {
    let _ = crate::routes::adapters();
    Codebase { files: files.len(), ..Codebase::default() }
}
