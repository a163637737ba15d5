//! The buses' wires as ports of the Verilated top.

use crate::axi::{Address, LitePins, MAX_BEAT_WORDS, Pins, ReadBeat, Response, WriteBeat};
use crate::verilator::{Error, Input, Model, Output};

/// Names a port of a bus.
struct Namer<'m> {
    model: &'m Model,
    prefix: &'m str,
}

impl Namer<'_> {
    fn input(&self, name: &str, width: u32) -> Result<Input, Error> {
        self.model.input(&format!("{}_{name}", self.prefix), width)
    }

    fn output(&self, name: &str, width: u32) -> Result<Output, Error> {
        self.model.output(&format!("{}_{name}", self.prefix), width)
    }
}

#[derive(Debug)]
struct AddressPorts {
    valid: Output,
    ready: Input,
    id: Output,
    address: Output,
    length: Output,
    size: Output,
    burst: Output,
}

impl AddressPorts {
    fn new(name: &Namer<'_>, channel: &str, shape: BusShape) -> Result<Self, Error> {
        let output = |signal: &str, width| name.output(&format!("{channel}{signal}"), width);
        Ok(Self {
            valid: output("valid", 1)?,
            ready: name.input(&format!("{channel}ready"), 1)?,
            id: output("id", shape.id_bits)?,
            address: output("addr", shape.address_bits)?,
            length: output("len", 8)?,
            size: output("size", 3)?,
            burst: output("burst", 2)?,
        })
    }

    fn read(&self, model: &Model) -> Address {
        Address {
            id: model.get(self.id) as u32,
            address: model.get(self.address),
            length: model.get(self.length) as u8,
            size: model.get(self.size) as u8,
            burst: model.get(self.burst) as u8,
        }
    }
}

/// Widths of an AXI4 bus.
#[derive(Clone, Copy, Debug)]
pub(super) struct BusShape {
    pub data_bits: u32,
    pub address_bits: u32,
    pub id_bits: u32,
}

/// Handles of an AXI4 master's ports.
#[derive(Debug)]
pub(super) struct AxiPorts {
    aw: AddressPorts,
    ar: AddressPorts,
    w_valid: Output,
    w_ready: Input,
    w_data: Output,
    w_strobe: Output,
    w_last: Output,
    b_valid: Input,
    b_ready: Output,
    b_id: Input,
    b_response: Input,
    r_valid: Input,
    r_ready: Output,
    r_id: Input,
    r_data: Input,
    r_response: Input,
    r_last: Input,
    words: usize,
}

impl AxiPorts {
    pub(super) fn new(model: &Model, prefix: &str, shape: BusShape) -> Result<Self, Error> {
        let name = Namer { model, prefix };
        Ok(Self {
            aw: AddressPorts::new(&name, "aw", shape)?,
            ar: AddressPorts::new(&name, "ar", shape)?,
            w_valid: name.output("wvalid", 1)?,
            w_ready: name.input("wready", 1)?,
            w_data: name.output("wdata", shape.data_bits)?,
            w_strobe: name.output("wstrb", shape.data_bits / 8)?,
            w_last: name.output("wlast", 1)?,
            b_valid: name.input("bvalid", 1)?,
            b_ready: name.output("bready", 1)?,
            b_id: name.input("bid", shape.id_bits)?,
            b_response: name.input("bresp", 2)?,
            r_valid: name.input("rvalid", 1)?,
            r_ready: name.output("rready", 1)?,
            r_id: name.input("rid", shape.id_bits)?,
            r_data: name.input("rdata", shape.data_bits)?,
            r_response: name.input("rresp", 2)?,
            r_last: name.input("rlast", 1)?,
            words: shape.data_bits.div_ceil(64) as usize,
        })
    }
}

/// A bus with the model it belongs to.
pub(super) struct AxiBus<'m> {
    pub model: &'m mut Model,
    pub ports: &'m AxiPorts,
}

impl Pins for AxiBus<'_> {
    #[inline]
    fn aw_valid(&self) -> bool {
        self.model.is_high(self.ports.aw.valid)
    }

    fn aw(&self) -> Address {
        self.ports.aw.read(self.model)
    }

    #[inline]
    fn w_valid(&self) -> bool {
        self.model.is_high(self.ports.w_valid)
    }

    fn w(&self) -> WriteBeat {
        let ports = self.ports;
        let mut data = [0; MAX_BEAT_WORDS];
        read_words(self.model, ports.w_data, &mut data[..ports.words]);
        let mut strobe = [0; 2];
        let strobe_words = (ports.words * 8).div_ceil(64);
        read_words(self.model, ports.w_strobe, &mut strobe[..strobe_words]);
        WriteBeat {
            data,
            strobe: u128::from(strobe[0]) | u128::from(strobe[1]) << 64,
            last: self.model.is_high(ports.w_last),
        }
    }

    #[inline]
    fn ar_valid(&self) -> bool {
        self.model.is_high(self.ports.ar.valid)
    }

    fn ar(&self) -> Address {
        self.ports.ar.read(self.model)
    }

    #[inline]
    fn b_ready(&self) -> bool {
        self.model.is_high(self.ports.b_ready)
    }

    #[inline]
    fn r_ready(&self) -> bool {
        self.model.is_high(self.ports.r_ready)
    }

    fn set_aw_ready(&mut self, ready: bool) {
        self.model.set(self.ports.aw.ready, ready.into());
    }

    fn set_w_ready(&mut self, ready: bool) {
        self.model.set(self.ports.w_ready, ready.into());
    }

    fn set_ar_ready(&mut self, ready: bool) {
        self.model.set(self.ports.ar.ready, ready.into());
    }

    fn set_b(&mut self, response: Option<(u32, Response)>) {
        self.model
            .set(self.ports.b_valid, response.is_some().into());
        if let Some((id, response)) = response {
            self.model.set(self.ports.b_id, id.into());
            self.model.set(self.ports.b_response, response as u64);
        }
    }

    fn set_r(&mut self, beat: Option<&ReadBeat>) {
        let ports = self.ports;
        self.model.set(ports.r_valid, beat.is_some().into());
        if let Some(beat) = beat {
            self.model.set(ports.r_id, beat.id.into());
            self.model.set(ports.r_response, beat.response as u64);
            self.model.set(ports.r_last, beat.last.into());
            let set = self
                .model
                .set_words(ports.r_data, &beat.data[..ports.words]);
            debug_assert!(set.is_ok(), "the words were counted from the width");
        }
    }
}

fn read_words(model: &Model, port: Output, words: &mut [u64]) {
    let got = model.get_words(port, words);
    debug_assert!(got.is_ok(), "the words were counted from the width");
}

/// Handles of the register bus.
#[derive(Debug)]
pub(super) struct LitePorts {
    aw_valid: Input,
    aw_ready: Output,
    aw_address: Input,
    w_valid: Input,
    w_ready: Output,
    w_data: Input,
    w_strobe: Input,
    b_valid: Output,
    b_ready: Input,
    b_response: Output,
    ar_valid: Input,
    ar_ready: Output,
    ar_address: Input,
    r_valid: Output,
    r_ready: Input,
    r_data: Output,
    r_response: Output,
}

impl LitePorts {
    pub(super) fn new(model: &Model, prefix: &str) -> Result<Self, Error> {
        let name = Namer { model, prefix };
        Ok(Self {
            aw_valid: name.input("awvalid", 1)?,
            aw_ready: name.output("awready", 1)?,
            aw_address: name.input("awaddr", 16)?,
            w_valid: name.input("wvalid", 1)?,
            w_ready: name.output("wready", 1)?,
            w_data: name.input("wdata", 32)?,
            w_strobe: name.input("wstrb", 4)?,
            b_valid: name.output("bvalid", 1)?,
            b_ready: name.input("bready", 1)?,
            b_response: name.output("bresp", 2)?,
            ar_valid: name.input("arvalid", 1)?,
            ar_ready: name.output("arready", 1)?,
            ar_address: name.input("araddr", 16)?,
            r_valid: name.output("rvalid", 1)?,
            r_ready: name.input("rready", 1)?,
            r_data: name.output("rdata", 32)?,
            r_response: name.output("rresp", 2)?,
        })
    }
}

/// The register bus with the model it belongs to.
pub(super) struct LiteBus<'m> {
    pub model: &'m mut Model,
    pub ports: &'m LitePorts,
}

impl LitePins for LiteBus<'_> {
    fn set_aw(&mut self, address: Option<u32>) {
        self.model
            .set(self.ports.aw_valid, address.is_some().into());
        self.model
            .set(self.ports.aw_address, address.unwrap_or(0).into());
    }

    fn set_w(&mut self, data: Option<u32>) {
        self.model.set(self.ports.w_valid, data.is_some().into());
        self.model.set(self.ports.w_data, data.unwrap_or(0).into());
        let strobe = if data.is_some() { 0xf } else { 0 };
        self.model.set(self.ports.w_strobe, strobe);
    }

    fn set_ar(&mut self, address: Option<u32>) {
        self.model
            .set(self.ports.ar_valid, address.is_some().into());
        self.model
            .set(self.ports.ar_address, address.unwrap_or(0).into());
    }

    fn set_b_ready(&mut self, ready: bool) {
        self.model.set(self.ports.b_ready, ready.into());
    }

    fn set_r_ready(&mut self, ready: bool) {
        self.model.set(self.ports.r_ready, ready.into());
    }

    fn aw_ready(&self) -> bool {
        self.model.is_high(self.ports.aw_ready)
    }

    fn w_ready(&self) -> bool {
        self.model.is_high(self.ports.w_ready)
    }

    fn ar_ready(&self) -> bool {
        self.model.is_high(self.ports.ar_ready)
    }

    #[inline]
    fn b(&self) -> Option<u8> {
        let valid = self.model.is_high(self.ports.b_valid);
        valid.then(|| self.model.get(self.ports.b_response) as u8)
    }

    #[inline]
    fn r(&self) -> Option<(u32, u8)> {
        let valid = self.model.is_high(self.ports.r_valid);
        let ports = self.ports;
        valid.then(|| {
            (
                self.model.get(ports.r_data) as u32,
                self.model.get(ports.r_response) as u8,
            )
        })
    }
}
