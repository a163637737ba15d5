//! Widths as the pages write them: sums, products and powers over the numbers of a shape.

use goldilane_abi::Shape;
use goldilane_hdl::bootstrap::geometry::Geometry;

/// Value of `text` for a shape.
pub fn value(text: &str, shape: &Shape) -> u64 {
    let mut parser = Parser {
        text: text.trim(),
        shape,
    };
    let value = parser.sum();
    assert!(
        parser.text.is_empty(),
        "{text:?}: {:?} is left",
        parser.text
    );
    value
}

/// Bits that count `0 .. n`, at least one.
fn bits(n: u64) -> u64 {
    u64::from(n.next_power_of_two().trailing_zeros()).max(1)
}

fn common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

/// A number of the shape, or what the index page derives from it.
fn number(name: &str, s: &Shape) -> Option<u64> {
    let of = |n: u32| Some(u64::from(n));
    let line = u64::from(s.memory_ports * s.memory_port_bits / 64);
    let rows = u64::from(s.rows().ilog2());
    let polynomials = bits(u64::from(s.glwe_dimension) + 1);
    match name {
        "P" => of(s.lanes),
        "N" => of(s.polynomial_size),
        "R" => of(s.rows()),
        "k" => of(s.glwe_dimension),
        "l" => of(s.max_pbs_levels),
        "b" => of(s.max_pbs_base_log),
        "S" => of(s.slots),
        "n" => of(s.max_lwe_dimension),
        "Q" => of(s.key_switch_products),
        "H" => of(s.host_bus_bits),
        "C" => of(s.memory_ports),
        "W" => of(s.memory_port_bits),
        "line" => Some(line),
        "beat" => of(s.host_bus_bits.min(512) / 64),
        "row" => Some(rows),
        "poly" => Some(polynomials),
        "slot" => Some(bits(s.slots.into())),
        "fill" => Some(bits(u64::from(s.slots) + 1)),
        "rot" => of(s.polynomial_size.ilog2() + 1),
        "addr" => Some(bits(u64::from(s.slots) << (polynomials + rows))),
        "takes" => Some(Geometry::new(*s).takes() as u64),
        _ => None,
    }
}

struct Parser<'a> {
    text: &'a str,
    shape: &'a Shape,
}

impl Parser<'_> {
    fn take(&mut self, sign: &str) -> bool {
        let found = self.text.strip_prefix(sign);
        self.text = found.unwrap_or(self.text).trim_start();
        found.is_some()
    }

    fn sum(&mut self) -> u64 {
        let mut value = self.product();
        loop {
            if self.take("+") {
                value += self.product();
            } else if self.take("-") {
                value -= self.product();
            } else {
                return value;
            }
        }
    }

    fn product(&mut self) -> u64 {
        let mut value = self.factor();
        loop {
            if self.take("·") {
                value *= self.factor();
            } else if self.take("/") {
                value /= self.factor();
            } else {
                return value;
            }
        }
    }

    fn factor(&mut self) -> u64 {
        if self.take("(") {
            let value = self.sum();
            assert!(self.take(")"), "a bracket is open: {:?}", self.text);
            return value;
        }
        let end = self
            .text
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(self.text.len());
        let (word, rest) = self.text.split_at(end);
        self.text = rest.trim_start();
        if let Ok(value) = word.parse() {
            return value;
        }
        if !self.take("(") {
            return number(word, self.shape).unwrap_or_else(|| panic!("no number {word:?}"));
        }
        let mut arguments = vec![self.sum()];
        while self.take(",") {
            arguments.push(self.sum());
        }
        assert!(self.take(")"), "{word}: a bracket is open");
        match (word, arguments.as_slice()) {
            ("log2", [x]) => x.ilog2().into(),
            ("bits", [x]) => bits(*x),
            ("min", [x, y]) => *x.min(y),
            ("gcd", [x, y]) => common_divisor(*x, *y),
            ("max", [x, y]) => *x.max(y),
            _ => panic!("no function {word:?} of {} numbers", arguments.len()),
        }
    }
}

#[test]
fn expressions_follow_their_rules() {
    let of = |text| value(text, &Shape::TOY);
    assert_eq!(of("(k + 1)·P·64"), 2 * 4 * 64);
    assert_eq!(of("bits(S + 1) - 1"), 1);
    assert_eq!(of("gcd(line, Q / 2) + log2(N)"), 4 + 8);
    assert_eq!([of("addr"), of("rot"), of("row"), of("slot")], [9, 9, 6, 2]);
}
