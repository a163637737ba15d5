//! Served boards and the commands that use them, as processes.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::{code, goldilane, json, name, text, vectors, verify};

/// A model may have to be built.
const LIMIT: Duration = Duration::from_secs(300);
const PAUSE: Duration = Duration::from_millis(10);

/// A path for a socket: short, because names of sockets must be.
pub fn socket() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("goldilane-cli-{}-{count}.sock", std::process::id()))
}

pub fn device(path: &Path) -> String {
    format!("socket:{}", path.display())
}

/// A process that serves; killed when a test fails.
pub struct Served(Child);

impl Served {
    pub fn start(arguments: &[&str], sockets: &[&Path]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_goldilane"));
        command.arg("serve").args(arguments);
        for path in sockets {
            command.arg("--socket").arg(path);
        }
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("start goldilane");
        let mut served = Self(child);
        let start = Instant::now();
        while !sockets.iter().all(|path| path.exists()) {
            let ended = served.0.try_wait().expect("a process");
            assert!(ended.is_none() && start.elapsed() < LIMIT, "{ended:?}");
            thread::sleep(PAUSE);
        }
        served
    }

    /// Sends a signal; exit code and output.
    pub fn end(mut self, signal: &str) -> (Option<i32>, String, String) {
        let told = Command::new("kill")
            .args([signal, &self.0.id().to_string()])
            .status();
        assert!(told.expect("kill").success());
        let status = self.0.wait().expect("an end");
        let (mut output, mut errors) = (String::new(), String::new());
        let (stdout, stderr) = (self.0.stdout.take(), self.0.stderr.take());
        stdout
            .expect("output")
            .read_to_string(&mut output)
            .expect("text");
        stderr
            .expect("errors")
            .read_to_string(&mut errors)
            .expect("text");
        (status.code(), output, errors)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ended_already = self.0.kill();
        let _ended_already = self.0.wait();
    }
}

#[test]
fn two_model_boards_are_served_and_used() {
    let (a, b) = (socket(), socket());
    let served = Served::start(
        &[
            "--board", "model", "--config", "toy", "--config", "sim", "--json",
        ],
        &[&a, &b],
    );
    for (path, configuration) in [(&a, "toy"), (&b, "sim")] {
        let output = goldilane(&["info", "--device", &device(path), "--json"]);
        assert_eq!(code(&output), 0, "{}", text(&output));
        let report = json(&output);
        assert_eq!(report["device"], device(path));
        assert_eq!(report["configuration"], configuration);
    }
    let output = goldilane(&["selftest", "--device", &device(&a)]);
    assert_eq!(code(&output), 0, "{}", text(&output));
    let folder = vectors("served", "TOY_INSECURE_N256_K1_L3");
    let output = verify(&folder, &["--device", &device(&a), "--json"]);
    assert_eq!(code(&output), 0, "{}", text(&output));
    assert_eq!(json(&output)["configuration"], "toy");
    let output = verify(&folder, &["--device", &device(&b)]);
    assert_eq!(code(&output), 3, "{}", text(&output));
    assert!(text(&output).contains("N = 2048"), "{}", text(&output));

    let (code, output, errors) = served.end("-TERM");
    assert_eq!(code, Some(0), "{errors}");
    let report: serde_json::Value = serde_json::from_str(&output).expect("one JSON object");
    assert_eq!(report["boards"][0]["clients"], 3);
    assert_eq!(report["boards"][0]["refused_messages"], 0);
    assert_eq!(report["boards"][1]["configuration"], "sim");
    assert!(!a.exists() && !b.exists());
}

/// A board whose process is killed in the middle of work ends the work of its driver at once, by name.
#[test]
fn a_board_that_is_killed_is_told() {
    let path = socket();
    let toy = ["--board", "model", "--config", "toy"];
    let mut served = Served::start(&toy, &[&path]);
    let named = device(&path);
    let soak = thread::spawn(move || {
        goldilane(&["soak", "--json", "--duration", "200s", "--device", &named])
    });
    let events = BufReader::new(served.0.stderr.take().expect("errors"));
    let came = events.lines().map_while(Result::ok).next();
    assert!(came.is_some_and(|line| line.ends_with("a client came")));
    thread::sleep(Duration::from_millis(500));
    served.0.kill().expect("killed");
    let output = soak.join().expect("an end");
    assert_eq!(code(&output), 1, "{}", text(&output));
    let report = json(&output);
    let first = report["first_errors"][0].as_str().expect("an error");
    assert!(first.contains("closed the connection"), "{report}");
    assert!(first.contains(name(&path)), "{report}");
    assert!(report["ended_early"].is_string(), "{report}");
    assert!(
        report["seconds"]
            .as_f64()
            .is_some_and(|seconds| seconds < 60.0)
    );
    drop(served);
    fs::remove_file(path).expect("what it left");
}

#[test]
fn the_rtl_is_served() {
    let path = socket();
    let served = Served::start(&["--board", "rtl", "--config", "toy"], &[&path]);
    let output = goldilane(&["selftest", "--device", &device(&path), "--json"]);
    assert_eq!(code(&output), 0, "{}", text(&output));
    let (code, output, errors) = served.end("-INT");
    assert_eq!(code, Some(0), "{output}{errors}");
    assert!(output.contains("serving the rtl board \"toy\" at"));
    assert!(!path.exists());
}

/// A client that is killed in the middle of its work leaves a board that serves the next one.
#[test]
fn a_killed_client_leaves_a_sound_board() {
    let path = socket();
    let served = Served::start(&["--board", "model", "--config", "sim"], &[&path]);
    for after in [20, 60, 120, 250] {
        let mut client = Command::new(env!("CARGO_BIN_EXE_goldilane"))
            .args(["selftest", "--device", &device(&path)])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("start goldilane");
        thread::sleep(Duration::from_millis(after));
        client.kill().expect("kill");
        client.wait().expect("an end");
        let output = goldilane(&["info", "--device", &device(&path)]);
        assert_eq!(code(&output), 0, "{}", text(&output));
    }
    let output = goldilane(&["selftest", "--device", &device(&path)]);
    assert_eq!(code(&output), 0, "{}", text(&output));
    let (code, _, errors) = served.end("-TERM");
    assert_eq!(code, Some(0), "{errors}");
}

#[test]
fn sockets_that_cannot_be_had() {
    let path = socket();
    let serve = |path: &Path| {
        goldilane(&[
            "serve",
            "--board",
            "model",
            "--config",
            "toy",
            "--socket",
            name(path),
        ])
    };
    let served = Served::start(&["--board", "model", "--config", "toy"], &[&path]);
    let output = serve(&path);
    assert_eq!(code(&output), 3, "{}", text(&output));
    assert!(text(&output).contains("another process serves a board there"));
    let output = goldilane(&["info", "--device", &device(&path)]);
    assert_eq!(code(&output), 0, "the first goes on: {}", text(&output));
    // Killed, it leaves its name, which the next one takes over.
    assert_eq!(served.end("-KILL").0, None);
    assert!(path.exists());
    let output = goldilane(&["info", "--device", &device(&path)]);
    assert_eq!(code(&output), 3);
    assert!(
        text(&output).contains("connect: Connection refused"),
        "{}",
        text(&output)
    );
    let served = Served::start(&["--board", "model", "--config", "toy"], &[&path]);
    let start = Instant::now();
    // The name was there before: the first who asks may come too early.
    while code(&goldilane(&["info", "--device", &device(&path)])) != 0 {
        assert!(start.elapsed() < LIMIT);
        thread::sleep(PAUSE);
    }
    served.end("-TERM");

    fs::write(&path, "notes").expect("write");
    let output = serve(&path);
    assert_eq!(code(&output), 3);
    assert!(text(&output).contains("no socket"), "{}", text(&output));
    fs::remove_file(&path).expect("remove");
    let output = serve(&path.join("below"));
    assert_eq!(code(&output), 3);
    assert!(text(&output).contains("No such file"), "{}", text(&output));
}

/// Somebody who listens and says nothing.
#[test]
fn a_board_in_use_is_told() {
    let path = socket();
    let served = Served::start(&["--board", "model", "--config", "toy"], &[&path]);
    let first = std::os::unix::net::UnixStream::connect(&path).expect("connect");
    let start = Instant::now();
    loop {
        let output = goldilane(&["info", "--device", &device(&path)]);
        assert_eq!(code(&output), 3, "{}", text(&output));
        if text(&output).contains("in use by another client") {
            break;
        }
        assert!(start.elapsed() < LIMIT);
    }
    drop(first);
    let output = goldilane(&["info", "--device", &device(&path)]);
    assert_eq!(code(&output), 0, "{}", text(&output));
    let (_, _, errors) = served.end("-TERM");
    assert!(errors.contains("turned away"), "{errors}");
}

#[test]
fn arguments_that_cannot_be_used() {
    let path = socket();
    let path = name(&path);
    let remote = format!("socket:{path}");
    let bad: &[&[&str]] = &[
        &["serve", "--board", "model"],
        &["serve", "--socket", path],
        &["serve", "--board", "golden", "--socket", path],
        &[
            "serve", "--board", "model", "--board", "rtl", "--socket", path,
        ],
        &[
            "serve", "--board", "model", "--socket", path, "--config", "none",
        ],
        &[
            "serve", "--board", "model", "--socket", path, "--config", "toy", "--config", "sim",
        ],
        &["info", "--device", "socket:"],
        &["info", "--device", "board"],
        &["info", "--device", "vfio:03:00.0"],
        &["info", "--device", &remote, "--config", "toy"],
        &["selftest", "--device", &remote, "--clock-limit", "9"],
        &["verify", ".", "--device", "socket"],
        &["verify", ".", "--device", &remote, "--verilog", "."],
    ];
    for arguments in bad {
        let output = goldilane(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", text(&output));
    }
    let output = goldilane(&["info", "--device", &remote, "--json"]);
    assert_eq!(code(&output), 3);
    let error = json(&output)["error"].to_string();
    assert!(error.contains("No such file or directory (os error 2)"));
    let output = goldilane(&["info", "--device", "vfio:ffff:ff:1f.7"]);
    assert_eq!(code(&output), 3);
    let told = "open vfio:ffff:ff:1f.7: there is no such PCI device";
    assert!(text(&output).contains(told), "{}", text(&output));
    drop(UnixListener::bind(path).expect("a socket"));
    let output = goldilane(&["selftest", "--device", &remote]);
    assert_eq!(code(&output), 3);
    fs::remove_file(path).expect("remove");
}
