/** The URL of the page: is it a callback, what of it must not stay, and where may the access token go. */
import { invalidOption } from '../internal/options.js'

/** The parameters of an Authorization Response (RFC 6749 §4.1.2, RFC 9207, OpenID Connect Session Management §2). */
const RESPONSE_PARAMETERS = ['code', 'state', 'iss', 'session_state', 'error', 'error_description', 'error_uri']

/** The URL of the page; `undefined` where there is none. */
export const currentUrl = (): string | undefined => globalThis.location?.href

/** Refuses an option that is not a URL for the browser to be sent to: absolute, without a fragment (RFC 6749 §3.1.2). */
export function requireDestination(claim: string, url: string | undefined): void {
  if (url === undefined) return
  // The platform's own parser decides: it is the one that will follow the URL.
  const parsed = parse(url)
  if (!parsed || url.includes('#') || ['javascript:', 'data:'].includes(parsed.protocol)) {
    throw invalidOption(claim)
  }
}

/** Whether `url` is an Authorization Response sent to `redirect_uri`. */
export function isCallback(url: string, redirect_uri: string): boolean {
  const { origin, pathname, searchParams } = new URL(url)
  const expected = new URL(redirect_uri)
  return (
    origin === expected.origin &&
    pathname === expected.pathname &&
    searchParams.has('state') &&
    (searchParams.has('code') || searchParams.has('error'))
  )
}

/** The `state` of an Authorization Response, under which its transaction is looked up. */
export const stateOf = (url: string): string | null => new URL(url).searchParams.get('state')

/**
 * Takes the Authorization Response out of the address bar and the history, if the page is still at `url`, and puts `returnTo`
 * in its place when there is one. Gives the URL that the page then has.
 */
export function leaveCallback(url: string, returnTo: string | undefined): string | undefined {
  if (currentUrl() !== url || !globalThis.history) return undefined
  const clean = new URL(returnTo ?? url, url)
  if (returnTo === undefined) for (const name of RESPONSE_PARAMETERS) clean.searchParams.delete(name)
  if (clean.origin === new URL(url).origin) history.replaceState(history.state, '', clean.href)
  return currentUrl()
}

/** The path, query and fragment of `url` when it is of the origin of `page`. */
export function pathOf(url: string, page: string): string | undefined {
  const target = parse(url, page)
  return target?.origin === new URL(page).origin ? target.pathname + target.search + target.hash : undefined
}

/** The origin of `url`, if it is a URL that has one. */
export function originOf(url: string): string | undefined {
  const origin = parse(url)?.origin
  return origin === 'null' ? undefined : origin
}

function parse(url: string, base?: string): URL | undefined {
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}
