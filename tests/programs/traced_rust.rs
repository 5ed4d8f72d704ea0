//! Functions with arguments as Rust passes them, without the standard library. traced_rust.s is what rustc 1.95 makes of it for
//! x86-64, so that the tests need no rustc, with the two parts of names in `.file` joined, as older assemblers want them:
//! rustc --crate-type lib --emit asm -g -C panic=abort -C dwarf-version=4 --remap-path-prefix=$PWD=/src traced_rust.rs
#![no_std]
use core::hint::black_box;

#[derive(Clone, Copy)]
pub struct Point {
    pub x: i64,
    pub y: i32,
}
pub struct Request<'a> {
    pub name: &'a str,
    pub id: u32,
    pub at: Point,
}

#[inline(never)]
pub fn scalars(a: i8, b: u16, c: i32, d: u64, e: bool, f: char) -> i32 {
    black_box(c);
    black_box((a, b, d, e, f));
    c
}

#[inline(never)]
pub fn text(name: &str, bytes: &[u8]) -> u64 {
    black_box(bytes);
    black_box(name);
    77
}

#[inline(never)]
pub fn request(req: &Request, by: Point) -> i32 {
    black_box(req);
    by.y
}

#[no_mangle]
pub extern "C" fn main() -> i32 {
    // Reading it brings its page into memory, where a probe can read it too.
    let name = black_box("hello");
    black_box(unsafe { *name.as_ptr() });
    let first = Request { name, id: 41, at: Point { x: -70000000000, y: 7 } };
    scalars(-5, 65000, -100000, 1 << 40, true, 'x');
    text(name, &[1, 2, 3]);
    request(&first, Point { x: 3, y: 9 });
    0
}
