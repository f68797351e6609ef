use anstyle::{AnsiColor, Style};
use trueup_finding::Level;

/// The escape sequences of each part of the output, made once; all empty without colour.
#[derive(Default)]
pub(crate) struct Palette {
    pub(crate) error: String,
    pub(crate) warning: String,
    pub(crate) info: String,
    /// Line numbers and the lines of the frame.
    pub(crate) frame: String,
    pub(crate) bold: String,
    pub(crate) added: String,
    pub(crate) removed: String,
    pub(crate) hunk: String,
    pub(crate) reset: &'static str,
}

impl Palette {
    pub(crate) fn new(color: bool) -> Palette {
        if !color {
            return Palette::default();
        }
        let sequence = |style: Style| style.render().to_string();
        Palette {
            error: sequence(AnsiColor::BrightRed.on_default().bold()),
            warning: sequence(AnsiColor::Yellow.on_default().bold()),
            info: sequence(AnsiColor::BrightBlue.on_default().bold()),
            frame: sequence(AnsiColor::BrightBlue.on_default().bold()),
            bold: sequence(Style::new().bold()),
            added: sequence(AnsiColor::Green.on_default()),
            removed: sequence(AnsiColor::Red.on_default()),
            hunk: sequence(AnsiColor::Cyan.on_default()),
            reset: "\u{1b}[0m",
        }
    }

    /// The colour of a level.
    pub(crate) fn level(&self, level: Level) -> &str {
        match level {
            Level::Error => &self.error,
            Level::Warning => &self.warning,
            Level::Info | Level::Off => &self.info,
        }
    }
}
