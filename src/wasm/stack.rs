//! How much of the engine's stack is left. It is not that of the module in its memory, and only the engine knows where it ends: it
//! looks at each call whether the frame of the function called has room.

use core::sync::atomic::{AtomicU32, Ordering};
use wasm_bindgen::prelude::wasm_bindgen;

/// What the compilers cannot foresee.
static CALLS: AtomicU32 = AtomicU32::new(0);

/// Goes down by `levels` frames of 512 bytes or more and comes back, if the stack has room for them; else the engine throws. Nothing
/// is left undone then: this touches nothing but a counter.
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn require_stack(levels: u32) {
    descend(levels);
}

/// The frame is so large for what it would hold at the level that nobody asks for. To make it costs nothing.
#[inline(never)]
fn descend(levels: u32) -> u64 {
    match levels {
        0 => CALLS.fetch_add(1, Ordering::Relaxed).into(),
        u32::MAX => hold_64(|| 0),
        _ => descend(levels.wrapping_sub(1)).rotate_left(1),
    }
}

/// Holds on to four values during `rest`: each is used twice, so that none is computed where it is used.
#[inline(always)]
fn hold_4(rest: impl FnOnce() -> u64) -> u64 {
    let held = [descend(0), descend(0), descend(0), descend(0)];
    let mix = |sum: u64, value: u64| (sum ^ value).wrapping_add(value);
    let [one, two, three, four] = held;
    mix(mix(mix(mix(rest(), four), three), two), one)
}

macro_rules! twice {
    ($($name:ident: $half:ident,)+) => {
        $(#[inline(always)]
        fn $name(rest: impl FnOnce() -> u64) -> u64 {
            $half(|| $half(rest))
        })+
    };
}

twice! {
    hold_8: hold_4,
    hold_16: hold_8,
    hold_32: hold_16,
    hold_64: hold_32,
}
