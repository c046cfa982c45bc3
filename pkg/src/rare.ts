/** The module of the rare algorithms, which stands in a file of its own: it is fetched where a key needs it. */
import wasm from './generated/rare/inline.js'
import { inline } from './internal/wasm.js'
import { loadRare } from './verify/rare.js'

export const rare = () => loadRare(/* @__PURE__ */ inline(wasm))
