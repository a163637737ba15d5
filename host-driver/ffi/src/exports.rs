//! The functions of `include/goldilane.h`, which documents them. Each checks its pointers, calls safe Rust, and answers a
//! number; no panic leaves one.
#![allow(
    unsafe_code,
    reason = "functions that C calls have names without mangling and take its pointers"
)]
#![allow(
    clippy::missing_safety_doc,
    reason = "one contract for all, as in the header: a pointer is null or points to what its type and its size say, and a \
              device was opened and not yet closed"
)]

use std::ffi::c_char;
use std::mem::MaybeUninit;

use crate::board::{Bootstrap, prepare_bsk};
use crate::last_error::{self, answer};
use crate::pointers::{Place, reference, slice, text};
use crate::status::{Failure, Result, Status};
use crate::structures::{Board, KeyParameters, Request};

pub use crate::board::Device;

#[unsafe(no_mangle)]
/// Opens a board.
pub unsafe extern "C" fn goldilane_open(
    name: *const c_char,
    time_limit_seconds: u32,
    device: *mut *mut Device,
) -> i32 {
    answer(|| {
        // SAFETY: the contract of this file.
        let place = unsafe { Place::one(device, "device") }?;
        place.write(&[std::ptr::null_mut()]);
        // SAFETY: the contract of this file.
        let name = unsafe { text(name, "name") }?;
        let opened = Device::open(name, time_limit_seconds)?;
        place.write(&[Box::into_raw(Box::new(opened))]);
        Ok(())
    })
}

#[unsafe(no_mangle)]
/// Closes a board.
pub unsafe extern "C" fn goldilane_close(device: *mut Device) -> i32 {
    answer(|| {
        // SAFETY: the contract of this file; checks for null.
        unsafe { reference(device, "device") }?;
        // SAFETY: it comes from `goldilane_open`, and is not used after this, says the contract.
        drop(unsafe { Box::from_raw(device) });
        Ok(())
    })
}

#[unsafe(no_mangle)]
/// What the board says of itself.
pub unsafe extern "C" fn goldilane_describe(device: *const Device, board: *mut Board) -> i32 {
    answer(|| {
        // SAFETY: the contract of this file.
        let device = unsafe { reference(device, "device") }?;
        // SAFETY: the contract of this file.
        let place = unsafe { Place::one(board, "board") }?;
        place.write(&[device.board()?]);
        Ok(())
    })
}

#[unsafe(no_mangle)]
/// Prepares a bootstrapping key.
pub unsafe extern "C" fn goldilane_prepare_bsk(
    parameters: *const KeyParameters,
    bsk: *const u64,
    bsk_words: usize,
    prepared: *mut u64,
    prepared_words: usize,
) -> i32 {
    answer(|| {
        // SAFETY: the contract of this file.
        let place = unsafe { Place::many(prepared, prepared_words, "prepared") }?;
        let words = {
            // SAFETY: the contract of this file; the slices end before the place, which may be the same, is written.
            let (parameters, bsk) = unsafe {
                let parameters = reference(parameters, "parameters")?;
                (parameters, slice(bsk, bsk_words, "bsk")?)
            };
            prepare_bsk(parameters, bsk, prepared_words)?
        };
        place.write(&words);
        Ok(())
    })
}

#[unsafe(no_mangle)]
/// Loads a key.
pub unsafe extern "C" fn goldilane_load_key(
    device: *const Device,
    parameters: *const KeyParameters,
    bsk: *const u64,
    bsk_words: usize,
    ksk: *const u32,
    ksk_words: usize,
    key: *mut u32,
) -> i32 {
    answer(|| {
        // SAFETY: the contract of this file.
        let (device, parameters, bsk, ksk, place) = unsafe {
            (
                reference(device, "device")?,
                reference(parameters, "parameters")?,
                slice(bsk, bsk_words, "bsk")?,
                slice(ksk, ksk_words, "ksk")?,
                Place::one(key, "key")?,
            )
        };
        place.write(&[device.load_key(parameters, bsk, ksk)?]);
        Ok(())
    })
}

#[unsafe(no_mangle)]
/// Takes a key off the board.
pub unsafe extern "C" fn goldilane_free_key(device: *const Device, key: u32) -> i32 {
    // SAFETY: the contract of this file.
    answer(|| unsafe { reference(device, "device") }?.free_key(key))
}

#[unsafe(no_mangle)]
/// Loads a lookup table.
pub unsafe extern "C" fn goldilane_load_lut(
    device: *const Device,
    words: *const u64,
    count: usize,
    lut: *mut u32,
) -> i32 {
    answer(|| {
        // SAFETY: the contract of this file.
        let (device, words, place) = unsafe {
            (
                reference(device, "device")?,
                slice(words, count, "words")?,
                Place::one(lut, "lut")?,
            )
        };
        place.write(&[device.load_lut(words)?]);
        Ok(())
    })
}

#[unsafe(no_mangle)]
/// Takes a lookup table off the board.
pub unsafe extern "C" fn goldilane_free_lut(device: *const Device, lut: u32) -> i32 {
    // SAFETY: the contract of this file.
    answer(|| unsafe { reference(device, "device") }?.free_lut(lut))
}

#[unsafe(no_mangle)]
/// Bootstraps ciphertexts.
pub unsafe extern "C" fn goldilane_bootstrap(
    device: *const Device,
    key: u32,
    requests: *mut Request,
    count: usize,
) -> i32 {
    answer(|| {
        // SAFETY: the contract of this file.
        let device = unsafe { reference(device, "device") }?;
        // SAFETY: the contract of this file; copied, because the outcomes are written into the same structures.
        let mut asked = unsafe { slice(requests.cast_const(), count, "requests") }?.to_vec();
        // SAFETY: the contract of this file.
        let place = unsafe { Place::many(requests, count, "requests") }?;
        let failed = run(device, key, &mut asked)?;
        place.write(&asked);
        match failed {
            None => Ok(()),
            Some((index, failure)) => Err(Failure {
                status: Status::EntriesFailed,
                text: format!("request {index}: {}", failure.text),
                ..failure
            }),
        }
    })
}

/// Runs requests, writes their outputs and outcomes; the first that failed.
fn run(device: &Device, key: u32, asked: &mut [Request]) -> Result<Option<(usize, Failure)>> {
    let mut places = Vec::with_capacity(asked.len());
    let results = {
        let mut jobs = Vec::with_capacity(asked.len());
        for (index, request) in asked.iter().enumerate() {
            let named = |field: &str| format!("request {index}: {field}");
            // SAFETY: the contract of this file; the slices end before an output, which may be an input, is written.
            let (input, output) = unsafe {
                (
                    slice(request.input, request.input_words, &named("input"))?,
                    Place::many(request.output, request.output_words, &named("output"))?,
                )
            };
            places.push(output);
            jobs.push(Bootstrap {
                input,
                output_words: request.output_words,
                lut: request.lut,
                degrees: request.degrees,
                stride: request.stride,
            });
        }
        device.bootstrap(key, &jobs)?
    };
    let mut first = None;
    for (index, (request, result)) in asked.iter_mut().zip(results).enumerate() {
        let (status, code) = match result {
            Ok(words) => {
                places[index].write(&words);
                (Status::Ok, 0)
            }
            Err(failure) => {
                let outcome = (failure.status, failure.board_code);
                first.get_or_insert((index, failure));
                outcome
            }
        };
        request.status = MaybeUninit::new(status as i32);
        request.board_code = MaybeUninit::new(code);
    }
    Ok(first)
}

#[unsafe(no_mangle)]
/// The text of the thread's last failure.
pub extern "C" fn goldilane_last_error() -> *const c_char {
    last_error::text()
}

#[unsafe(no_mangle)]
/// The board's code of the thread's last failure.
pub extern "C" fn goldilane_last_board_code() -> u32 {
    last_error::board_code()
}
