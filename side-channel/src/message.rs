//! Headers, requests, replies.

use thiserror::Error;

use crate::disturb;
use crate::{Disturbance, Fault, Incident, MAX_CLOCKS, MAX_TEXT, MAX_TEXTS, Progress};

/// Bytes of a header.
pub const HEADER_BYTES: usize = 16;
/// The most bytes of a request's payload.
pub const MAX_REQUEST: usize = 4 << 10;
/// The most bytes of a reply's payload.
pub const MAX_REPLY: usize = 64 << 10;
/// `GLSC`, as it stands in the stream.
pub(crate) const MAGIC: [u8; 4] = *b"GLSC";

/// The highest kind of a request.
const LAST_KIND: u16 = 11;

/// A message that is no such message.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Malformed {
    /// Another magic.
    #[error("a header that begins with {0:02x?}")]
    Magic([u8; 4]),
    /// Another state.
    #[error("a message of state {0}")]
    Status(u16),
    /// More bytes than a message may have.
    #[error("a payload of {found} bytes where {most} are the most")]
    TooLong {
        /// Bytes that were announced.
        found: u32,
        /// Bytes that are possible.
        most: usize,
    },
    /// A kind that does not exist.
    #[error("a request of the unknown kind {0}")]
    Kind(u16),
    /// A payload that does not fit its kind.
    #[error("kind {kind}: {bytes} bytes that are no such payload")]
    Payload {
        /// The kind.
        kind: u16,
        /// Bytes of the payload.
        bytes: usize,
    },
}

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Status {
    /// A request.
    Request = 0,
    /// The answer to one that was carried out.
    Done = 1,
    /// The answer to one that was not.
    Refused = 2,
}

/// The beginning of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The client's choice.
    pub id: u32,
    /// Of the request.
    pub kind: u16,
    /// What the message is.
    pub status: Status,
    /// Bytes behind the header.
    pub length: u32,
}

impl Header {
    /// As it stands in the stream.
    pub fn to_bytes(self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[..4].copy_from_slice(&MAGIC);
        bytes[4..8].copy_from_slice(&self.id.to_le_bytes());
        bytes[8..10].copy_from_slice(&self.kind.to_le_bytes());
        bytes[10..12].copy_from_slice(&(self.status as u16).to_le_bytes());
        bytes[12..].copy_from_slice(&self.length.to_le_bytes());
        bytes
    }

    /// Reads a header whose payload has at most `most` bytes.
    ///
    /// # Errors
    /// Another magic or state, a length beyond the bound.
    pub fn parse(bytes: &[u8; HEADER_BYTES], most: usize) -> Result<Self, Malformed> {
        let [magic, id, word, length] = bytes.as_chunks::<4>().0 else {
            return Err(Malformed::Payload {
                kind: 0,
                bytes: HEADER_BYTES,
            });
        };
        if *magic != MAGIC {
            return Err(Malformed::Magic(*magic));
        }
        let status = match u16::from_le_bytes([word[2], word[3]]) {
            0 => Status::Request,
            1 => Status::Done,
            2 => Status::Refused,
            other => return Err(Malformed::Status(other)),
        };
        let length = u32::from_le_bytes(*length);
        if length as usize > most {
            return Err(Malformed::TooLong {
                found: length,
                most,
            });
        }
        Ok(Self {
            id: u32::from_le_bytes(*id),
            kind: u16::from_le_bytes([word[0], word[1]]),
            status,
            length,
        })
    }
}

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Which version is spoken there.
    Hello,
    /// Hold the board, or let it go on.
    Hold(bool),
    /// Let it work for about so many clocks.
    Run(u64),
    /// The bytes of a line of board memory.
    ReadLine(u64),
    /// Flip bits of a byte of a line.
    FlipBits {
        /// The line.
        line: u64,
        /// The byte.
        byte: u32,
        /// The bits.
        mask: u8,
    },
    /// Make a part of the self-test fail, or heal it.
    Inject {
        /// The part.
        fault: Fault,
        /// Whether it fails.
        present: bool,
    },
    /// Whether anything of earlier users is left.
    HoldsSecrets,
    /// What is wrong between board and host, and nothing else.
    Disturb(Vec<Disturbance>),
    /// The number of DMA mappings.
    Mappings,
    /// Accesses that no bus would allow, since the last time.
    TakeViolations,
    /// How often the disturbances have had an effect.
    Struck,
    /// Something happens once.
    Happen(Incident),
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Done.
    Done,
    /// The version.
    Version(u32),
    /// Whether there is more to do.
    Progress(Progress),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Yes or no.
    Flag(bool),
    /// A number.
    Count(u64),
    /// Texts.
    Texts(Vec<String>),
}

impl Request {
    /// Its number.
    pub fn kind(&self) -> u16 {
        match self {
            Self::Hello => 0,
            Self::Hold(_) => 1,
            Self::Run(_) => 2,
            Self::ReadLine(_) => 3,
            Self::FlipBits { .. } => 4,
            Self::Inject { .. } => 5,
            Self::HoldsSecrets => 6,
            Self::Disturb(_) => 7,
            Self::Mappings => 8,
            Self::TakeViolations => 9,
            Self::Struck => 10,
            Self::Happen(_) => LAST_KIND,
        }
    }

    /// The bytes behind the header.
    pub fn payload(&self) -> Vec<u8> {
        match self {
            Self::Hello
            | Self::HoldsSecrets
            | Self::Mappings
            | Self::TakeViolations
            | Self::Struck => Vec::new(),
            Self::Hold(held) => vec![u8::from(*held)],
            Self::Run(clocks) => clocks.to_le_bytes().to_vec(),
            Self::ReadLine(line) => line.to_le_bytes().to_vec(),
            Self::FlipBits { line, byte, mask } => {
                [&line.to_le_bytes()[..], &byte.to_le_bytes(), &[*mask]].concat()
            }
            Self::Inject { fault, present } => vec![*fault as u8, u8::from(*present)],
            Self::Disturb(wrong) => wrong.iter().flat_map(disturb::to_bytes).collect(),
            Self::Happen(incident) => disturb::incident_to_bytes(*incident).to_vec(),
        }
    }

    /// Reads a request.
    ///
    /// # Errors
    /// An unknown kind, a payload that does not fit it.
    pub fn parse(kind: u16, payload: &[u8]) -> Result<Self, Malformed> {
        if kind > LAST_KIND {
            return Err(Malformed::Kind(kind));
        }
        let mut fields = Fields(payload);
        let request = (|| {
            let request = match kind {
                0 => Self::Hello,
                1 => Self::Hold(fields.flag()?),
                2 => Self::Run(fields.u64().filter(|clocks| *clocks <= MAX_CLOCKS)?),
                3 => Self::ReadLine(fields.u64()?),
                4 => Self::FlipBits {
                    line: fields.u64()?,
                    byte: fields.u32()?,
                    mask: fields.u8()?,
                },
                5 => Self::Inject {
                    fault: *Fault::ALL.get(usize::from(fields.u8()?))?,
                    present: fields.flag()?,
                },
                6 => Self::HoldsSecrets,
                7 => Self::Disturb(disturb::list(fields.rest())?),
                8 => Self::Mappings,
                9 => Self::TakeViolations,
                10 => Self::Struck,
                _ => Self::Happen(disturb::incident(fields.rest())?),
            };
            fields.end().then_some(request)
        })();
        request.ok_or(Malformed::Payload {
            kind,
            bytes: payload.len(),
        })
    }
}

impl Reply {
    /// The bytes behind the header. Texts are cut where they are too many or too long.
    pub fn payload(&self) -> Vec<u8> {
        match self {
            Self::Done => Vec::new(),
            Self::Version(version) => version.to_le_bytes().to_vec(),
            Self::Progress(progress) => vec![u8::from(*progress == Progress::Busy)],
            Self::Bytes(bytes) => bytes[..bytes.len().min(MAX_REPLY)].to_vec(),
            Self::Flag(flag) => vec![u8::from(*flag)],
            Self::Count(count) => count.to_le_bytes().to_vec(),
            Self::Texts(texts) => texts
                .iter()
                .take(MAX_TEXTS)
                .flat_map(|text| {
                    let text = &text[..text.floor_char_boundary(MAX_TEXT)];
                    let length = (text.len() as u32).to_le_bytes();
                    [&length[..], text.as_bytes()].concat()
                })
                .collect(),
        }
    }

    /// Reads the reply to a request.
    ///
    /// # Errors
    /// A payload that does not fit the request's kind.
    pub fn parse(request: &Request, payload: &[u8]) -> Result<Self, Malformed> {
        let mut fields = Fields(payload);
        let reply = (|| {
            let reply = match request {
                Request::Hold(_)
                | Request::FlipBits { .. }
                | Request::Inject { .. }
                | Request::Disturb(_)
                | Request::Happen(_) => Self::Done,
                Request::Hello => Self::Version(fields.u32()?),
                Request::Run(_) if fields.flag()? => Self::Progress(Progress::Busy),
                Request::Run(_) => Self::Progress(Progress::Idle),
                Request::ReadLine(_) => Self::Bytes(fields.rest().to_vec()),
                Request::HoldsSecrets => Self::Flag(fields.flag()?),
                Request::Mappings | Request::Struck => Self::Count(fields.u64()?),
                Request::TakeViolations => {
                    let mut texts = Vec::new();
                    while !fields.end() {
                        let length = fields.u32()? as usize;
                        let text = fields.take(length)?;
                        texts.push(String::from_utf8(text.to_vec()).ok()?);
                    }
                    Self::Texts(texts)
                }
            };
            fields.end().then_some(reply)
        })();
        reply.ok_or(Malformed::Payload {
            kind: request.kind(),
            bytes: payload.len(),
        })
    }
}

/// What is left of a payload.
struct Fields<'p>(&'p [u8]);

impl<'p> Fields<'p> {
    fn take(&mut self, bytes: usize) -> Option<&'p [u8]> {
        let (head, tail) = self.0.split_at_checked(bytes)?;
        self.0 = tail;
        Some(head)
    }

    fn rest(&mut self) -> &'p [u8] {
        std::mem::take(&mut self.0)
    }

    fn end(&self) -> bool {
        self.0.is_empty()
    }

    fn u8(&mut self) -> Option<u8> {
        Some(self.take(1)?[0])
    }

    fn flag(&mut self) -> Option<bool> {
        match self.u8()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn requests() -> Vec<Request> {
        vec![
            Request::Hello,
            Request::Hold(true),
            Request::Run(MAX_CLOCKS),
            Request::ReadLine(u64::MAX),
            Request::FlipBits {
                line: 1,
                byte: 2,
                mask: 3,
            },
            Request::Inject {
                fault: Fault::Arithmetic,
                present: true,
            },
            Request::HoldsSecrets,
            Request::Disturb(vec![
                Disturbance::LinkDown,
                Disturbance::LostWrites(3..u64::MAX),
            ]),
            Request::Mappings,
            Request::TakeViolations,
            Request::Struck,
            Request::Happen(Incident::Interrupt(0x1234)),
        ]
    }

    #[test]
    fn requests_go_there_and_not_one_byte_short() {
        for request in requests() {
            let payload = request.payload();
            assert_eq!(
                Request::parse(request.kind(), &payload),
                Ok(request.clone())
            );
            let longer = [&payload[..], &[0]].concat();
            assert!(Request::parse(request.kind(), &longer).is_err());
            if let Some(shorter) = payload.len().checked_sub(1) {
                assert!(Request::parse(request.kind(), &payload[..shorter]).is_err());
            }
        }
        for (kind, payload) in [
            (12, vec![]),
            (1, vec![2]),
            (7, vec![12; 25]),
            (7, vec![0; 17 * 25]),
            (11, vec![4, 0, 0]),
            (11, vec![1, 1, 0]),
            (5, vec![3, 1]),
            (2, vec![0xff; 8]),
        ] {
            assert!(Request::parse(kind, &payload).is_err(), "{kind}");
        }
    }

    #[test]
    fn replies_come_back() {
        let long = "ä".repeat(MAX_TEXT);
        let replies = [
            (Request::Hello, Reply::Version(7)),
            (Request::Hold(true), Reply::Done),
            (Request::Run(1), Reply::Progress(Progress::Busy)),
            (Request::ReadLine(1), Reply::Bytes(vec![1, 2, 3])),
            (Request::HoldsSecrets, Reply::Flag(true)),
            (Request::Mappings, Reply::Count(u64::MAX)),
            (
                Request::TakeViolations,
                Reply::Texts(vec![String::new(), "ab".to_owned()]),
            ),
        ];
        for (request, reply) in replies {
            assert_eq!(Reply::parse(&request, &reply.payload()), Ok(reply));
        }
        let many = Reply::Texts(vec![long; 2 * MAX_TEXTS]).payload();
        assert!(many.len() <= MAX_REPLY);
        match Reply::parse(&Request::TakeViolations, &many) {
            Ok(Reply::Texts(texts)) => assert_eq!(texts.len(), MAX_TEXTS),
            other => panic!("{other:?}"),
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(kind: u16, bytes in vec(any::<u8>(), 0..64)) {
            if let Ok(request) = Request::parse(kind % 14, &bytes) {
                prop_assert_eq!(request.payload().len(), bytes.len());
            }
            for request in requests() {
                let _read_or_refused = Reply::parse(&request, &bytes);
            }
        }

        #[test]
        fn headers_are_read_or_refused(bytes: [u8; HEADER_BYTES], tail: [u8; 12]) {
            prop_assert!(bytes.starts_with(&MAGIC) || Header::parse(&bytes, MAX_REPLY).is_err());
            let mut begun = [0; HEADER_BYTES];
            begun[..4].copy_from_slice(&MAGIC);
            begun[4..].copy_from_slice(&tail);
            if let Ok(header) = Header::parse(&begun, MAX_REPLY) {
                prop_assert_eq!(header.to_bytes(), begun);
                prop_assert!(header.length as usize <= MAX_REPLY);
            }
        }
    }
}
