use trueup_finding::FileCx;
use trueup_model::{SpecId, base_name, folder_of};

/// The ID in the name of a file, or of the folder that it is the README of.
pub(super) fn own_id<'a>(cx: &FileCx<'a>) -> Option<&'a SpecId> {
    let id = cx.specs.first()?.file_id.as_ref()?;
    // `0000` stands for a number that is still to be given.
    let is_zero = id.key.ends_with("#0");
    // `SPEC-2026-04-12-tags` carries a date, not the number 2026.
    let behind = own_stem(cx.path).get(id.text.len()..).unwrap_or("");
    let digits = id.text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let is_date = id.numbered && digits == 4 && begins_with_month_and_day(behind);
    (!is_zero && !is_date).then_some(id)
}

/// `-04-12`
fn begins_with_month_and_day(text: &str) -> bool {
    let mut parts = text.split('-');
    let two_digits =
        |part: Option<&str>| part.is_some_and(|p| p.len() == 2 && p.bytes().all(|b| b.is_ascii_digit()));
    parts.next() == Some("") && two_digits(parts.next()) && two_digits(parts.next())
}

/// The file's name without its ending, or its folder's name for a README.
pub(super) fn own_stem(path: &str) -> &str {
    let name = base_name(path);
    if name.eq_ignore_ascii_case("readme.md") {
        return base_name(folder_of(path));
    }
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
