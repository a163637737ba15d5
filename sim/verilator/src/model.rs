//! An open model: ports by handle, clocks, traces.
//!
//! The only file of this module with `unsafe`: it calls the shim and reads and writes the ports through pointers.
//! What makes that sound:
//! - the pointers come from the shim's own table, point into the model and stay valid until `gl_free`, which `Drop` calls
//!   before the library is closed (the order of the fields);
//! - a [`Model`] owns its C++ object, which is used by one thread at a time (`Send`, not `Sync`; methods take `&mut self`
//!   wherever C++ may change something);
//! - every access checks the handle's number against the table, and the width class decides how many bytes are touched.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::path::Path;
use std::ptr::NonNull;

use super::{Built, Error};

/// How the bits that the Verilog leaves uninitialised start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Start {
    /// All zero.
    #[default]
    Zeros,
    /// Random, from this seed: shows what a missing reset does.
    Random(u32),
}

/// A handle of an input port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input(u32);

/// A handle of an output port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output(u32);

/// A handle of a port whose value can be read: all of them.
pub trait Port: Copy + private::Sealed {
    #[doc(hidden)]
    fn number(self) -> u32;
}

mod private {
    /// Handles come from a model only.
    pub trait Sealed {}
    impl Sealed for super::Input {}
    impl Sealed for super::Output {}
}

impl Port for Input {
    fn number(self) -> u32 {
        self.0
    }
}

impl Port for Output {
    fn number(self) -> u32 {
        self.0
    }
}

/// The shim's `GlPort`.
#[repr(C)]
struct RawPort {
    name: *const c_char,
    data: *mut c_void,
    width: u32,
    is_input: u32,
}

/// The shim's `GlModel`, seen by pointer only.
type RawModel = c_void;

/// The shim's functions.
struct Functions {
    free: unsafe extern "C" fn(*mut RawModel),
    error: unsafe extern "C" fn(*const RawModel) -> *const c_char,
    eval: unsafe extern "C" fn(*mut RawModel) -> c_int,
    clock: unsafe extern "C" fn(*mut RawModel, u64) -> c_int,
    trace_open: unsafe extern "C" fn(*mut RawModel, *const c_char, c_int, *const c_char) -> c_int,
    trace_close: unsafe extern "C" fn(*mut RawModel),
}

/// How a port's value lies in memory.
#[derive(Debug, Clone, Copy)]
enum Class {
    Bits8,
    Bits16,
    Bits32,
    Bits64,
    /// This many 32-bit words, the least significant first.
    Words(usize),
}

struct PortEntry {
    name: String,
    width: u32,
    is_input: bool,
    class: Class,
    data: NonNull<u8>,
}

/// A Verilated model.
///
/// Inputs are set while the clock is low; [`Model::clock`] is a rising and a falling edge. Registers see the inputs as set
/// before the call; outputs read after it are those of the new state. An output that depends on an input without a register
/// between them needs [`Model::eval`] after the input has changed.
///
/// After an error of the Verilog ([`Error::Run`]) the model does not go on: every later call returns the same error.
pub struct Model {
    raw: NonNull<RawModel>,
    functions: Functions,
    ports: Vec<PortEntry>,
    top: String,
    clocks: u64,
    // Last: closed after everything that points into it.
    _library: libloading::Library,
}

// SAFETY: the C++ object has no tie to a thread (Verilator's thread-local context is set at each call), and `Model` is
// not `Sync`: the raw pointers of its ports are never used by two threads at once.
unsafe impl Send for Model {}

impl Model {
    /// Opens a model in its initial state, clock low and all inputs 0.
    pub fn open(built: &Built, start: Start) -> Result<Self, Error> {
        let refused = |reason: String| Error::Open {
            path: built.library.display().to_string(),
            reason,
        };
        // SAFETY: the library was built from this crate's shim; loading it runs only C++ static initialisers.
        let library = unsafe { libloading::Library::new(&built.library) }
            .map_err(|error| refused(error.to_string()))?;
        macro_rules! symbol {
            ($name:literal) => {
                // SAFETY: the shim exports this name with the type of the place where the pointer goes.
                *unsafe { library.get($name) }.map_err(|error| refused(error.to_string()))?
            };
        }
        let new: unsafe extern "C" fn(u32) -> *mut RawModel = symbol!(b"gl_new\0");
        let port: unsafe extern "C" fn(*mut RawModel, u32, *mut RawPort) -> c_int =
            symbol!(b"gl_port\0");
        let functions = Functions {
            free: symbol!(b"gl_free\0"),
            error: symbol!(b"gl_error\0"),
            eval: symbol!(b"gl_eval\0"),
            clock: symbol!(b"gl_clock\0"),
            trace_open: symbol!(b"gl_trace_open\0"),
            trace_close: symbol!(b"gl_trace_close\0"),
        };
        let seed = match start {
            Start::Zeros => 0,
            // The shim reads 0 as zeros.
            Start::Random(seed) => (seed & 0x7fff_ffff).max(1),
        };
        // SAFETY: no argument points anywhere.
        let raw = NonNull::new(unsafe { new(seed) })
            .ok_or_else(|| refused("no memory for the model".to_owned()))?;
        let mut model = Self {
            raw,
            functions,
            ports: Vec::new(),
            top: built.top.clone(),
            clocks: 0,
            _library: library,
        };
        model.check_start()?;
        model.ports = read_ports(port, raw);
        Ok(model)
    }

    /// The input port of this name and width.
    pub fn input(&self, name: &str, width: u32) -> Result<Input, Error> {
        self.find(name, width, true).map(Input)
    }

    /// The output port of this name and width.
    pub fn output(&self, name: &str, width: u32) -> Result<Output, Error> {
        self.find(name, width, false).map(Output)
    }

    /// Name, width and whether it is an input, of every port.
    pub fn ports(&self) -> impl Iterator<Item = (&str, u32, bool)> {
        self.ports
            .iter()
            .map(|port| (port.name.as_str(), port.width, port.is_input))
    }

    /// The low 64 bits of a port.
    #[inline]
    #[must_use]
    pub fn get(&self, port: impl Port) -> u64 {
        let port = self.entry(port);
        let data = port.data.as_ptr();
        // SAFETY: the class follows from the width and tells the size of the port's field; Verilator aligns each field
        // to its type.
        unsafe {
            match port.class {
                Class::Bits8 => u64::from(data.read()),
                Class::Bits16 => u64::from(data.cast::<u16>().read()),
                Class::Bits32 => u64::from(data.cast::<u32>().read()),
                Class::Bits64 => data.cast::<u64>().read(),
                Class::Words(_) => {
                    let words = data.cast::<u32>();
                    u64::from(words.read()) | u64::from(words.add(1).read()) << 32
                }
            }
        }
    }

    /// Whether a port of one bit is 1.
    #[inline]
    #[must_use]
    pub fn is_high(&self, port: impl Port) -> bool {
        self.get(port) != 0
    }

    /// Sets an input of up to 64 bits; bits beyond its width are dropped. The upper words of a wider one become 0.
    #[inline]
    pub fn set(&mut self, port: Input, value: u64) {
        let port = self.entry(port);
        let data = port.data.as_ptr();
        let value = if port.width < 64 {
            value & ((1 << port.width) - 1)
        } else {
            value
        };
        // SAFETY: as in `get`; the field belongs to this model, which is borrowed for writing.
        #[allow(
            clippy::cast_possible_truncation,
            reason = "the value was cut to the port's width"
        )]
        unsafe {
            match port.class {
                Class::Bits8 => data.write(value as u8),
                Class::Bits16 => data.cast::<u16>().write(value as u16),
                Class::Bits32 => data.cast::<u32>().write(value as u32),
                Class::Bits64 => data.cast::<u64>().write(value),
                Class::Words(count) => {
                    let words = data.cast::<u32>();
                    words.write(value as u32);
                    words.add(1).write((value >> 32) as u32);
                    for word in 2..count {
                        words.add(word).write(0);
                    }
                }
            }
        }
    }

    /// Reads a port of any width into 64-bit words, the least significant first; there must be exactly as many as the
    /// width needs.
    pub fn get_words(&self, port: impl Port, value: &mut [u64]) -> Result<(), Error> {
        let entry = self.entry(port);
        self.check_words(entry, value.len())?;
        let Class::Words(count) = entry.class else {
            value[0] = self.get(port);
            return Ok(());
        };
        let words = entry.data.as_ptr().cast::<u32>();
        // SAFETY: `count` words lie there, and each index is below it.
        let read = |index: usize| u64::from(unsafe { words.add(index).read() });
        for (pair, out) in value.iter_mut().enumerate().take(count / 2) {
            *out = read(2 * pair) | read(2 * pair + 1) << 32;
        }
        if count % 2 == 1 {
            value[count / 2] = read(count - 1);
        }
        Ok(())
    }

    /// Sets an input of any width from 64-bit words, as [`Model::get_words`]; bits beyond its width are dropped.
    pub fn set_words(&mut self, port: Input, value: &[u64]) -> Result<(), Error> {
        let entry = self.entry(port);
        self.check_words(entry, value.len())?;
        let Class::Words(count) = entry.class else {
            self.set(port, value[0]);
            return Ok(());
        };
        let words = entry.data.as_ptr().cast::<u32>();
        let top_bits = entry.width % 32;
        let top_mask = if top_bits == 0 {
            u32::MAX
        } else {
            (1 << top_bits) - 1
        };
        #[allow(clippy::cast_possible_truncation, reason = "a half of a word is meant")]
        for index in 0..count {
            let half = (value[index / 2] >> (32 * (index % 2))) as u32;
            let half = if index + 1 == count {
                half & top_mask
            } else {
                half
            };
            // SAFETY: `count` words lie there; the model is borrowed for writing.
            unsafe { words.add(index).write(half) };
        }
        Ok(())
    }

    /// Lets changed inputs reach outputs that depend on them without a register between.
    #[inline]
    pub fn eval(&mut self) -> Result<(), Error> {
        // SAFETY: `raw` is the live model.
        let failed = unsafe { (self.functions.eval)(self.raw.as_ptr()) };
        self.judge(failed)
    }

    /// One clock.
    #[inline]
    pub fn clock(&mut self) -> Result<(), Error> {
        self.run(1)
    }

    /// `count` clocks with the inputs as they are.
    #[inline]
    pub fn run(&mut self, count: u64) -> Result<(), Error> {
        // SAFETY: `raw` is the live model.
        let failed = unsafe { (self.functions.clock)(self.raw.as_ptr(), count) };
        self.clocks = self.clocks.wrapping_add(count);
        self.judge(failed)
    }

    /// How many clocks were run since the model was opened.
    #[must_use]
    pub fn clocks(&self) -> u64 {
        self.clocks
    }

    /// Begins to write an FST file. `scope` is a hierarchical name from the top module on (`top.core.ntt`; none: all),
    /// `levels` how many levels from there down (0: all). Only one file at a time; a build with [`super::Options::trace`].
    ///
    /// The file's time counts half clocks.
    pub fn open_trace(
        &mut self,
        path: &Path,
        scope: Option<&str>,
        levels: u16,
    ) -> Result<(), Error> {
        let refused = |reason: &str| Error::Run {
            top: self.top.clone(),
            message: format!("trace {}: {reason}", path.display()),
        };
        let file = CString::new(path.as_os_str().as_encoded_bytes())
            .map_err(|_| refused("the file's name holds a zero byte"))?;
        // Verilator counts levels from a named scope only.
        let whole = if levels == 0 { "" } else { &self.top };
        let scope = CString::new(scope.unwrap_or(whole))
            .map_err(|_| refused("the scope holds a zero byte"))?;
        // Verilator's writer does not notice a file that cannot be written.
        std::fs::File::create(path).map_err(goldilane_cache::Error::io("write trace", path))?;
        // SAFETY: both strings end with a zero byte and outlive the call.
        let failed = unsafe {
            (self.functions.trace_open)(
                self.raw.as_ptr(),
                file.as_ptr(),
                c_int::from(levels),
                scope.as_ptr(),
            )
        };
        if failed == 2 {
            return Err(Error::NoTrace {
                top: self.top.clone(),
                path: path.display().to_string(),
            });
        }
        self.judge(failed)
    }

    /// Ends the file that [`Model::open_trace`] began.
    pub fn close_trace(&mut self) -> Result<(), Error> {
        // SAFETY: `raw` is the live model.
        unsafe { (self.functions.trace_close)(self.raw.as_ptr()) };
        self.check_start()
    }

    fn entry(&self, port: impl Port) -> &PortEntry {
        &self.ports[port.number() as usize]
    }

    fn find(&self, name: &str, width: u32, is_input: bool) -> Result<u32, Error> {
        let found = self.ports.iter().position(|port| port.name == name);
        if let Some(index) = found {
            let port = &self.ports[index];
            if port.width == width && port.is_input == is_input {
                return Ok(u32::try_from(index).unwrap_or(u32::MAX));
            }
        }
        let direction = |input: bool| if input { "input" } else { "output" };
        Err(Error::NoPort {
            top: self.top.clone(),
            direction: direction(is_input),
            name: name.to_owned(),
            width,
            found: found
                .map(|index| &self.ports[index])
                .map_or(String::new(), |port| {
                    format!(
                        " (there is an {} of {} bits)",
                        direction(port.is_input),
                        port.width
                    )
                }),
        })
    }

    fn check_words(&self, port: &PortEntry, words: usize) -> Result<(), Error> {
        if words == (port.width as usize).div_ceil(64) {
            return Ok(());
        }
        Err(Error::Words {
            top: self.top.clone(),
            name: port.name.clone(),
            width: port.width,
            words,
        })
    }

    /// The error that the shim keeps, if there is one.
    fn check_start(&self) -> Result<(), Error> {
        // SAFETY: the shim returns a string of its own that is valid until the next call.
        let text = unsafe { CStr::from_ptr((self.functions.error)(self.raw.as_ptr())) };
        self.judge(c_int::from(!text.is_empty()))
    }

    #[inline]
    fn judge(&self, failed: c_int) -> Result<(), Error> {
        if failed == 0 {
            return Ok(());
        }
        Err(self.run_error())
    }

    #[cold]
    fn run_error(&self) -> Error {
        // SAFETY: as in `check_start`.
        let text = unsafe { CStr::from_ptr((self.functions.error)(self.raw.as_ptr())) };
        Error::Run {
            top: self.top.clone(),
            message: text.to_string_lossy().into_owned(),
        }
    }
}

fn read_ports(
    port: unsafe extern "C" fn(*mut RawModel, u32, *mut RawPort) -> c_int,
    raw: NonNull<RawModel>,
) -> Vec<PortEntry> {
    let mut ports = Vec::new();
    loop {
        let mut found = RawPort {
            name: std::ptr::null(),
            data: std::ptr::null_mut(),
            width: 0,
            is_input: 0,
        };
        let number = u32::try_from(ports.len()).unwrap_or(u32::MAX);
        // SAFETY: `raw` is the live model, `found` has the shim's layout.
        let there = unsafe { port(raw.as_ptr(), number, &raw mut found) };
        let Some(data) = NonNull::new(found.data.cast::<u8>()).filter(|_| there == 1) else {
            return ports;
        };
        // SAFETY: the shim's names are string literals.
        let name = unsafe { CStr::from_ptr(found.name) }
            .to_string_lossy()
            .into_owned();
        ports.push(PortEntry {
            name,
            width: found.width,
            is_input: found.is_input == 1,
            class: match found.width {
                0..=8 => Class::Bits8,
                9..=16 => Class::Bits16,
                17..=32 => Class::Bits32,
                33..=64 => Class::Bits64,
                wide => Class::Words(wide.div_ceil(32) as usize),
            },
            data,
        });
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        // SAFETY: `raw` came from `gl_new` and is not used afterwards.
        unsafe { (self.functions.free)(self.raw.as_ptr()) };
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Model")
            .field("top", &self.top)
            .field("ports", &self.ports.len())
            .field("clocks", &self.clocks)
            .finish_non_exhaustive()
    }
}
