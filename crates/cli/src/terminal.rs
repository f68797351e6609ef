//! Standard output and standard error: colour only where it is wanted, and no complaint when nobody
//! reads on (`| head`).

use crate::failure::Failure;
use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use std::ffi::OsString;
use std::io::{self, ErrorKind, Write};

/// When to colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
pub(crate) enum When {
    /// On a terminal, unless NO_COLOR is set; CLICOLOR_FORCE colours everywhere.
    #[default]
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

/// Where output goes, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    /// Whether standard output is coloured.
    pub(crate) color: bool,
    /// What the user asked for.
    pub(crate) when: When,
    color_errors: bool,
    quiet: bool,
}

impl Terminal {
    /// Decides once for the whole run.
    pub(crate) fn new(when: When, quiet: bool) -> Terminal {
        Terminal {
            color: colored(when, &io::stdout()),
            when,
            color_errors: colored(when, &io::stderr()),
            quiet,
        }
    }

    /// Writes to standard output. A reader that has left is no failure.
    pub(crate) fn print(&self, text: &str) -> Result<(), Failure> {
        let lock = io::stdout().lock();
        let written = if self.color {
            let mut stream = AutoStream::always(lock);
            stream.write_all(text.as_bytes()).and_then(|()| stream.flush())
        } else {
            let mut stream = lock;
            stream.write_all(text.as_bytes()).and_then(|()| stream.flush())
        };
        match written {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(Failure::new(format!("standard output cannot be written to: {error}"))
                    .help("`--output FILE` writes the findings into a file"))
            }
            _ => Ok(()),
        }
    }

    /// Says something on standard error that nobody has to read: silent with `--quiet`.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            self.say(text);
        }
    }

    /// Says where a long run stands, on a terminal and in place of what was said before; nothing elsewhere.
    pub(crate) fn progress(&self, text: &str) {
        if !self.quiet && io::IsTerminal::is_terminal(&io::stderr()) {
            let mut lock = io::stderr().lock();
            // Clears the line first; a closed standard error is no failure.
            let _ = write!(lock, "\r\u{1b}[K{text}").and_then(|()| lock.flush());
        }
    }

    /// Says what went wrong and what to do.
    pub(crate) fn failure(&self, failure: &Failure) {
        let red = AnsiColor::BrightRed.on_default().bold();
        let mut text = format!("{} {}", self.style_error("error:", red), failure.message);
        for help in &failure.help {
            let label = self.style_error("help:", AnsiColor::BrightCyan.on_default().bold());
            text.push_str(&format!("\n  {label} {help}"));
        }
        self.say(&text);
    }

    /// Says something that matters also with `--quiet`.
    pub(crate) fn warn(&self, text: &str) {
        let label = self.style_error("warning:", AnsiColor::Yellow.on_default().bold());
        self.say(&format!("{label} {text}"));
    }

    /// Bold on standard output.
    pub(crate) fn bold(&self, text: &str) -> String {
        styled(text, Style::new().bold(), self.color)
    }

    /// Less bright on standard output.
    pub(crate) fn dim(&self, text: &str) -> String {
        styled(text, Style::new().dimmed(), self.color)
    }

    /// Columns of the terminal; none where the output goes elsewhere.
    pub(crate) fn width(&self) -> Option<usize> {
        terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0))
    }

    fn style_error(&self, text: &str, style: Style) -> String {
        styled(text, style, self.color_errors)
    }

    fn say(&self, text: &str) {
        let lock = io::stderr().lock();
        // Nowhere is left to tell that standard error is closed.
        let _ = if self.color_errors {
            writeln!(AutoStream::always(lock), "{text}")
        } else {
            let mut lock = lock;
            writeln!(lock, "{text}")
        };
    }
}

fn styled(text: &str, style: Style, color: bool) -> String {
    if color { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

fn colored(when: When, stream: &impl RawStream) -> bool {
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => AutoStream::choice(stream) != ColorChoice::Never,
    }
}

/// What `--color` says, before the command line is read: its errors and its help are coloured, too.
pub(crate) fn when_of(arguments: &[OsString]) -> When {
    let words: Vec<&str> = arguments.iter().filter_map(|a| a.to_str()).take_while(|a| *a != "--").collect();
    let given = words.iter().enumerate().find_map(|(i, word)| match word.strip_prefix("--color") {
        Some("") => words.get(i + 1).copied(),
        Some(rest) => rest.strip_prefix('='),
        None => None,
    });
    match given {
        Some("always") => When::Always,
        Some("never") => When::Never,
        _ => When::Auto,
    }
}
