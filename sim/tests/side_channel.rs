//! A board's side channel and clients of every kind: orderly, careless, hostile, gone.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use goldilane_abi::{MemoryMap, Shape};
use goldilane_side_channel::{
    Client, ClientError, Disturbance, Fault, HEADER_BYTES, Header, Incident, LAST, MAX_CLOCKS,
    MAX_REPLY, Progress, Request, Status, VERSION,
};
use goldilane_sim::ModelBoard;
use goldilane_sim::side_channel::SideChannelServer;
use goldilane_sim::vfio_user::{Event, Listener, Server};

const LIMIT: Duration = Duration::from_secs(20);

struct Board {
    // In this order: the side channel ends before the board.
    _side: SideChannelServer,
    server: Server<ModelBoard>,
    path: PathBuf,
    events: Receiver<Event>,
}

fn socket() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!(
        "goldilane-side-{}-{count}.sock",
        std::process::id()
    ))
}

fn board() -> Board {
    let listener = Listener::bind(&socket()).expect("a socket");
    let server = Server::start(ModelBoard::new(Shape::TOY, 7), listener, |_| {}).expect("a server");
    let path = socket();
    let listener = Listener::bind(&path).expect("a socket");
    let (sender, events) = mpsc::channel();
    let report = move |event| {
        let _nobody_listens = sender.send(event);
    };
    let side = SideChannelServer::start(server.handle(), listener, report).expect("a thread");
    Board {
        _side: side,
        server,
        path,
        events,
    }
}

impl Board {
    fn client(&self) -> Client {
        Client::open(&self.path).expect("a client")
    }

    fn raw(&self) -> UnixStream {
        let stream = UnixStream::connect(&self.path).expect("connect");
        stream.set_read_timeout(Some(LIMIT)).expect("a limit");
        stream
    }

    /// Waits for the end of a client.
    fn parted(&self) -> String {
        loop {
            if let Event::Parted(reason) = self.events.recv_timeout(LIMIT).expect("an event") {
                return reason;
            }
        }
    }
}

fn request(kind: u16, length: u32, payload: &[u8]) -> Vec<u8> {
    let header = Header {
        id: 5,
        kind,
        status: Status::Request,
        length,
    };
    [&header.to_bytes()[..], payload].concat()
}

fn reply(stream: &mut UnixStream) -> (Header, Vec<u8>) {
    let mut bytes = [0; HEADER_BYTES];
    stream.read_exact(&mut bytes).expect("a header");
    let header = Header::parse(&bytes, MAX_REPLY).expect("a header");
    let mut payload = vec![0; header.length as usize];
    stream.read_exact(&mut payload).expect("a payload");
    (header, payload)
}

#[test]
fn everything_can_be_asked() {
    let board = board();
    let client = board.client();
    let line = MemoryMap::new(&Shape::TOY).total_lines - 1;
    let before = client.read_line(line).expect("a line");
    assert_eq!(before.len(), Shape::TOY.line_bytes());
    assert!(!client.holds_secrets().expect("an answer"));
    client.flip_bits(line, 3, 0x81).expect("flipped");
    let after = client.read_line(line).expect("a line");
    assert_eq!(after[3], before[3] ^ 0x81);
    assert!(client.holds_secrets().expect("an answer"));
    client.hold(true).expect("held");
    assert!(board.server.with(|site| site.is_held()).expect("a site"));
    assert_eq!(client.run(100).expect("clocks"), Progress::Idle);
    client.hold(false).expect("let go");
    client.inject(Fault::Arithmetic, true).expect("injected");
    let lost = Disturbance::LostWrites(0x1000..0x2000);
    client
        .disturb(&[Disturbance::LinkDown, lost])
        .expect("armed");
    assert_eq!(client.struck().expect("a number"), 0);
    client.happen(Incident::Removal).expect("asked for");
    assert_eq!(client.mappings().expect("a number"), 0);
    assert_eq!(
        client.take_violations().expect("texts"),
        Vec::<String>::new()
    );
}

/// Requests that are whole and wrong are refused, and the next one is answered.
#[test]
fn wrong_requests_are_refused() {
    let board = board();
    let client = board.client();
    let lines = MemoryMap::new(&Shape::TOY).total_lines;
    for outcome in [
        client.read_line(lines).map(drop),
        client.read_line(u64::MAX).map(drop),
        client.flip_bits(lines, 0, 1),
        client.flip_bits(0, Shape::TOY.line_bytes() as u32, 1),
        client.run(MAX_CLOCKS + 1).map(drop),
        client.disturb(&vec![Disturbance::LinkDown; 17]),
    ] {
        assert!(
            matches!(outcome, Err(ClientError::Refused { .. })),
            "{outcome:?}"
        );
    }
    client.hold(false).expect("the next one");
    drop(client);

    let mut raw = board.raw();
    let wrong: [(u16, &[u8]); 5] = [
        (12, &[]),
        (LAST, &[1, 2]),
        (1, &[]),
        (1, &[7]),
        (8, &[0; 4096]),
    ];
    for (kind, payload) in wrong {
        raw.write_all(&request(kind, payload.len() as u32, payload))
            .expect("write");
        let (header, _) = reply(&mut raw);
        assert_eq!(
            (header.id, header.kind, header.status),
            (5, kind, Status::Refused)
        );
    }
    let mut no_request = request(8, 0, &[]);
    no_request[10] = 1;
    raw.write_all(&no_request).expect("write");
    assert_eq!(reply(&mut raw).0.status, Status::Refused);
    raw.write_all(&request(8, 0, &[])).expect("write");
    assert_eq!(
        reply(&mut raw),
        (
            Header {
                id: 5,
                kind: 8,
                status: Status::Done,
                length: 8
            },
            vec![0; 8]
        )
    );
}

/// Behind what cannot be understood comes a last reply, and the end.
#[test]
fn what_cannot_be_understood_ends_the_channel() {
    let board = board();
    let mut magic = request(8, 0, &[]);
    magic[0] ^= 1;
    let mut state = request(8, 0, &[]);
    state[10] = 9;
    let too_long = request(8, 4097, &[]);
    let longest = request(8, u32::MAX, &[]);
    for bytes in [magic, state, too_long, longest, vec![0; 16]] {
        let mut raw = board.raw();
        raw.write_all(&bytes).expect("write");
        let (header, reason) = reply(&mut raw);
        assert_eq!(
            (header.id, header.kind, header.status),
            (0, LAST, Status::Refused)
        );
        assert!(!reason.is_empty());
        assert_eq!(raw.read(&mut [0]).expect("the end"), 0);
        board.parted();
    }
    board.client().mappings().expect("the next client");
}

/// Half a request holds nobody for longer than the limit; one that is given up within it, not at all.
#[test]
fn torn_requests_end_their_client() {
    let board = board();
    for bytes in [&request(3, 8, &[1, 2])[..], &request(8, 0, &[])[..9]] {
        let mut raw = board.raw();
        raw.write_all(bytes).expect("write");
        drop(raw);
        assert!(board.parted().contains("closed"));
    }
    let start = Instant::now();
    let mut raw = board.raw();
    raw.write_all(&request(3, 8, &[1, 2])).expect("write");
    let (header, _) = reply(&mut raw);
    assert_eq!((header.kind, header.status), (LAST, Status::Refused));
    assert!(start.elapsed() < LIMIT);
    board.client().mappings().expect("the next client");
}

/// What a client armed goes with it.
#[test]
fn a_client_that_goes_leaves_nothing_armed() {
    let board = board();
    let client = board.client();
    client.hold(true).expect("held");
    client.inject(Fault::BoardMemory, true).expect("injected");
    let stalled = Disturbance::StalledDma { after: 0 };
    client.disturb(&[stalled]).expect("armed");
    client.run(1).expect("clocks");
    assert_ne!(client.struck().expect("a number"), 0);
    drop(client);
    board.parted();
    // The next client is served after what the last one armed is taken back.
    let client = board.client();
    client.run(1).expect("clocks");
    assert_eq!(client.struck().expect("a number"), 0);
    assert!(!board.server.with(|site| site.is_held()).expect("a site"));
}

#[test]
fn pieces_are_put_together() {
    let board = board();
    let mut raw = board.raw();
    for byte in request(Request::Hello.kind(), 0, &[]) {
        raw.write_all(&[byte]).expect("write");
        std::thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(reply(&mut raw).1, VERSION.to_le_bytes());
}
