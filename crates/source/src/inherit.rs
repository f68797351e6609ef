//! Columns that a table takes from the classes above its own, which often stand in another file.

use crate::FileFacts;
use rustc_hash::{FxHashMap, FxHashSet};
use trueup_codebase::{Column, Table};

/// A class from which a table may take columns, the table's own class included.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableBase {
    /// Its name.
    pub class: String,
    /// The classes that it inherits columns from, without those of the object mapper itself. They are
    /// looked for in the same file, then in all files, where the name has to stand once only.
    pub bases: Vec<String>,
    /// Its own columns.
    pub columns: Vec<Column>,
    /// Whether one of its columns is the primary key.
    pub has_key: bool,
}

/// A class: the place of its file among all files, and its place in there.
type Class = (usize, usize);

/// Gives each table the columns that its class inherits. A table is not complete where a class above its
/// own is in no file.
pub(crate) fn columns(files: &mut [FileFacts]) {
    let mut classes: FxHashMap<String, Vec<Class>> = FxHashMap::default();
    for (at, file) in files.iter().enumerate() {
        for (index, base) in file.table_bases.iter().enumerate() {
            classes.entry(base.class.clone()).or_default().push((at, index));
        }
    }
    if classes.is_empty() {
        return;
    }
    for at in 0..files.len() {
        let Some(mut tables) = files.get_mut(at).map(|file| std::mem::take(&mut file.tables)) else {
            continue;
        };
        tables.iter_mut().for_each(|table| inherit(table, at, files, &classes));
        if let Some(file) = files.get_mut(at) {
            file.tables = tables;
        }
    }
}

fn inherit(table: &mut Table, at: usize, files: &[FileFacts], classes: &FxHashMap<String, Vec<Class>>) {
    let find = |name: &str, from: usize| {
        let all = classes.get(name).map_or(&[][..], Vec::as_slice);
        let same_file = all.iter().find(|(file, _)| *file == from);
        same_file.or_else(|| all.first().filter(|_| all.len() == 1)).copied()
    };
    let Some(own) = table.class.as_deref().and_then(|class| find(class, at)) else { return };
    let mut seen = FxHashSet::from_iter([own]);
    let mut open = vec![own];
    let mut has_key = false;
    while let Some(class) = open.pop() {
        let base = files.get(class.0).and_then(|file| file.table_bases.get(class.1));
        let Some(base) = base else { continue };
        has_key |= base.has_key;
        for column in base.columns.iter().filter(|_| class != own) {
            if !table.columns.iter().any(|known| known.name == column.name) {
                table.columns.push(column.clone());
            }
        }
        for name in &base.bases {
            match find(name, class.0) {
                Some(found) if seen.insert(found) => open.push(found),
                Some(_) => {}
                None => table.complete = false,
            }
        }
    }
    // Django gives a model a key where no class of it has one.
    if table.source == "Django" && table.complete && !has_key && table.columns.iter().all(|c| c.name != "id")
    {
        let place = table.place.clone();
        table.columns.insert(0, Column { name: "id".into(), kind: "AutoField".into(), place });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trueup_codebase::CodePlace;

    fn place() -> CodePlace {
        CodePlace { path: "a.py".into(), span: (0..0).into(), line: 1 }
    }

    /// A file with the class `Order` with `id`, or another class with `created_at`.
    fn file(class: &str, bases: &[&str]) -> FileFacts {
        let name = if class == "Order" { "id" } else { "created_at" };
        let columns = vec![Column { name: name.into(), kind: String::new(), place: place() }];
        let table = Table {
            name: "orders".into(),
            class: Some(class.into()),
            columns: columns.clone(),
            complete: true,
            source: "Django",
            place: place(),
        };
        let bases = bases.iter().map(|base| (*base).to_owned()).collect();
        FileFacts {
            tables: if class == "Order" { vec![table] } else { Vec::new() },
            table_bases: vec![TableBase { class: class.into(), bases, columns, has_key: false }],
            ..FileFacts::default()
        }
    }

    fn check(mut files: Vec<FileFacts>, expected: &[&str], complete: bool) {
        columns(&mut files);
        let names: Vec<&str> = files[0].tables[0].columns.iter().map(|c| c.name.as_str()).collect();
        assert_eq!((names.as_slice(), files[0].tables[0].complete), (expected, complete));
    }

    #[test]
    fn columns_come_from_other_files() {
        let all = &["id", "created_at"];
        check(vec![file("Order", &["Timed"]), file("Timed", &[])], all, true);
        check(vec![file("Order", &["Timed"]), file("Timed", &["Order"])], all, true);
        check(vec![file("Order", &["Timed"]), file("Timed", &["Gone"])], all, false);
        check(vec![file("Order", &["Timed"])], &["id"], false);
        check(vec![file("Order", &["Timed"]), file("Timed", &[]), file("Timed", &[])], &["id"], false);
    }
}
