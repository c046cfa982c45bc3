// The types of `tollgate/jose` beside those of jose, both ways: compiled by `types.test.mjs`, never run.
import * as npm from 'jose';
import * as ours from 'tollgate/jose';

type FunctionName =
  | 'calculateJwkThumbprint'
  | 'calculateJwkThumbprintUri'
  | 'compactVerify'
  | 'createLocalJWKSet'
  | 'decodeJwt'
  | 'decodeProtectedHeader'
  | 'EmbeddedJWK'
  | 'exportJWK'
  | 'exportPKCS8'
  | 'exportSPKI'
  | 'flattenedVerify'
  | 'generalVerify'
  | 'generateKeyPair'
  | 'generateSecret'
  | 'importJWK'
  | 'importPKCS8'
  | 'importSPKI'
  | 'importX509'
  | 'jwtVerify';
type Other = 'base64url' | 'cryptoRuntime';
type Jwe = 'compactDecrypt' | 'flattenedDecrypt' | 'generalDecrypt' | 'jwtDecrypt';

// Code for jose compiles with ours, and what is made for ours is good for jose.
export const forward: Pick<typeof npm, FunctionName | Other | Jwe> = ours;
export const backward: Pick<typeof ours, FunctionName | Other> = npm;

type Mutual<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Of<F> = F extends (...parameters: infer P) => unknown ? P : F;
type SameParameters<A, B> = { [K in keyof A]: K extends keyof B ? Mutual<Of<A[K]>, Of<B[K]>> : false }[keyof A];
const same = <_ extends true>(): void => {};

// Each class has a private field of its own, so no instance is one of the other: their methods are compared instead.
same<SameParameters<npm.SignJWT, ours.SignJWT>>();
same<SameParameters<npm.CompactSign, ours.CompactSign>>();
same<SameParameters<npm.FlattenedSign, ours.FlattenedSign>>();
same<SameParameters<npm.GeneralSign, ours.GeneralSign>>();
same<SameParameters<npm.Signature, ours.Signature>>();
same<SameParameters<Pick<npm.UnsecuredJWT, keyof npm.ProduceJWT | 'encode'>, ours.UnsecuredJWT>>();
same<Mutual<ConstructorParameters<typeof npm.SignJWT>, ConstructorParameters<typeof ours.SignJWT>>>();
same<Mutual<ConstructorParameters<typeof npm.UnsecuredJWT>, ConstructorParameters<typeof ours.UnsecuredJWT>>>();
same<Mutual<ConstructorParameters<typeof npm.CompactSign>, ConstructorParameters<typeof ours.CompactSign>>>();
same<Mutual<ConstructorParameters<typeof npm.FlattenedSign>, ConstructorParameters<typeof ours.FlattenedSign>>>();
same<Mutual<ConstructorParameters<typeof npm.GeneralSign>, ConstructorParameters<typeof ours.GeneralSign>>>();
same<Mutual<typeof npm.UnsecuredJWT.decode, typeof ours.UnsecuredJWT.decode>>();
same<Mutual<Awaited<ReturnType<npm.SignJWT['sign']>>, Awaited<ReturnType<ours.SignJWT['sign']>>>>();
same<Mutual<Awaited<ReturnType<npm.FlattenedSign['sign']>>, Awaited<ReturnType<ours.FlattenedSign['sign']>>>>();
same<Mutual<Awaited<ReturnType<npm.GeneralSign['sign']>>, Awaited<ReturnType<ours.GeneralSign['sign']>>>>();

// Errors: the classes, what they are made of, and what tells them apart.
export const errors: typeof npm.errors = ours.errors;
export const errorsBack: typeof ours.errors = npm.errors;
same<Mutual<npm.errors.JOSEErrorCode, ours.errors.JOSEErrorCode>>();
same<Mutual<npm.errors.AnyJOSEError, ours.errors.AnyJOSEError>>();
same<Mutual<npm.errors.JWTClaimValidationError, ours.errors.JWTClaimValidationError>>();
same<Mutual<npm.errors.JWTClaimValidationReason, ours.errors.JWTClaimValidationReason>>();

// Types that code names.
same<Mutual<npm.AnyJWK, ours.AnyJWK>>();
same<Mutual<npm.CompactJWEHeaderParameters, ours.CompactJWEHeaderParameters>>();
same<Mutual<npm.CompactJWSHeaderParameters, ours.CompactJWSHeaderParameters>>();
same<Mutual<npm.CompactVerifyGetKey, ours.CompactVerifyGetKey>>();
same<Mutual<npm.CompactVerifyResult, ours.CompactVerifyResult>>();
same<Mutual<npm.CritOption, ours.CritOption>>();
same<Mutual<npm.CryptoKey, ours.CryptoKey>>();
same<Mutual<npm.ExportedJWKSCache, ours.ExportedJWKSCache>>();
same<Mutual<npm.FetchImplementation, ours.FetchImplementation>>();
same<Mutual<npm.FlattenedJWS, ours.FlattenedJWS>>();
same<Mutual<npm.FlattenedJWSInput, ours.FlattenedJWSInput>>();
same<Mutual<npm.FlattenedVerifyGetKey, ours.FlattenedVerifyGetKey>>();
same<Mutual<npm.FlattenedVerifyResult, ours.FlattenedVerifyResult>>();
same<Mutual<npm.GeneralJWS, ours.GeneralJWS>>();
same<Mutual<npm.GeneralJWSInput, ours.GeneralJWSInput>>();
same<Mutual<npm.GeneralVerifyGetKey, ours.GeneralVerifyGetKey>>();
same<Mutual<npm.GenerateKeyPairAlgorithm, ours.GenerateKeyPairAlgorithm>>();
same<Mutual<npm.GenerateKeyPairOptions, ours.GenerateKeyPairOptions>>();
same<Mutual<npm.GenerateKeyPairResult, ours.GenerateKeyPairResult>>();
same<Mutual<npm.GenerateSecretAlgorithm, ours.GenerateSecretAlgorithm>>();
same<Mutual<npm.GenerateSecretOptions, ours.GenerateSecretOptions>>();
same<Mutual<npm.GetKeyFunction<1, 2>, ours.GetKeyFunction<1, 2>>>();
same<Mutual<npm.JoseHeaderParameters, ours.JoseHeaderParameters>>();
same<Mutual<npm.JSONWebKeySet, ours.JSONWebKeySet>>();
same<Mutual<npm.JWEContentEncryptionAlgorithm, ours.JWEContentEncryptionAlgorithm>>();
same<Mutual<npm.JWEHeaderParameters, ours.JWEHeaderParameters>>();
same<Mutual<npm.JWEKeyManagementAlgorithm, ours.JWEKeyManagementAlgorithm>>();
same<Mutual<npm.JWK, ours.JWK>>();
same<Mutual<npm.JWK_AKP_Private, ours.JWK_AKP_Private>>();
same<Mutual<npm.JWK_AKP_Public, ours.JWK_AKP_Public>>();
same<Mutual<npm.JWK_EC_Private, ours.JWK_EC_Private>>();
same<Mutual<npm.JWK_EC_Public, ours.JWK_EC_Public>>();
same<Mutual<npm.JWK_oct, ours.JWK_oct>>();
same<Mutual<npm.JWK_OKP_Private, ours.JWK_OKP_Private>>();
same<Mutual<npm.JWK_OKP_Public, ours.JWK_OKP_Public>>();
same<Mutual<npm.JWK_RSA_Private, ours.JWK_RSA_Private>>();
same<Mutual<npm.JWK_RSA_Public, ours.JWK_RSA_Public>>();
same<Mutual<npm.JWKKeyType, ours.JWKKeyType>>();
same<Mutual<npm.JWKParameters, ours.JWKParameters>>();
same<Mutual<npm.JWKSCacheInput, ours.JWKSCacheInput>>();
same<Mutual<npm.JWSAlgorithm, ours.JWSAlgorithm>>();
same<Mutual<npm.JWSHeaderParameters, ours.JWSHeaderParameters>>();
same<Mutual<npm.JWTClaimVerificationOptions, ours.JWTClaimVerificationOptions>>();
same<Mutual<npm.JWTHeaderParameters, ours.JWTHeaderParameters>>();
same<Mutual<npm.JWTPayload, ours.JWTPayload>>();
same<Mutual<npm.JWTVerifyGetKey, ours.JWTVerifyGetKey>>();
same<Mutual<npm.JWTVerifyOptions, ours.JWTVerifyOptions>>();
same<Mutual<npm.JWTVerifyResult, ours.JWTVerifyResult>>();
same<Mutual<npm.KeyImportOptions, ours.KeyImportOptions>>();
same<Mutual<npm.KeyInput, ours.KeyInput>>();
same<Mutual<npm.KeyObject, ours.KeyObject>>();
same<Mutual<npm.LocalJWKSet, ours.LocalJWKSet>>();
same<Mutual<npm.ProduceJWT['setIssuedAt'], ours.ProduceJWT['setIssuedAt']>>();
same<Mutual<npm.ProtectedHeaderParameters, ours.ProtectedHeaderParameters>>();
same<Mutual<npm.RemoteJWKSet, ours.RemoteJWKSet>>();
same<Mutual<npm.ResolvedKey, ours.ResolvedKey>>();
same<Mutual<npm.SignOptions, ours.SignOptions>>();
same<Mutual<npm.UnsecuredResult, ours.UnsecuredResult>>();
same<Mutual<npm.VerifyOptions, ours.VerifyOptions>>();

// The symbols are each module's own, so the options that have them are compared without.
type Plain<T> = { [K in keyof T as K extends symbol ? never : K]: T[K] };
same<Mutual<Plain<npm.RemoteJWKSetOptions>, Plain<ours.RemoteJWKSetOptions>>>();
export const remote: ours.RemoteJWKSet = ours.createRemoteJWKSet(new URL('https://issuer.example'), {
  [ours.customFetch]: (url, options) => fetch(url, options),
  [ours.jwksCache]: {},
  cacheMaxAge: Infinity,
});

// As people write it.
interface Mine {
  admin: boolean;
}
const { payload, protectedHeader, key } = await ours.jwtVerify<Mine>('', remote, { issuer: 'i', audience: ['a'] });
export const admin: boolean = payload.admin;
export const sub: string | undefined = payload.sub;
export const alg: string = protectedHeader.alg;
export const cryptoKey: ours.CryptoKey | Uint8Array = key;
export const secret: Uint8Array = await ours.importJWK({ kty: 'oct', k: '' });
export const jwt: string = await new ours.SignJWT({ admin }).setProtectedHeader({ alg: 'ES256' }).setExpirationTime('2h').sign(cryptoKey);
export const decoded: Mine = ours.decodeJwt<Mine>(jwt);

// @ts-expect-error: a text is no secret
await ours.jwtVerify('', 'secret');
// @ts-expect-error: a JWT has an alg
new ours.SignJWT().setProtectedHeader({});
// @ts-expect-error: there is no such option
await ours.jwtVerify('', secret, { issuers: [] });
