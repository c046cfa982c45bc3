// @ts-check
// Mutual TLS without TLS: the certificate of the client in a header, as a proxy passes it on to the server behind it.

/** Carries the certificate, as URL-encoded PEM. */
export const CERTIFICATE_HEADER = 'x-client-certificate';

/** A `fetch` that shows a certificate, as one with mutual TLS would. @param {string} certificate PEM @param {typeof fetch} [inner] */
export function fetchWithCertificate(certificate, inner = fetch) {
  /** @type {typeof fetch} */
  const shows = async (input, init) => {
    const request = new Request(input, init);
    request.headers.set(CERTIFICATE_HEADER, encodeURIComponent(certificate));
    return inner(request);
  };
  return Object.assign(shows, { certificate });
}
