//! The guides of the repository, read when somebody asks for them.

use crate::workspace::Workspace;
use std::sync::Arc;
use trueup_guides::{Guide, House, is_guide, read_guide};
use trueup_markdown::Document;

impl House for Workspace {
    fn guides(&self) -> &[Guide] {
        self.guides.get_or_init(|| {
            let names = &self.config.guides.names;
            // On one thread: a pool's thread that waits here would take up work that asks for the guides.
            let heads = self.corpus.heads().iter().filter(|head| is_guide(&head.path, names));
            heads.map(|head| read_guide(&head.path, &Document::parse(Arc::clone(&head.text)))).collect()
        })
    }
}
