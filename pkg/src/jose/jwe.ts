/** jose's names for JWE. There is no JWE here: a call says so, and an import of the names still links. */
import { JOSENotSupported } from './errors.js'

function refuse(): never {
  throw new JOSENotSupported('JWE is not supported by tollgate/jose')
}

type Refusing = (...parameters: any[]) => Promise<never>

export const compactDecrypt: Refusing = async () => refuse()
export const flattenedDecrypt: Refusing = async () => refuse()
export const generalDecrypt: Refusing = async () => refuse()
export const jwtDecrypt: Refusing = async () => refuse()

class Refused {
  constructor(..._: any[]) {
    refuse()
  }
}

export class CompactEncrypt extends Refused {}
export class FlattenedEncrypt extends Refused {}
export class GeneralEncrypt extends Refused {}
export class EncryptJWT extends Refused {}
