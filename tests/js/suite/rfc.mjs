// @ts-check
// The examples of the RFCs, letter by letter.

/** @typedef {import('./context.mjs').Case} Case */

/** The claims of RFC 7515 A.1 to A.3 and of RFC 7519 §3.1; they expired in 2011. */
const CLAIMS = { iss: 'joe', exp: 1300819380, 'http://example.com/is_root': true };
const PAYLOAD = 'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';

const EXAMPLES = [
  {
    name: 'RFC 7515 A.1 and RFC 7519 §3.1 (HS256)',
    header: { typ: 'JWT', alg: 'HS256' },
    key: { kty: 'oct', k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow' },
    token: `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${PAYLOAD}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`,
  },
  {
    name: 'RFC 7515 A.2 (RS256)',
    header: { alg: 'RS256' },
    key: {
      kty: 'RSA',
      n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
      e: 'AQAB',
    },
    token: `eyJhbGciOiJSUzI1NiJ9.${PAYLOAD}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw`,
  },
  {
    name: 'RFC 7515 A.3 (ES256)',
    header: { alg: 'ES256' },
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
    token: `eyJhbGciOiJFUzI1NiJ9.${PAYLOAD}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`,
  },
];

/** @type {Case[]} */
const jwts = EXAMPLES.map(({ name, header, key, token }) => ({
  name: `the example of ${name} verifies before it expired, and not after`,
  async run(t) {
    let now = CLAIMS.exp - 1;
    const verifier = await t.createVerifier({ issuer: 'joe', audience: null, key, now: () => now });
    const verified = await verifier.verify(token);
    t.deepEqual(verified.claims, CLAIMS, 'claims');
    t.deepEqual(verified.protectedHeader, header, 'protectedHeader');
    t.deepEqual(t.decodeJwt(token), CLAIMS, 'decodeJwt');
    now = CLAIMS.exp;
    await t.fails(() => verifier.verify(token), { code: 'ERR_JWT_EXPIRED', claim: 'exp', reason: 'mismatch' }, [
      PAYLOAD,
    ]);
  },
}));

/** @type {Case[]} */
export default [
  ...jwts,
  {
    // Its payload is a sentence, so what follows a good signature is ERR_JWT_INVALID.
    name: 'the signature of the example of RFC 8037 A.4 (EdDSA) verifies, and a changed one does not',
    async run(t) {
      const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
      const input = 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc';
      const signature = 'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg';
      const verifier = await t.createVerifier({ audience: null, requireExp: false, key });
      await t.fails(() => verifier.verify(`${input}.${signature}`), { code: 'ERR_JWT_INVALID' }, [signature]);
      await t.fails(
        () => verifier.verify(`${input}.i${signature.slice(1)}`),
        { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' },
        [signature],
      );
      t.deepEqual(t.decodeProtectedHeader(`${input}.${signature}`), { alg: 'EdDSA' }, 'header');
    },
  },
  {
    name: 'the signature of the example of RFC 7515 A.4 (ES512) verifies, and a changed one does not',
    async run(t) {
      const key = {
        kty: 'EC',
        crv: 'P-521',
        x: 'AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk',
        y: 'ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2',
      };
      const signature =
        'AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn';
      const verifier = await t.createVerifier({ audience: null, requireExp: false, key });
      const input = 'eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA';
      await t.fails(() => verifier.verify(`${input}.${signature}`), { code: 'ERR_JWT_INVALID' }, [signature]);
      await t.fails(
        () => verifier.verify(`${input}.AB${signature.slice(2)}`),
        { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' },
        [signature],
      );
    },
  },
  {
    name: 'the unsecured JWT of RFC 7519 §6.1 is refused',
    async run(t) {
      const token = `eyJhbGciOiJub25lIn0.${PAYLOAD}.`;
      for (const { key } of EXAMPLES) {
        const verifier = await t.createVerifier({ audience: null, key, now: () => 0 });
        await t.fails(() => verifier.verify(token), { code: 'ERR_JOSE_ALG_NOT_ALLOWED' });
      }
    },
  },
];
