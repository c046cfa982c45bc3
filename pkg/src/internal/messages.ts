/** What the codes say. Those that only some entries raise come with these: nobody else need download them. */
import { VERIFY_MESSAGES, type ErrorCode } from '../generated/errors.js'

/** In the order of the numbers by which the wasm names the codes. */
const messages: Partial<Record<ErrorCode, string>> = { ...VERIFY_MESSAGES }
let codes = /* @__PURE__ */ Object.keys(messages)

/** Adds what the codes say that come next. */
export function addMessages(next: Partial<Record<ErrorCode, string>>): void {
  codes = Object.keys(Object.assign(messages, next))
}

/** What `code` says. */
export const messageOf = (code: ErrorCode): string => messages[code] ?? code

/** The code that the wasm calls `number`. */
export const codeOf = (number: number): ErrorCode => codes[number] as ErrorCode
