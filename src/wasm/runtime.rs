//! What `no_std` on wasm32 needs from us: an allocator and a panic handler. Without `std` the module is 9.5 kB smaller.

use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};

#[global_allocator]
static ALLOCATOR: WasmDynamicTalc = new_wasm_dynamic_allocator();

// serde brings `std` into the build of `inspect`, and that brings its own.
#[cfg(not(feature = "inspect"))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
