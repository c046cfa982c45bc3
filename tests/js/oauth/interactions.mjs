// @ts-check
// Login and consent at `oidc-provider`. Any name may log in, and gets the authentication context that was asked for.

import { consentPage, loginPage, page, readForm } from './pages.mjs';

/** The authentication contexts on offer (OpenID EAP ACR values), the first without being asked for. */
export const ACR_VALUES = ['pwd', 'phr', 'phrh'];

/** @param {string} id */
export const accountOf = (id) => ({
  accountId: id,
  claims: () => ({
    sub: id,
    name: id.charAt(0).toUpperCase() + id.slice(1),
    preferred_username: id,
    email: `${id}@example.com`,
    email_verified: true,
  }),
});

/** The user who is not known. */
export const STRANGER = 'nobody';

/** Koa middleware that answers `/interaction/…`. @param {any} provider */
export const interactions = (provider) => async (/** @type {any} */ context, /** @type {() => Promise<void>} */ next) => {
  if (!context.path.startsWith('/interaction/')) return next();
  const interaction = await provider.interactionDetails(context.req, context.res);
  if (context.method === 'POST') {
    const result = await resultOf(provider, interaction, await readForm(context.req));
    context.status = 303;
    context.redirect(await provider.interactionResult(context.req, context.res, result));
    return undefined;
  }
  const { prompt, params } = interaction;
  context.type = 'html';
  context.body = prompt.name === 'login' ? loginPage(context.path) : consentPage(context.path, params.scope ?? '');
  return undefined;
};

/** @param {any} provider @param {any} interaction @param {URLSearchParams} form */
async function resultOf(provider, { prompt, params, session, grantId }, form) {
  if (form.get('answer') === 'refuse') return { error: 'access_denied', error_description: 'The user refused' };
  if (prompt.name === 'login') {
    const acr = requestedContexts(params).find((value) => ACR_VALUES.includes(value)) ?? ACR_VALUES[0];
    return { login: { accountId: form.get('login'), acr, amr: [acr === 'pwd' ? 'pwd' : 'hwk'] } };
  }
  const grant = (await provider.Grant.find(grantId)) ?? new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  const { missingOIDCScope = [], missingOIDCClaims = [], missingResourceScopes = {}, rar = [] } = prompt.details;
  grant.addOIDCScope(missingOIDCScope.join(' '));
  grant.addOIDCClaims(missingOIDCClaims);
  for (const [resource, scopes] of Object.entries(missingResourceScopes)) grant.addResourceScope(resource, scopes.join(' '));
  for (const detail of rar) grant.addRar(detail);
  return { consent: { grantId: await grant.save() } };
}

/** By `acr_values` or the `claims` parameter (OpenID Connect Core §5.5.1.1). @param {any} params @returns {string[]} */
function requestedContexts({ acr_values = '', claims = '{}' }) {
  const { value, values = [] } = JSON.parse(claims).id_token?.acr ?? {};
  return [...acr_values.split(' '), value, ...values];
}

/** A button of a form that stands elsewhere on the page. @param {string} form its id @param {string} attributes @param {string} label */
const button = (form, attributes, label) => `<button form="op.${form}" ${attributes}>${label}</button>`;

/** The other pages of `oidc-provider`, by the name of their option. */
export const pages = {
  deviceFlow: {
    userCodeInputSource: (/** @type {any} */ context, /** @type {string} */ form) => show(context, form),
    userCodeConfirmSource: (/** @type {any} */ context, /** @type {string} */ form) =>
      show(context, form + button('deviceConfirmForm', '', 'Continue') + button('deviceConfirmForm', 'name="abort" value="yes"', 'Abort')),
    successSource: (/** @type {any} */ context) => show(context, '<p>Signed in</p>'),
  },
  logout: {
    logoutSource: (/** @type {any} */ context, /** @type {string} */ form) =>
      show(context, form + button('logoutForm', 'name="logout" value="yes"', 'Log out')),
    postLogoutSuccessSource: (/** @type {any} */ context) => show(context, '<p>Logged out</p>'),
  },
  renderError: (/** @type {any} */ context, /** @type {Record<string, string>} */ out) => {
    context.type = 'json';
    context.body = out;
  },
};

/** @param {any} context @param {string} content */
function show(context, content) {
  context.type = 'html';
  context.body = page(content);
}
