//! The form of a branch (`spec/<short-slug>`), taken apart.

/// A part of a branch's form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part<'f> {
    Literal(&'f str),
    Slug,
}

/// A branch's form.
#[derive(Debug)]
pub(super) struct BranchForm<'f> {
    parts: Vec<Part<'f>>,
}

impl<'f> BranchForm<'f> {
    /// Reads a form: `<…>`, `{…}` and `[…]` stand for words in lower case with hyphens.
    pub(super) fn of(form: &'f str) -> BranchForm<'f> {
        let mut parts = Vec::new();
        let mut rest = form.trim();
        while !rest.is_empty() {
            let open = rest.find(['<', '{', '[']).unwrap_or(rest.len());
            let (literal, placeholder) = rest.split_at(open);
            if !literal.is_empty() {
                parts.push(Part::Literal(literal));
            }
            let Some(close) = placeholder.find(['>', '}', ']']) else {
                if !placeholder.is_empty() {
                    parts.push(Part::Literal(placeholder));
                }
                break;
            };
            parts.push(Part::Slug);
            rest = &placeholder[close + 1..];
        }
        BranchForm { parts }
    }

    /// What every branch of this form begins with (`spec/`); empty where a placeholder comes first.
    pub(super) fn prefix(&self) -> &'f str {
        match self.parts.first() {
            Some(Part::Literal(prefix)) => prefix,
            _ => "",
        }
    }

    /// Whether a branch has this form.
    pub(super) fn fits(&self, branch: &str) -> bool {
        let mut rest = branch;
        let mut parts = self.parts.iter().peekable();
        while let Some(part) = parts.next() {
            match part {
                Part::Literal(text) => match rest.strip_prefix(text) {
                    Some(after) => rest = after,
                    None => return false,
                },
                Part::Slug => {
                    let end = match parts.peek() {
                        Some(Part::Literal(next)) => rest.find(next),
                        _ => Some(rest.len()),
                    };
                    let Some((slug, after)) = end.map(|end| rest.split_at(end)) else { return false };
                    if !is_slug(slug) {
                        return false;
                    }
                    rest = after;
                }
            }
        }
        rest.is_empty()
    }

    /// A branch of this form for a spec.
    pub(super) fn filled(&self, slug: &str) -> String {
        self.parts.iter().map(|part| if let Part::Literal(text) = part { text } else { slug }).collect()
    }
}

/// Lower-case words and numbers with single hyphens between them.
fn is_slug(text: &str) -> bool {
    text.split('-').all(|word| {
        !word.is_empty()
            && word.chars().all(|c| c == '.' || c.is_numeric() || c.is_alphabetic() && !c.is_uppercase())
    })
}

/// The words of a file's name as a slug, without its date, number or ID: `SPEC-012-2026-01-02-Order_Returns.md`
/// gives `order-returns`.
pub(super) fn slug_of_path(path: &str) -> String {
    let name = trueup_model::base_name(path);
    let name = match name.to_lowercase().as_str() {
        "readme.md" => trueup_model::base_name(trueup_model::folder_of(path)),
        _ => name.rsplit_once('.').map_or(name, |(stem, _)| stem),
    };
    let words: Vec<String> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    let identifies = |(i, word): (usize, &String)| {
        let number = word.starts_with(|c: char| c.is_ascii_digit());
        // A word right before the first number is the ID's prefix.
        number || i == 0 && words.get(1).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()))
    };
    let skip = words.iter().enumerate().take_while(|(i, word)| identifies((*i, word))).count();
    let rest = words.get(skip..).filter(|rest| !rest.is_empty()).unwrap_or(&words);
    rest.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_fit_their_form() {
        let form = BranchForm::of("spec/<short-slug>");
        assert_eq!(form.prefix(), "spec/");
        for branch in ["spec/order-returns", "spec/a", "spec/2026-01-02-returns", "spec/żubr"] {
            assert!(form.fits(branch), "{branch}");
        }
        for branch in
            ["spec/", "spec/Order", "spec/a--b", "spec/-a", "spec/a_b", "spec/a/b", "specs/a", "main"]
        {
            assert!(!form.fits(branch), "{branch}");
        }
        let two = BranchForm::of("{team}/spec-[slug]-draft");
        assert!(two.fits("core/spec-order-returns-draft"));
        assert!(!two.fits("core/order-returns"));
        assert_eq!(two.filled("x"), "x/spec-x-draft");
        assert!(BranchForm::of("spec/<open").fits("spec/<open"));
    }

    #[test]
    fn file_names_become_slugs() {
        for (path, slug) in [
            ("specs/SPEC-012-2026-01-02-Order_Returns.md", "order-returns"),
            ("specs/2026-01-02-order-returns.md", "order-returns"),
            ("specs/04_Intake_MVP_Specs.md", "intake-mvp-specs"),
            ("specs/order.returns.md", "order-returns"),
            ("specs/2fa.md", "2fa"),
            ("keps/1287-in-place/README.md", "in-place"),
        ] {
            assert_eq!(slug_of_path(path), slug, "{path}");
        }
    }
}
