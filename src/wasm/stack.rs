//! How much of the engine's stack is left. It is not that of the module in its memory, and only the engine knows where it ends: it
//! looks at each call whether the frame of the function called has room.

use core::sync::atomic::{AtomicU32, Ordering};
use wasm_bindgen::prelude::wasm_bindgen;

/// What the compilers cannot foresee.
static CALLS: AtomicU32 = AtomicU32::new(0);

/// Goes down by `levels` frames of 2 kB or more and comes back, if the stack has room for them; else the engine throws. Nothing
/// is left undone then: this touches nothing but a counter. The levels should be few: of more than 16 to 32 calls within each
/// other, a processor does not foresee where they return to.
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
        u32::MAX => hold_256(|| 0),
        _ => descend(levels.wrapping_sub(1)).rotate_left(1),
    }
}

/// Holds on to as many values as there are letters until it has the rest: how far each is shifted is known only then.
macro_rules! held {
    ($rest:expr;) => {
        $rest
    };
    ($rest:expr; $value:ident $($others:ident)*) => {
        descend(0).wrapping_shl(held!($rest; $($others)*) as u32)
    };
}

/// Holds on to sixteen values during `rest`.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "all that counts is that nobody knows the number")]
fn hold_16(rest: impl FnOnce() -> u64) -> u64 {
    held!(rest(); a b c d e f g h i j k l m n o p)
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
    hold_32: hold_16,
    hold_64: hold_32,
    hold_128: hold_64,
    hold_256: hold_128,
}
