//! What C hands over, checked as far as a pointer can be and made into slices. Whether memory is really there only the
//! caller knows: every `unsafe fn` here passes on what the header asks of him.
#![allow(
    unsafe_code,
    reason = "pointers of another language are dereferenced here"
)]

use std::ffi::{CStr, c_char};

use crate::status::{Failure, Result, Status};

fn check<T>(pointer: *const T, name: &str) -> Result<()> {
    if pointer.is_null() {
        let text = format!("{name} is a null pointer");
        return Err(Failure::new(Status::NullPointer, text));
    }
    if !pointer.is_aligned() {
        let text = format!("{name} is not aligned to {} bytes", align_of::<T>());
        return Err(Failure::new(Status::BadArgument, text));
    }
    Ok(())
}

/// A structure.
///
/// # Safety
/// Not null means that it stands there, unchanged while `'a` lasts.
pub unsafe fn reference<'a, T>(pointer: *const T, name: &str) -> Result<&'a T> {
    check(pointer, name)?;
    // SAFETY: aligned, not null; the rest is the caller's word.
    Ok(unsafe { &*pointer })
}

/// An array.
///
/// # Safety
/// Not null means that `count` elements stand there, unchanged while `'a` lasts.
pub unsafe fn slice<'a, T>(pointer: *const T, count: usize, name: &str) -> Result<&'a [T]> {
    check(pointer, name)?;
    check_count::<T>(count, name)?;
    // SAFETY: aligned, not null, not larger than an object can be; the rest is the caller's word.
    Ok(unsafe { std::slice::from_raw_parts(pointer, count) })
}

fn check_count<T>(count: usize, name: &str) -> Result<()> {
    let possible = count
        .checked_mul(size_of::<T>())
        .is_some_and(|bytes| isize::try_from(bytes).is_ok());
    if possible {
        Ok(())
    } else {
        let text = format!("{name}: no memory holds {count} elements");
        Err(Failure::new(Status::WrongSize, text))
    }
}

/// A text.
///
/// # Safety
/// Not null means that a text stands there that a zero byte ends, unchanged while `'a` lasts.
pub unsafe fn text<'a>(pointer: *const c_char, name: &str) -> Result<&'a str> {
    check(pointer, name)?;
    // SAFETY: not null; the rest is the caller's word.
    let text = unsafe { CStr::from_ptr(pointer) };
    text.to_str()
        .map_err(|_| Failure::new(Status::BadArgument, format!("{name} is not UTF-8")))
}

/// A place of the caller that a result goes to.
pub struct Place<T> {
    start: *mut T,
    count: usize,
}

impl<T: Copy> Place<T> {
    /// A place for one value.
    ///
    /// # Safety
    /// Not null means that one may write there while the place lives.
    pub unsafe fn one(pointer: *mut T, name: &str) -> Result<Self> {
        // SAFETY: the caller's word, passed on.
        unsafe { Self::many(pointer, 1, name) }
    }

    /// A place for an array.
    ///
    /// # Safety
    /// Not null means that one may write `count` elements there while the place lives.
    pub unsafe fn many(pointer: *mut T, count: usize, name: &str) -> Result<Self> {
        check(pointer.cast_const(), name)?;
        check_count::<T>(count, name)?;
        Ok(Self {
            start: pointer,
            count,
        })
    }

    /// Writes as many of the values as there is room for.
    pub fn write(&self, values: &[T]) {
        let count = values.len().min(self.count);
        // SAFETY: `one` and `many` promise the place; nobody has a reference to it, and the values are a slice of their own
        // or of another place of the same caller: `copy` bears that they overlap.
        unsafe { std::ptr::copy(values.as_ptr(), self.start, count) };
    }
}
