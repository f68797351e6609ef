use crate::{Message, Outcome};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// As much of a command's output is kept, in bytes.
const MOST_OUTPUT: u64 = 1024 * 1024;

/// How often a command is asked whether it has ended.
const PAUSE: Duration = Duration::from_millis(5);

/// Runs a command at the root with a text on its standard input. Exit 0 is kept, 1 is broken with the
/// lines of its standard output as messages (`path:line: words`, `line: words` or words), all else could
/// not be told.
pub fn run_command(root: &Path, command: &[String], input: &str, timeout: Duration) -> Outcome {
    let Some((program, arguments)) = command.split_first() else {
        return Outcome::Unknown("the command is empty".to_owned());
    };
    let mut builder = Command::new(program);
    builder.args(arguments).current_dir(root);
    builder.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // Its own group, so that what it started is stopped with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut builder, 0);
    let mut child = match builder.spawn() {
        Ok(child) => child,
        Err(error) => return Outcome::Unknown(format!("`{program}` cannot be started: {error}")),
    };
    let stdout = collect(child.stdout.take());
    let stderr = collect(child.stderr.take());
    if let Some(mut stdin) = child.stdin.take() {
        let input = input.to_owned();
        // A command may end without reading; the pipe is then closed, which is no failure.
        thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    }
    let status = match wait(&mut child, timeout) {
        Ok(Some(status)) => status,
        Ok(None) => {
            stop(&mut child);
            return Outcome::Unknown(format!("`{program}` did not end within {} s", timeout.as_secs()));
        }
        Err(error) => return Outcome::Unknown(format!("`{program}` cannot be waited for: {error}")),
    };
    let text = |output: mpsc::Receiver<Vec<u8>>| {
        // What the command left running may hold the pipe open.
        let bytes = output.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    judge(program, status, &text(stdout), &text(stderr))
}

fn judge(program: &str, status: ExitStatus, stdout: &str, stderr: &str) -> Outcome {
    match status.code() {
        Some(0) => Outcome::Kept,
        Some(1) => {
            let mut messages: Vec<Message> =
                stdout.lines().map(str::trim).filter(|line| !line.is_empty()).map(message).collect();
            if messages.is_empty() {
                let text = stderr.lines().last().unwrap_or("it ends with exit code 1").trim().to_owned();
                messages.push(Message { text, path: None, line: None });
            }
            Outcome::Broken(messages)
        }
        code => {
            let how = code
                .map_or("was stopped by a signal".to_owned(), |code| format!("ends with exit code {code}"));
            let said = stderr.lines().rev().map(str::trim).find(|line| !line.is_empty());
            let said = said.map(|line| format!(": {line}")).unwrap_or_default();
            Outcome::Unknown(format!("`{program}` {how}{said}"))
        }
    }
}

/// `path:line: words`, `line: words` or words.
fn message(line: &str) -> Message {
    let mut parts = line.splitn(3, ':');
    let (first, second, third) = (parts.next().unwrap_or(""), parts.next(), parts.next());
    if let (Some(second), Some(third)) = (second, third)
        && let Ok(number) = second.trim().parse::<u32>()
        && !first.contains(' ')
    {
        return Message { text: third.trim().to_owned(), path: Some(first.to_owned()), line: Some(number) };
    }
    if let (Ok(number), Some((_, words))) = (first.trim().parse::<u32>(), line.split_once(':')) {
        return Message { text: words.trim().to_owned(), path: None, line: Some(number) };
    }
    Message { text: line.to_owned(), path: None, line: None }
}

fn collect(pipe: Option<impl Read + Send + 'static>) -> mpsc::Receiver<Vec<u8>> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read before an error still counts.
            drop(pipe.by_ref().take(MOST_OUTPUT).read_to_end(&mut bytes));
            drop(std::io::copy(&mut pipe, &mut std::io::sink()));
        }
        drop(send.send(bytes));
    });
    receive
}

fn wait(child: &mut Child, timeout: Duration) -> std::io::Result<Option<ExitStatus>> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if started.elapsed() >= timeout {
            return Ok(None);
        }
        thread::sleep(PAUSE);
    }
}

/// Stops a command and what it started.
fn stop(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        // It may have ended in this instant.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    drop(child.kill());
    drop(child.wait());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(script: &str) -> Outcome {
        let command = ["sh", "-c", script].map(str::to_owned);
        run_command(Path::new("."), &command, "{\"a\":1}", Duration::from_secs(5))
    }

    #[test]
    fn exit_codes_decide() {
        assert_eq!(run("cat >/dev/null"), Outcome::Kept);
        assert_eq!(run("exit 0"), Outcome::Kept);
        let said = |text: &str, path: Option<&str>, line| Message {
            text: text.into(),
            path: path.map(str::to_owned),
            line,
        };
        assert_eq!(
            run("echo 'src/a.rs:12: no tenant'; echo '7: here'; echo words: more; exit 1"),
            Outcome::Broken(vec![
                said("no tenant", Some("src/a.rs"), Some(12)),
                said("here", None, Some(7)),
                said("words: more", None, None),
            ])
        );
        assert_eq!(run("echo why >&2; exit 1"), Outcome::Broken(vec![said("why", None, None)]));
        assert_eq!(run("echo lost >&2; exit 3"), Outcome::Unknown("`sh` ends with exit code 3: lost".into()));
    }

    #[test]
    fn a_command_that_does_not_end_is_stopped_with_its_children() {
        let command = ["sh", "-c", "sleep 600 & sleep 600"].map(str::to_owned);
        let outcome = run_command(Path::new("."), &command, "", Duration::from_millis(200));
        assert_eq!(outcome, Outcome::Unknown("`sh` did not end within 0 s".into()));
    }

    #[test]
    fn a_command_that_is_not_there_is_told() {
        let outcome =
            run_command(Path::new("."), &["no-such-program-here".to_owned()], "", Duration::from_secs(1));
        assert!(matches!(outcome, Outcome::Unknown(why) if why.contains("cannot be started")));
        assert_eq!(run("yes | head -c 3000000; exit 0"), Outcome::Kept);
    }
}
