use crate::field::strip_inline;
use crate::fold::{fold_up_to, front_of_fold, needs_stripping};
use crate::placeholder::may_hold_bare_token;
use crate::value::ValueSpec;
use rustc_hash::{FxHashMap, FxHashSet};
use trueup_markdown::NormalTitle;

/// Whether a document must have something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presence {
    /// Must be there.
    Required,
    /// May be there.
    Optional,
    /// Is about the template and must not be there.
    Never,
}

impl Presence {
    /// The word that the interface uses.
    pub fn name(self) -> &'static str {
        match self {
            Presence::Required => "required",
            Presence::Optional => "optional",
            Presence::Never => "not in a spec",
        }
    }
}

/// A section's place in [`Schema::sections`].
pub type SpecIndex = usize;

/// What a template asks of a section.
#[derive(Clone, Debug)]
pub struct SectionSpec {
    /// The title as written, without numbering and marks.
    pub title: String,
    /// The title as it is compared.
    pub normal: NormalTitle,
    /// The heading's level.
    pub level: u8,
    /// The section above.
    pub parent: Option<SpecIndex>,
    /// What it holds, where its title or a directive says so.
    pub kind: Option<String>,
    /// Whether a document must have it.
    pub presence: Presence,
    /// Whether the title holds a placeholder: such a section may come any number of times.
    pub repeats: bool,
    /// What a repeated section's title must hold.
    pub title_value: ValueSpec,
    /// The numbering in front of the title (`7)`).
    pub numbering: String,
    /// Fields in it.
    pub fields: Vec<FieldSpec>,
    /// Tables in it.
    pub tables: Vec<TableSpec>,
    /// Check-list items in it that every document must keep.
    pub checklist: Vec<ChecklistSpec>,
    /// Whether it comes out of a nested template.
    pub nested: bool,
    /// Whether it is to be removed before the document is final.
    pub temporary: bool,
    /// Titles that it had in older versions of the template, where a document of such a version is at hand.
    pub former: Vec<NormalTitle>,
    /// Whether the template itself has nothing in it but guidance or placeholders to fill in.
    pub has_content: bool,
    /// Where in the template.
    pub line: u32,
    /// Why it is required, optional, repeated.
    pub reason: String,
}

/// What a template asks of a field.
#[derive(Clone, Debug)]
pub struct FieldSpec {
    /// The key as written.
    pub key: String,
    /// The key as it is compared.
    pub normal: String,
    /// What may stand there.
    pub value: ValueSpec,
    /// Whether it must be there.
    pub presence: Presence,
    /// Whether a list follows instead of a value (`**Goals:**`).
    pub label: bool,
    /// Whether the template's value says something that existing documents need not keep.
    pub template_value: String,
    /// Where in the template.
    pub line: u32,
    /// Why.
    pub reason: String,
}

/// What a template asks of a table.
#[derive(Clone, Debug)]
pub struct TableSpec {
    /// The columns in order.
    pub columns: Vec<ColumnSpec>,
    /// Rows that every document must have, by their first cell.
    pub rows: Vec<RowSpec>,
    /// Where in the template.
    pub line: u32,
    /// Why.
    pub reason: String,
}

/// What a template asks of a column.
#[derive(Clone, Debug)]
pub struct ColumnSpec {
    /// The header as written.
    pub name: String,
    /// The header as it is compared.
    pub normal: String,
    /// What may stand in it.
    pub value: ValueSpec,
}

/// A row that every document must have.
#[derive(Clone, Debug)]
pub struct RowSpec {
    /// Its first cell as written.
    pub key: String,
    /// Its first cell as it is compared.
    pub normal: String,
    /// Where in the template.
    pub line: u32,
}

/// A check-list item that every document must keep.
#[derive(Clone, Debug)]
pub struct ChecklistSpec {
    /// The item as written.
    pub text: String,
    /// The item as it is compared: words in lower case.
    pub normal: String,
    /// Where in the template.
    pub line: u32,
}

/// What it means when a text of the template stands word for word in a document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LeafClass {
    /// It holds a placeholder that nobody has filled in.
    Placeholder,
    /// It tells the author what to write.
    Guidance,
    /// It is meant to stay.
    Literal,
}

/// A text of the template, by its fold.
#[derive(Clone, Debug)]
pub struct LeafSpec {
    /// What it means when it survives.
    pub class: LeafClass,
    /// The template's text.
    pub text: String,
    /// The section it stands in.
    pub section: Option<SpecIndex>,
    /// Where in the template.
    pub line: u32,
    /// Why it is of this class.
    pub reason: &'static str,
}

/// One thing that was inferred, for `template show`.
#[derive(Clone, Debug)]
pub struct Inference {
    /// Line in the template.
    pub line: u32,
    /// What it means.
    pub what: String,
    /// Why.
    pub reason: String,
}

/// What a template asks of the documents written from it.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// The template's path or built-in name.
    pub name: String,
    /// The first heading of level 1, as written.
    pub title: Option<String>,
    /// What its placeholder-free part looks like (`SPEC-XXX`), for IDs in titles.
    pub title_id: Option<String>,
    /// The line of the title.
    pub title_line: u32,
    /// All sections in document order.
    pub sections: Vec<SectionSpec>,
    /// Fields of the header: between the title and the first section.
    pub fields: Vec<FieldSpec>,
    /// Fields of the YAML front matter.
    pub front_matter: Vec<FieldSpec>,
    /// The sidecar's file name and fields (`kep.yaml`).
    pub sidecar: Option<(String, Vec<FieldSpec>)>,
    /// Every text of the template by its fold.
    pub leaves: FxHashMap<String, LeafSpec>,
    /// Placeholders by their fold: those that are worth looking for inside a longer text.
    pub tokens: FxHashMap<String, Vec<TokenSpec>>,
    /// The sidecar's texts by their fold.
    pub sidecar_leaves: FxHashMap<String, LeafSpec>,
    /// How the folds of all placeholders in `tokens` begin that stand in brackets.
    pub token_heads: FxHashSet<[u8; TOKEN_HEAD]>,
    /// Whether others are among them (`YYYY-MM-DD`).
    pub bare_tokens: bool,
    /// How the folds of all leaves begin, with the length of the longest that begins so: most texts need not
    /// be folded at all, and the others not to their end.
    pub leaf_heads: FxHashMap<[u8; HEAD], usize>,
    /// The longest fold, so that longer texts need not be looked up.
    pub longest_leaf: usize,
    /// Whether a list in the template says which sections are required.
    pub explicit_required: bool,
    /// What the title, the branch and the ID must look like.
    pub inferences: Vec<Inference>,
    /// Forms that the template gives for the branch (`spec/<short-slug>`).
    pub branch_form: Option<String>,
    /// Whether the template says that only accepted specs live on the main branch.
    pub accepted_only_on_main: bool,
    /// What only versions ask that are newer than the document at hand; nothing of it is asked.
    pub later: Vec<crate::Ask>,
    /// Titles of sections that only older versions have, as they are compared.
    pub past: Vec<String>,
    /// Forms of the file name, from the ID field's pattern.
    pub file_name_forms: Vec<crate::Pattern>,
}

/// A placeholder inside a longer text of the template.
#[derive(Clone, Debug)]
pub struct TokenSpec {
    /// The fold of what stands before it on its line.
    pub before: String,
    /// Whether it has several words, so that it cannot stand in a document by chance.
    pub distinctive: bool,
    /// The section it stands in.
    pub section: Option<SpecIndex>,
    /// Where in the template.
    pub line: u32,
}

/// Number of bytes of a fold that [`Schema::leaf`] looks at first.
pub const HEAD: usize = 6;

/// Number of bytes of a fold that [`Schema::may_hold_token`] looks at: no placeholder in brackets is shorter.
pub const TOKEN_HEAD: usize = 3;

/// The first bytes of a fold, padded with zeros.
fn head_of(fold: &str) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    for (to, from) in head.iter_mut().zip(fold.bytes()) {
        *to = from;
    }
    head
}

impl Schema {
    /// The template's text that a text of a document stands for word for word, if it does. The buffer
    /// holds the fold then.
    pub fn leaf(&self, source: &str, buffer: &mut String) -> Option<&LeafSpec> {
        buffer.clear();
        if source.len() > self.longest_leaf * 4 + 256 {
            return None;
        }
        // Whether any text of the template begins like this one, and how long the longest such is.
        let longest = match front_of_fold::<HEAD>(source) {
            Some(front) => *self.leaf_heads.get(&front)?,
            None => self.longest_leaf,
        };
        let whole = if needs_stripping(source) {
            fold_up_to(&strip_inline(source), longest, buffer)
        } else {
            fold_up_to(source, longest, buffer)
        };
        if whole { self.leaves.get(buffer.as_str()) } else { None }
    }

    /// Makes a fold one that [`Schema::leaf`] may find.
    pub(crate) fn expect_leaf(&mut self, fold: &str) {
        self.longest_leaf = self.longest_leaf.max(fold.len());
        let longest = self.leaf_heads.entry(head_of(fold)).or_default();
        *longest = fold.len().max(*longest);
    }

    /// Makes a fold one that [`Schema::may_hold_token`] knows.
    pub(crate) fn expect_token(&mut self, fold: &str) {
        match fold.as_bytes().first_chunk::<TOKEN_HEAD>() {
            Some(front @ [b'<' | b'[' | b'{', ..]) => {
                self.token_heads.insert(*front);
            }
            _ => self.bare_tokens = true,
        }
    }

    /// Whether a text with brackets may hold one of the template's placeholders: a look at its bytes, since
    /// nearly all brackets are links, types and check boxes. A text without any is never looked at further.
    pub fn may_hold_token(&self, source: &str) -> bool {
        let bytes = source.as_bytes();
        if memchr::memchr(b'&', bytes).is_some() {
            return true;
        }
        let mut brackets = memchr::memchr3_iter(b'<', b'[', b'{', bytes).peekable();
        brackets.peek().is_some()
            && (brackets.any(|at| self.may_begin_token(source, at))
                || self.bare_tokens && may_hold_bare_token(bytes))
    }

    /// Whether any placeholder of the template may begin as a text does at a bracket.
    fn may_begin_token(&self, source: &str, at: usize) -> bool {
        let front = front_of_fold::<TOKEN_HEAD>(source.get(at..).unwrap_or_default());
        front.is_none_or(|front| self.token_heads.contains(&front))
    }

    /// The sections directly below one; the top-level ones for `None`.
    pub fn children(&self, parent: Option<SpecIndex>) -> impl Iterator<Item = SpecIndex> + '_ {
        (0..self.sections.len()).filter(move |i| self.sections[*i].parent == parent)
    }

    /// Every field that may carry the status: header, front matter, sidecar, meta tables.
    pub fn all_header_fields(&self) -> impl Iterator<Item = &FieldSpec> {
        let sidecar = self.sidecar.iter().flat_map(|(_, fields)| fields);
        self.fields.iter().chain(&self.front_matter).chain(sidecar)
    }

    /// The title of a section with those above it: `Risks › Register`.
    pub fn section_path(&self, index: SpecIndex) -> String {
        let mut parts = vec![self.sections[index].title.as_str()];
        let mut at = self.sections[index].parent;
        while let Some(parent) = at {
            parts.push(&self.sections[parent].title);
            at = self.sections[parent].parent;
        }
        parts.reverse();
        parts.join(" › ")
    }
}
