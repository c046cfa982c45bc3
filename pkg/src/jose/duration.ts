/** Spans of time and NumericDates as jose spells them. */

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_557_600 }

const NUMBER = /^(?<sign>[+-])? ?(?<amount>\d+(?:\.\d+)?) ?/
const UNIT =
  /^(?<unit>s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|y|yrs?|years?)(?: (?<direction>ago|from now))?$/i

/** The seconds of a span such as `"5 minutes"`, `"-2h"` or `"1 day ago"`. */
export function seconds(span: unknown): number {
  const start = typeof span === 'string' ? NUMBER.exec(span) : null
  const rest = start && UNIT.exec((span as string).slice(start[0].length))
  const { sign, amount } = start?.groups ?? {}
  const { unit, direction } = rest?.groups ?? {}
  const value = unit ? Math.round(Number(amount) * SECONDS[unit[0]!.toLowerCase()]!) : NaN
  if (!Number.isFinite(value) || (sign && direction)) throw new TypeError('Invalid time period format')
  return sign === '-' || direction?.toLowerCase() === 'ago' ? -value : value
}

/** `date` in seconds since the epoch. */
export const epoch = (date: Date): number => Math.floor(date.getTime() / 1000)

/** `value`, which must be finite. */
export function finite(label: string, value: number): number {
  if (!Number.isFinite(value)) throw new TypeError(`Invalid ${label} input`)
  return value
}

/** A NumericDate: of a number, of a `Date`, or of a span from now. */
export function numericDate(label: string, value: unknown): number {
  if (typeof value === 'number') return finite(label, value)
  return value instanceof Date ? finite(label, epoch(value)) : epoch(new Date()) + seconds(value)
}
