/** A copy of a value that JSON can hold, of which nothing is shared with it. To parse its text again would take longer. */
export function copyJson<T>(value: T): T
export function copyJson(value: any): unknown {
  if (!isStructure(value)) return value
  if (Array.isArray(value)) return value.map(copyJson)
  const copy = { ...value }
  for (const name of Object.keys(copy)) if (isStructure(copy[name])) copy[name] = copyJson(copy[name])
  return copy
}

const isStructure = (value: unknown): boolean => typeof value === 'object' && value !== null

/** Parses JSON, and freezes all of it. */
export const parseFrozen = (json: string): unknown => JSON.parse(json, (_, value: unknown) => Object.freeze(value))
