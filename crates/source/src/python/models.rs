//! Tables of Django's models.

use super::parse::{Field, Kind, Node};
use super::syntax::{Outline, last, named, positional};
use crate::{FileFacts, SourceFile, TableBase};
use rustc_hash::FxHashMap;
use trueup_codebase::{Column, Table};

/// What the tables of an application begin with, where its configuration says so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AppLabel {
    /// The folder of the application.
    pub folder: String,
    /// Its label.
    pub label: String,
}

/// Reads the models of a file.
pub(super) fn read(file: &SourceFile<'_>, outline: &Outline<'_>, out: &mut FileFacts) {
    out.app_labels.extend(label_of(file, outline));
    if !outline.imports.iter().any(|import| import.module.starts_with("django")) {
        return;
    }
    let known = outline.descendants(|base| base == "Model");
    let Some(app) = app_of(&file.path) else { return };
    let is_models = file.name() == "models.py" || file.path.contains("/models/");
    let reader = Reader { file, outline, app };
    for (at, class) in
        outline.definitions.iter().enumerate().filter(|(_, d)| d.is_class && d.parent.is_none())
    {
        let fields: Vec<Column> =
            outline.attributes(at).into_iter().filter_map(|a| reader.column(a.target, a.value?)).collect();
        if is_models && fields.is_empty() && class.bases.is_empty() {
            // A class that models take methods from and no column.
            let class = class.name.to_owned();
            out.table_bases.push(TableBase { class, bases: Vec::new(), columns: Vec::new(), has_key: false });
            continue;
        }
        // A model by its base, or by its fields where the base stands in another file.
        if !known.contains(&at) && (!is_models || fields.is_empty() || class.bases.is_empty()) {
            continue;
        }
        reader.model(at, fields, known.contains(&at), out);
    }
}

/// The label in an application's configuration: `class OrdersConfig(AppConfig)` with `name` and `label`.
fn label_of(file: &SourceFile<'_>, outline: &Outline<'_>) -> Option<AppLabel> {
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    outline.definitions.iter().enumerate().find_map(|(at, class)| {
        if !class.is_class || !outline.bases(class).iter().any(|base| base.ends_with("AppConfig")) {
            return None;
        }
        let own = outline.attributes(at);
        let text = |name: &str| outline.literal(own.iter().find(|a| a.target == name)?.value?);
        let (module, label) = (text("name")?, text("label")?);
        let is_here = folder.rsplit('/').next() == Some(last(&module));
        is_here.then(|| AppLabel { folder: folder.to_owned(), label })
    })
}

/// Gives the tables of applications with a label of their own that label in place of the folder's name.
pub(crate) fn labels(files: &mut [FileFacts]) {
    let labels: FxHashMap<String, String> =
        files.iter().flat_map(|f| &f.app_labels).map(|app| (app.folder.clone(), app.label.clone())).collect();
    if labels.is_empty() {
        return;
    }
    for file in files {
        let folder = app_folder(&file.path);
        let (Some(label), Some(app)) = (labels.get(folder), app_of(&file.path)) else { continue };
        for table in file.tables.iter_mut().filter(|table| table.source == "Django") {
            let class = table.class.as_deref().unwrap_or_default().to_lowercase();
            if table.name == format!("{app}_{class}") {
                table.name = format!("{label}_{class}");
            }
        }
    }
}

/// The folder of the application that a file of models belongs to.
fn app_folder(path: &str) -> &str {
    let mut folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    while let Some(above) = folder.strip_suffix("/models") {
        folder = above;
    }
    folder
}

struct Reader<'r, 't> {
    file: &'r SourceFile<'t>,
    outline: &'r Outline<'t>,
    app: &'r str,
}

impl<'t> Reader<'_, 't> {
    fn model(&self, at: usize, mut columns: Vec<Column>, is_known: bool, out: &mut FileFacts) -> Option<()> {
        let class = self.outline.definitions.get(at)?;
        let name = self.outline.child(class.node, Field::Name)?;
        let place = self.file.place(name.byte_range());
        let bases: Vec<String> = self
            .outline
            .bases(class)
            .into_iter()
            .filter(|base| *base != "Model")
            .map(str::to_owned)
            .collect();
        let is_abstract =
            self.option(at, "abstract").is_some_and(|node| self.outline.text_of(node) == "True");
        let is_proxy = self.option(at, "proxy").is_some_and(|node| self.outline.text_of(node) == "True");
        // A form or a serializer has fields of those names, too, but no model as its base.
        if is_proxy || !is_known && bases.iter().any(|base| is_no_model(base)) {
            return None;
        }
        let has_key = self.has_primary_key(at);
        let base = TableBase { class: class.name.to_owned(), bases, columns: columns.clone(), has_key };
        let has_base = !base.bases.is_empty();
        out.table_bases.push(base);
        if is_abstract {
            return Some(());
        }
        if !has_base && !columns.is_empty() && !has_key || !has_base && columns.is_empty() {
            columns.insert(0, Column { name: "id".into(), kind: "AutoField".into(), place: place.clone() });
        }
        let given = self.option(at, "db_table").and_then(|node| self.outline.literal(node));
        let label = self.option(at, "app_label").and_then(|node| self.outline.literal(node));
        let app = label.as_deref().unwrap_or(self.app);
        out.tables.push(Table {
            name: given.unwrap_or_else(|| format!("{app}_{}", class.name.to_lowercase())),
            class: Some(class.name.to_owned()),
            columns,
            complete: true,
            source: "Django",
            place,
        });
        Some(())
    }

    /// A value in the `Meta` of a class.
    fn option(&self, class: usize, name: &str) -> Option<Node> {
        let is_meta =
            |d: &super::syntax::Definition<'t>| d.is_class && d.name == "Meta" && d.parent == Some(class);
        let end = self.outline.definitions.get(class)?.node.end_byte();
        let after = self.outline.definitions.get(class + 1..)?;
        let inner = after.iter().take_while(|d| d.node.start_byte() < end).position(is_meta)?;
        let own = self.outline.attributes(class + 1 + inner);
        own.into_iter().find(|attribute| attribute.target == name).and_then(|attribute| attribute.value)
    }

    fn has_primary_key(&self, class: usize) -> bool {
        self.outline.attributes(class).into_iter().filter_map(|attribute| attribute.value).any(|value| {
            let key = named(&self.outline.arguments(value), "primary_key");
            key.is_some_and(|node| self.outline.text_of(node) == "True")
        })
    }

    /// The column of a field; none for what is no field or has no column.
    fn column(&self, name: &str, value: Node) -> Option<Column> {
        let call = (value.kind() == Kind::Call).then_some(value)?;
        let function = self.outline.dotted(self.outline.child(call, Field::Function)?)?;
        let kind = last(function);
        let is_key = matches!(kind, "ForeignKey" | "OneToOneField" | "TreeForeignKey" | "ParentalKey");
        let is_field = kind.ends_with("Field")
            && kind != "Field"
            && !matches!(kind, "ManyToManyField" | "ParentalManyToManyField");
        if !is_key && !is_field || name.contains('.') {
            return None;
        }
        let arguments = self.outline.arguments(call);
        let given = named(&arguments, "db_column").and_then(|node| self.outline.literal(node));
        let of = positional(&arguments, 0).filter(|_| is_key).map(|node| self.outline.text_of(node));
        Some(Column {
            name: given.unwrap_or_else(|| if is_key { format!("{name}_id") } else { name.to_owned() }),
            kind: of.map_or_else(|| kind.to_owned(), |of| format!("{kind}({of})")),
            place: self.file.place(call.byte_range()),
        })
    }
}

fn is_no_model(base: &str) -> bool {
    ["Serializer", "Form", "Filter", "FilterSet", "Admin", "View", "ViewSet", "Migration", "Factory"]
        .iter()
        .any(|end| base.ends_with(end))
        || matches!(base, "object" | "Field")
}

/// The application of a file of models: the folder of `models.py` or of `models/`.
fn app_of(path: &str) -> Option<&str> {
    let mut folders = path.rsplit('/');
    let name = folders.next()?;
    let folder = folders.find(|folder| *folder != "models")?;
    let is_models = name == "models.py" || path.contains("/models/");
    (is_models || !path.contains("/migrations/")).then_some(folder)
}
