/** The wasm module of the protocol, and how its flows are driven. */
import { verifies, type SignatureFallback } from '../client/signature.js'
import { CLIENT_MESSAGES, OAUTH_MESSAGES } from '../generated/errors.js'
import {
  discover as discoverFlow,
  dpopProof as dpopProofFlow,
  type Flow,
  initSync,
  Nonces,
  parseChallenges,
  resourceMetadata as resourceMetadataFlow,
  Server,
} from '../generated/oauth/tollgate_oauth.js'
import { errorFromCore, thrownByCore } from '../internal/core-error.js'
import { drive, Next, type Transport } from '../internal/exchange.js'
import { parseFrozen } from '../internal/json.js'
import { addMessages } from '../internal/messages.js'
import { invalidOption, optionsJson, readClock, requirePlain, requireType, transport } from '../internal/options.js'
import { requireStack } from '../internal/stack.js'
import type { WasmSource } from '../internal/wasm.js'
import { clientSigner, dpopSigner, publicJwkOf, signatureOf, type Signer } from './keys.js'
import { sleep } from './sleep.js'
import type { Challenge, DpopProofParameters, ProtectedResourceMetadata } from './resource-types.js'
import type { CallOptions, CryptoKeyPair, OAuthClient, ServerMetadata } from './types.js'

let source: WasmSource | undefined
let fallback: SignatureFallback | undefined
let loaded = false

/**
 * Says where the modules come from, and returns `value`. An entry exports what this returns: so a bundler that keeps an
 * export keeps the module, and one that keeps none keeps nothing.
 */
export function provide<T>(wasm: WasmSource, signatures: SignatureFallback | undefined, value: T): T {
  if (!source) addMessages({ ...CLIENT_MESSAGES, ...OAUTH_MESSAGES })
  source = wasm
  fallback = signatures
  return value
}

/** Every call into the module that is made at whatever depth the caller is comes after this. */
function load(): void {
  requireStack()
  if (!loaded) initSync({ module: source!() })
  loaded = true
}

/** What was learned of each server, for as long as its metadata is in use. */
const servers = new WeakMap<ServerMetadata, Server>()

function serverOf(metadata: ServerMetadata): Server {
  let server = servers.get(metadata)
  if (!server) {
    if (typeof metadata !== 'object' || metadata === null) throw new TypeError('`server` must be an object')
    load()
    server = new Server(JSON.stringify(metadata))
    const error = server.error()
    if (error !== undefined) {
      server.free()
      throw errorFromCore(error)
    }
    servers.set(metadata, server)
  }
  return server
}

/** The names of headers that the protocol alone sets. */
const RESERVED = ['authorization', 'dpop', 'content-type', 'accept']

/** How requests are sent. An option that nobody reads would be given in vain. */
export function transportOf(options: CallOptions): Transport {
  requirePlain(options)
  const { signal, headers = {}, fetch, now, timeout, ...others } = options
  const [unknown] = Object.entries(others).find(([, value]) => value !== undefined) ?? []
  if (unknown !== undefined) throw invalidOption(unknown, 'mismatch')
  requirePlain(headers)
  const reserved = Object.keys(headers).find((name) => RESERVED.includes(name.toLowerCase()))
  if (reserved !== undefined) throw new TypeError(`the header \`${reserved}\` is set by the protocol`)
  const plain = transport({ fetch, now, timeout }, signal)
  return { ...plain, now: () => readClock(plain), headers: Object.entries(headers) }
}

/**
 * The result of the flow `name` of `client` at `server`. `parameters` are as the core takes them; what is `undefined` of them is
 * left out.
 *
 * @throws TollgateError as the flow says
 */
export async function call<T>(
  name: string,
  server: ServerMetadata,
  client: OAuthClient,
  parameters: object,
  options: CallOptions = {},
): Promise<T> {
  requireClient(client)
  const network = transportOf(options)
  const core = serverOf(server)
  const { json, signer, dpop } = await registered(client)
  const flow = core.flow(name, json, optionsJson(parameters, true), entropy())
  return run<T>(flow, network, signer, dpop)
}

function requireClient(client: OAuthClient): void {
  if (typeof client !== 'object' || client === null) throw new TypeError('`client` must be an object')
  requirePlain(client)
}

const entropy = () => crypto.getRandomValues(new Uint8Array(32))

/** The client as the core takes it, and the keys that it does not. */
async function registered(client: OAuthClient): Promise<{ json: string; signer: Signer | undefined; dpop: CryptoKeyPair | undefined }> {
  const { privateKey, dpop, ...metadata } = client
  const signer = clientSigner(client)
  const json = optionsJson(
    {
      ...metadata,
      ...(privateKey && client.client_secret === undefined && {
        token_endpoint_auth_method: client.token_endpoint_auth_method ?? 'private_key_jwt',
      }),
      ...(signer && { signing_alg: signer.alg, kid: signer.kid }),
      ...(dpop && { dpop: { alg: dpopSigner(dpop).alg, jwk: await publicJwkOf(dpop) } }),
    },
    true,
  )
  return { json, signer, dpop }
}

/** A DPoP proof. */
export async function proofOf(client: OAuthClient, parameters: DpopProofParameters, options: CallOptions): Promise<string> {
  requireClient(client)
  const network = transportOf(options)
  load()
  const { json, signer, dpop } = await registered(client)
  const flow = dpopProofFlow(json, optionsJson(parameters, true), entropy())
  return (await run<{ proof: string }>(flow, network, signer, dpop)).proof
}

/** The nonces of resource servers, none yet. */
export function newNonces(): Nonces {
  load()
  return new Nonces()
}

/** The challenges in `header`. */
export function challengesOf(header: string): readonly Challenge[] {
  if (typeof header !== 'string') throw new TypeError('the challenges must be a string or a Response')
  load()
  try {
    return parseFrozen(parseChallenges(header)) as readonly Challenge[]
  } catch (thrown) {
    throw thrownByCore(thrown)
  }
}

/** The metadata of a protected resource, at `url` if that is given. */
export async function resourceMetadataOf(
  resource: string,
  url: string | undefined,
  options: CallOptions,
): Promise<ProtectedResourceMetadata> {
  requireType('resource_metadata', url, 'string')
  const network = transportOf(options)
  load()
  return run(resourceMetadataFlow(resource, url), network)
}

/** The result of discovery. */
export async function discovered(issuer: string, options: CallOptions = {}): Promise<ServerMetadata> {
  if (typeof issuer !== 'string') throw new TypeError('`issuer` must be a string')
  const network = transportOf(options)
  load()
  return run(discoverFlow(issuer), network)
}

async function run<T>(flow: Flow, network: Transport, signer?: Signer, dpop?: CryptoKeyPair): Promise<T> {
  try {
    const result = await drive(flow, network, {
      [Next.VerifySignature]: async (check) => flow.verified(network.now(), await verifies(check, fallback)),
      [Next.Sign]: async ({ key, signingInput }) => {
        const signature = await signatureOf(key === 'dpop' ? dpopSigner(dpop!) : signer!, signingInput)
        return flow.signed(network.now(), signature)
      },
      [Next.Wait]: async ({ seconds }) => {
        await sleep(seconds, network.signal)
        return flow.waited(network.now())
      },
    })
    return parseFrozen(result) as T
  } finally {
    flow.free()
  }
}

/** The members of an answer that are there: `null` is how some servers leave one out. */
export function membersOf<T extends object>(answer: T): T {
  return Object.freeze(Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== null))) as T
}
