/** The types of `tollgate/jose`: each accepts what jose's type of the same name accepts. */
import type { CryptoKey } from '../internal/crypto-key.js'

export type { CryptoKey, CryptoKeyStructuralFallback } from '../internal/crypto-key.js'

/** The `alg` of a JWS. Any string is accepted: what a runtime can sign with differs. */
export type JWSAlgorithm =
  | 'HS256'
  | 'HS384'
  | 'HS512'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES256K'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'
  | 'Ed25519'
  | 'ML-DSA-44'
  | 'ML-DSA-65'
  | 'ML-DSA-87'
  | (string & {})

/** The `alg` of a JWE. No JWE is implemented: the type is here for code that names it. */
export type JWEKeyManagementAlgorithm = string & {}

/** The `enc` of a JWE; see `JWEKeyManagementAlgorithm`. */
export type JWEContentEncryptionAlgorithm = string & {}

/** A `kty` (RFC 7518 §6.1, RFC 8037 §2). */
export type JWKKeyType = 'EC' | 'RSA' | 'OKP' | 'AKP' | 'oct' | (string & {})

/** The parameters that a JWK of any type may have (RFC 7517 §4). */
export type JWKParameters = {
  kty?: JWKKeyType
  alg?: JWSAlgorithm | JWEKeyManagementAlgorithm | JWEContentEncryptionAlgorithm
  key_ops?: string[]
  /** WebCrypto's: whether the key may be exported. */
  ext?: boolean
  use?: 'sig' | 'enc' | (string & {})
  x5c?: string[]
  x5t?: string
  'x5t#S256'?: string
  x5u?: string
  kid?: string
}

export interface JWK_OKP_Public extends JWKParameters {
  crv: string
  x: string
}

export interface JWK_OKP_Private extends JWK_OKP_Public {
  d: string
}

export interface JWK_AKP_Public extends JWKParameters {
  alg: string
  pub: string
}

export interface JWK_AKP_Private extends JWK_AKP_Public {
  priv: string
}

export interface JWK_EC_Public extends JWKParameters {
  crv: string
  x: string
  y: string
}

export interface JWK_EC_Private extends JWK_EC_Public {
  d: string
}

export interface JWK_RSA_Public extends JWKParameters {
  e: string
  n: string
}

export interface JWK_RSA_Private extends JWK_RSA_Public {
  d: string
  dp: string
  dq: string
  p: string
  q: string
  qi: string
}

export interface JWK_oct extends JWKParameters {
  k: string
}

/** A JSON Web Key (RFC 7517 §4): public, private or symmetric. */
export type JWK = JWKParameters & {
  crv?: string
  d?: string
  dp?: string
  dq?: string
  e?: string
  k?: string
  n?: string
  p?: string
  q?: string
  qi?: string
  x?: string
  y?: string
  pub?: string
  priv?: string
  oth?: Array<{ d?: string; r?: string; t?: string }>
}

/** A JWK whose members follow from its `kty`. */
export type AnyJWK =
  | (JWK_EC_Private & { kty: 'EC' })
  | (JWK_EC_Public & { kty: 'EC' })
  | (JWK_RSA_Private & { kty: 'RSA' })
  | (JWK_RSA_Public & { kty: 'RSA' })
  | (JWK_OKP_Private & { kty: 'OKP' })
  | (JWK_OKP_Public & { kty: 'OKP' })
  | (JWK_AKP_Private & { kty: 'AKP' })
  | (JWK_AKP_Public & { kty: 'AKP' })
  | (JWK_oct & { kty: 'oct' })

/** A JWK Set (RFC 7517 §5). */
export interface JSONWebKeySet {
  keys: JWK[]
}

/** Node.js's `KeyObject`, as far as a caller's types must know it. */
export interface KeyObject {
  type: string
}

/** A key or a secret. Never a string: a public key in PEM would become a secret. */
export type KeyInput = CryptoKey | KeyObject | JWK | Uint8Array

/** Finds the key for a token. */
export interface GetKeyFunction<IProtectedHeader, IToken, KeyTypes extends KeyInput = KeyInput> {
  (protectedHeader: IProtectedHeader, token: IToken): Promise<KeyTypes> | KeyTypes
}

/** What a function that finds keys may return. */
export type FoundKey<KeyType> = KeyType | KeyObject | JWK

/** Either kind of key that a result holds. */
export type AnyKey = CryptoKey | Uint8Array

/** Header Parameters of JWS and JWE (RFC 7515 §4.1). */
export interface JoseHeaderParameters {
  kid?: string
  x5t?: string
  x5c?: string[]
  x5u?: string
  jku?: string
  jwk?: Omit<JWK, 'd' | 'dp' | 'dq' | 'k' | 'p' | 'q' | 'qi' | 'priv' | 'oth'>
  typ?: string
  cty?: string
}

/** A JWS header (RFC 7515 §4). */
export interface JWSHeaderParameters extends JoseHeaderParameters {
  alg?: JWSAlgorithm
  /** RFC 7797 §3. */
  b64?: boolean
  crit?: string[]
  [propName: string]: unknown
}

/** The header of a compact JWS, which must have an `alg`. */
export interface CompactJWSHeaderParameters extends JWSHeaderParameters {
  alg: JWSAlgorithm
}

/** The header of a signed JWT. */
export interface JWTHeaderParameters extends CompactJWSHeaderParameters {
  b64?: boolean
}

/** A JWE header; see `JWEKeyManagementAlgorithm`. */
export interface JWEHeaderParameters extends JoseHeaderParameters {
  alg?: JWEKeyManagementAlgorithm
  enc?: JWEContentEncryptionAlgorithm
  crit?: string[]
  zip?: 'DEF' | (string & {})
  [propName: string]: unknown
}

/** The header of a compact JWE; see `JWEKeyManagementAlgorithm`. */
export interface CompactJWEHeaderParameters extends JWEHeaderParameters {
  alg: JWEKeyManagementAlgorithm
  enc: JWEContentEncryptionAlgorithm
}

/** What `decodeProtectedHeader` returns: nothing says which of the two it is. */
export type ProtectedHeaderParameters = JWSHeaderParameters & JWEHeaderParameters

/** A flattened JWS (RFC 7515 §7.2.2). With `b64: false` the payload is as it is signed. */
export interface FlattenedJWSInput {
  header?: JWSHeaderParameters
  payload: string | Uint8Array
  protected?: string
  signature: string
}

/** A general JWS (RFC 7515 §7.2.1). */
export interface GeneralJWSInput {
  payload: string | Uint8Array
  signatures: Omit<FlattenedJWSInput, 'payload'>[]
}

/** A flattened JWS that was made. With `b64: false` its payload is empty: it goes its own way. */
export interface FlattenedJWS extends Partial<FlattenedJWSInput> {
  payload: string
  signature: string
}

/** A general JWS that was made. */
export interface GeneralJWS {
  payload: string
  signatures: Omit<FlattenedJWSInput, 'payload'>[]
}

/** The extensions that the application understands. */
export interface CritOption {
  /** Their names; `true` where the extension must be in the protected header (RFC 7515 §4.1.11). */
  crit?: { [propName: string]: boolean }
}

/** How a signature is verified. */
export interface VerifyOptions extends CritOption {
  /** The algorithms that may be used. Default: all that fit the key. */
  algorithms?: JWSAlgorithm[]
}

/** How a signature is made. */
export interface SignOptions extends CritOption {}

/** What the claims must be. A requirement that is set makes its claim mandatory. */
export interface JWTClaimVerificationOptions {
  /** `aud` must be, or contain, one of these. */
  audience?: string | string[]
  /** By how much two honest clocks may differ: seconds, or such as `"5 minutes"`. */
  clockTolerance?: string | number
  /** `iss` must be one of these. */
  issuer?: string | string[]
  /** How long ago `iat` may be: seconds, or such as `"2 hours"`. */
  maxTokenAge?: string | number
  /** `sub` must be this. */
  subject?: string
  /** The `typ` header must be this media type. */
  typ?: string
  /** The time to compare with. Default: now. */
  currentDate?: Date
  /** These claims must be present. */
  requiredClaims?: string[]
}

/** How a JWT is verified. */
export interface JWTVerifyOptions extends VerifyOptions, JWTClaimVerificationOptions {}

/** The members of a JWT Claims Set (RFC 7519 §4.1). */
export interface JWTPayload {
  iss?: string
  sub?: string
  aud?: string | string[]
  jti?: string
  nbf?: number
  exp?: number
  iat?: number
  [propName: string]: unknown
}

/** `never` where a type argument is given that is no object type. */
export type ObjectOnly<T> = [T] extends [object] ? unknown : unknown extends T ? unknown : never

/** A flattened JWS that was verified. */
export interface FlattenedVerifyResult {
  payload: Uint8Array
  protectedHeader?: JWSHeaderParameters
  /** Not signed. */
  unprotectedHeader?: JWSHeaderParameters
}

/** A general JWS of which one signature was verified. */
export interface GeneralVerifyResult extends FlattenedVerifyResult {}

/** A compact JWS that was verified. */
export interface CompactVerifyResult {
  payload: Uint8Array
  protectedHeader: CompactJWSHeaderParameters
}

/** A JWT that was verified. */
export interface JWTVerifyResult<PayloadType = JWTPayload> {
  payload: PayloadType & JWTPayload & ObjectOnly<PayloadType>
  protectedHeader: JWTHeaderParameters
}

/** A result whose payload has an inferred type. */
export type InferredJWTResult<Result, Payload> = Omit<Result, 'payload'> & { payload: Payload & JWTPayload }

/** The key that was found, where a function found it. */
export interface ResolvedKey<KeyType extends AnyKey = AnyKey> {
  key: KeyType
}

/** What makes JWTs. */
export interface ProduceJWT {
  setIssuer(issuer: string): this
  setSubject(subject: string): this
  setAudience(audience: string | string[]): this
  setJti(jwtId: string): this
  /** A number is a NumericDate; a text such as `"5 minutes"` counts from now. */
  setNotBefore(input: number | string | Date): this
  /** As `setNotBefore`. */
  setExpirationTime(input: number | string | Date): this
  /** As `setNotBefore`. Default: now. */
  setIssuedAt(input?: number | string | Date): this
}

export interface CompactVerifyGetKey<KeyType extends AnyKey = AnyKey>
  extends GetKeyFunction<CompactJWSHeaderParameters, FlattenedJWSInput, FoundKey<KeyType>> {}

export interface FlattenedVerifyGetKey<KeyType extends AnyKey = AnyKey>
  extends GetKeyFunction<JWSHeaderParameters, FlattenedJWSInput, FoundKey<KeyType>> {}

export interface GeneralVerifyGetKey<KeyType extends AnyKey = AnyKey>
  extends GetKeyFunction<JWSHeaderParameters, FlattenedJWSInput, FoundKey<KeyType>> {}

export interface JWTVerifyGetKey<KeyType extends AnyKey = AnyKey>
  extends GetKeyFunction<CompactJWSHeaderParameters, FlattenedJWSInput, FoundKey<KeyType>> {}
