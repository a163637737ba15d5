//! The device's user: any calls of the driver in any order.

use std::sync::Arc;
use std::time::Duration;

use goldilane_abi::{Checkpoint, Descriptor, Handle, KeyShape, ModulusSwitch, Opcode};
use goldilane_driver::{
    Device, Done, Iova, Job, KeyHandle, KeyPieces, Lut, LutHandle, Options, Request, Session,
    SubmitError, Ticket,
};

use super::device::Hostile;
use crate::Script;

/// Calls of a script.
const CALLS: usize = 64;
/// A key that takes few steps to load.
const KEY: KeyShape = KeyShape {
    lwe_dimension: 2,
    pbs_base_log: 8,
    pbs_levels: 1,
    ks_base_log: 4,
    ks_levels: 1,
    modulus_switch: ModulusSwitch::Centered,
};

/// A key of zeros for whatever shape the device has.
struct Zeros {
    ggsw: usize,
    column: usize,
}

impl KeyPieces for Zeros {
    fn shape(&self) -> KeyShape {
        KEY
    }

    fn ggsw(&mut self, _index: u32) -> Result<Vec<u64>, String> {
        Ok(vec![0; self.ggsw])
    }

    fn ksk_column(&mut self, _index: u32) -> Result<Vec<u32>, String> {
        Ok(vec![0; self.column])
    }
}

/// A job that was given to the pair and has not come back.
struct Out {
    ticket: Ticket,
    /// In its length, which no device changes.
    mark: u32,
    memory: Iova,
}

struct User<'a> {
    device: &'a Arc<Hostile>,
    session: Session,
    out: Vec<Out>,
    marks: u32,
    key: KeyHandle,
    lut: LutHandle,
    input: Vec<u64>,
}

/// Opens the device and calls whatever the script says.
pub fn run(device: &Arc<Hostile>, script: &mut Script<'_>) {
    let options = Options {
        pair: script.below(2) as u16,
        ring_log2: script.byte(),
        crc: script.flip(),
        entries_per_job: script.byte().into(),
        batches_in_flight: script.below(4),
        polling: Duration::from_micros(script.below(4) as u64),
        time_limit: Duration::from_micros(20),
        ..Options::default()
    };
    let Ok(session) = Session::open(device.clone(), options) else {
        return;
    };
    let words = session.shape().ciphertext_words();
    let mut user = User {
        device,
        session,
        out: Vec::new(),
        marks: 0,
        key: KeyHandle {
            handle: Handle::default(),
            shape: KEY,
        },
        lut: LutHandle(Handle::default()),
        input: vec![1; words],
    };
    for _ in 0..CALLS {
        if script.is_over() {
            break;
        }
        user.call(script);
        user.check();
    }
    let User { session, out, .. } = user;
    drop(session);
    if device.is_gone() {
        // Nobody can say that the board has stopped: it may still write.
        for job in out {
            let may_be_done = device.take_completion(job.ticket.number());
            let kept = may_be_done || device.is_mapped(job.memory);
            assert!(kept, "memory was given back under the board");
        }
    }
}

impl User<'_> {
    /// Jobs that are out, as the pair sees it and as we do.
    fn check(&mut self) {
        for job in &self.out {
            let mapped = self.device.is_mapped(job.memory);
            assert!(mapped, "memory of a job in flight was given back");
        }
        let (room, size) = (self.session.pair().room(), self.session.pair().size());
        assert!(room < usize::from(size).max(1), "{room} of {size}");
    }

    /// A job came back.
    fn returned(&mut self, done: &Done) {
        let found = self.out.iter().position(|job| job.ticket == done.ticket);
        let Some(index) = found else { return };
        let job = self.out.swap_remove(index);
        assert_eq!(done.job.descriptor.length, job.mark, "another job");
        let written = self.device.take_completion(done.completion.ticket);
        assert!(written, "no completion was written for {}", done.ticket);
    }

    fn call(&mut self, script: &mut Script<'_>) {
        // Whatever the device makes of it: errors are expected, and their texts too.
        let told = match script.byte() % 20 {
            0 => self.session.no_op(),
            1 => {
                let bytes = vec![7; script.below(64) * 8];
                self.session.loopback(&bytes).map(drop)
            }
            2 => self.load_lut(script.flip()),
            3 => self.load_key(),
            4 => self.bootstrap(script),
            5 => self.bootstrap_into(script),
            6 => self.in_place(script),
            7 => self.session.counters().map(drop),
            8 => self.session.take_error_log().map(drop),
            9 => self.session.wait_cleared(),
            10 => self.session.self_test(),
            11 => self.reset(script.flip()),
            12 => self.session.free_lut(self.lut),
            13 => {
                let key = self.key;
                self.session.free_key(&key)
            }
            14 => self.session.pair().poll().map(drop),
            15 => {
                if let Some(done) = self.session.pair().take() {
                    self.returned(&done);
                }
                Ok(())
            }
            16 => self.wait(script.below(16)),
            17 => self.forget(script.below(16)),
            18 => {
                let count = script.below(8);
                let limit = Duration::from_micros(20);
                self.session.pair().wait_room(count, limit).map(drop)
            }
            _ => self.submit(script),
        };
        if let Err(error) = told {
            assert!(!error.to_string().is_empty());
        }
    }

    fn load_lut(&mut self, plain: bool) -> goldilane_driver::Result<()> {
        let shape = *self.session.shape();
        let words = vec![3; shape.glwe_words()];
        let body = &words[..shape.polynomial_size as usize];
        let lut = match plain {
            true => Lut::Plain(body),
            false => Lut::Encrypted(&words),
        };
        self.lut = self.session.load_lut(lut)?;
        Ok(())
    }

    fn load_key(&mut self) -> goldilane_driver::Result<()> {
        let shape = *self.session.shape();
        let polynomials = shape.glwe_dimension as usize + 1;
        let size = shape.polynomial_size as usize;
        let mut zeros = Zeros {
            ggsw: polynomials * polynomials * size,
            column: (polynomials - 1) * size,
        };
        self.key = self.session.load_key(&mut zeros, &mut |_| {})?;
        Ok(())
    }

    fn requests(&self, script: &mut Script<'_>) -> Vec<Request<'static>> {
        let input: &'static [u64] = match self.input.len() {
            513 => &[1; 513],
            257 => &[1; 257],
            _ => &[1; 2049],
        };
        (0..script.below(6))
            .map(|_| Request {
                degrees: script.pick(&[1, 1, 1, 2, 0]),
                stride: script.pick(&[0, 1, 64]),
                ..Request::new(input, self.lut)
            })
            .collect()
    }

    fn bootstrap(&mut self, script: &mut Script<'_>) -> goldilane_driver::Result<()> {
        let requests = self.requests(script);
        let checkpoint = match script.byte() % 8 {
            1 => Checkpoint::KeySwitch,
            2 => Checkpoint::ModSwitch,
            3 => Checkpoint::Accumulator(script.byte().into()),
            _ => Checkpoint::None,
        };
        let key = self.key;
        let first = self.session.start(&key, &requests, checkpoint)?;
        if script.flip() {
            let second = self.session.start(&key, &requests, Checkpoint::None)?;
            let results = self.session.finish(second)?;
            assert_eq!(results.len(), requests.len());
        }
        if script.rarely(8) {
            return Ok(());
        }
        let results = self.session.finish(first)?;
        assert_eq!(results.len(), requests.len());
        Ok(())
    }

    fn bootstrap_into(&mut self, script: &mut Script<'_>) -> goldilane_driver::Result<()> {
        let requests = self.requests(script);
        let degrees: usize = requests.iter().map(|r| usize::from(r.degrees)).sum();
        let mut outputs = vec![0; degrees * self.input.len()];
        let key = self.key;
        let failed = self.session.bootstrap_into(&key, &requests, &mut outputs)?;
        assert!(failed.iter().all(|(index, _)| *index < requests.len()));
        Ok(())
    }

    fn in_place(&mut self, script: &mut Script<'_>) -> goldilane_driver::Result<()> {
        let mut batch = self.session.batch(script.below(4) as u16, 1)?;
        for _ in 0..script.below(4) {
            batch.push_in_place(self.lut, 1, 0)?;
        }
        let key = self.key;
        let running = self.session.start_batch(&key, batch)?;
        let batch = self.session.finish_batch(running)?;
        for index in 0..batch.len() {
            let mut words = vec![0; self.input.len()];
            let (_checked, _read) = (batch.check(index), batch.read_outputs(index, &mut words));
        }
        Ok(())
    }

    fn reset(&mut self, function: bool) -> goldilane_driver::Result<()> {
        let aborted = match function {
            true => self.session.reset_function()?,
            false => self.session.reset()?,
        };
        for (ticket, job) in aborted {
            if let Some(index) = self.out.iter().position(|out| out.ticket == ticket) {
                let out = self.out.swap_remove(index);
                assert_eq!(job.descriptor.length, out.mark, "another job");
            }
        }
        Ok(())
    }

    fn wait(&mut self, index: usize) -> goldilane_driver::Result<()> {
        let Some(ticket) = self.out.get(index).map(|out| out.ticket) else {
            return Ok(());
        };
        let limit = Duration::from_micros(20);
        let done = self.session.pair().wait(ticket, limit)?;
        self.returned(&done);
        Ok(())
    }

    fn forget(&mut self, index: usize) -> goldilane_driver::Result<()> {
        if index < self.out.len() {
            let out = self.out.swap_remove(index);
            self.session.pair().forget(out.ticket);
        }
        Ok(())
    }

    fn submit(&mut self, script: &mut Script<'_>) -> goldilane_driver::Result<()> {
        let mut jobs = Vec::new();
        for _ in 0..script.below(5) {
            self.marks += 1;
            let memory = self.device.alloc_dma(64)?;
            jobs.push(Job {
                descriptor: Descriptor {
                    length: self.marks,
                    ..Descriptor::new(Opcode::NoOp)
                },
                buffers: vec![memory],
            });
        }
        let marks: Vec<_> = jobs
            .iter()
            .map(|job| (job.descriptor.length, job.buffers[0].iova()))
            .collect();
        match self.session.pair().submit_batch(jobs) {
            Ok(tickets) => {
                assert_eq!(tickets.len(), marks.len());
                for (ticket, (mark, memory)) in tickets.into_iter().zip(marks) {
                    assert!(self.out.iter().all(|out| out.ticket != ticket), "{ticket}");
                    self.out.push(Out {
                        ticket,
                        mark,
                        memory,
                    });
                }
                Ok(())
            }
            Err(SubmitError::QueueFull(jobs)) => {
                assert_eq!(jobs.len(), marks.len());
                Ok(())
            }
            Err(SubmitError::Failed(jobs, error)) => {
                assert_eq!(jobs.len(), marks.len());
                Err(error)
            }
        }
    }
}
