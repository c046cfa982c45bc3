// @ts-check
// Why lines about JWE have no tests.

export const JWE = 'JWE is not built: tollgate/jose refuses its functions with ERR_JOSE_NOT_SUPPORTED';
