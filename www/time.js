// @ts-check
// Moments and durations, in words.

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const distance = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [['year', 31_557_600], ['month', 2_629_800], ['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1]];

/** Seconds since the epoch. */
export function now() {
  return Math.floor(Date.now() / 1000);
}

/**
 * A NumericDate (RFC 7519 §2) as a person says it, or undefined when it is none.
 * @param {unknown} value
 */
export function describeDate(value) {
  if (typeof value !== 'number' || Number.isNaN(new Date(value * 1000).getTime())) return undefined;
  return `${moment.format(value * 1000)}, ${fromNow(value)}`;
}

/** @param {number} seconds since the epoch */
function fromNow(seconds) {
  const difference = Math.round(seconds - Date.now() / 1000);
  if (difference === 0) return 'now';
  const [unit, length] = UNITS.find(([, size]) => Math.abs(difference) >= size) ?? ['second', 1];
  return distance.format(Math.trunc(difference / length), unit);
}

/**
 * A duration as on a clock: 4:05.
 * @param {number} seconds
 */
export function countdown(seconds) {
  const left = Math.max(0, seconds);
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
}
