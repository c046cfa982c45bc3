// @ts-check
// What a person does at the authorization server: log in, consent, or refuse. Any name may log in; there is no password.

import { readFile } from 'node:fs/promises';
import { consentPage, errorPage, loginPage } from './interaction-pages.mjs';

const STYLE = new URL('authorization-server.css', import.meta.url);
const ACCOUNT_ID = /^[\w.-]{1,64}$/;
const LARGEST_FORM = 10_000;

/**
 * The account of `id`, as oidc-provider wants it.
 * @param {string} id
 */
export function accountOf(id) {
  return {
    accountId: id,
    claims: () => ({
      sub: id,
      name: id.charAt(0).toUpperCase() + id.slice(1),
      preferred_username: id,
      email: `${id}@example.com`,
      email_verified: true,
    }),
  };
}

/**
 * Koa middleware that answers `/interaction/…` before oidc-provider sees the request.
 * @param {any} provider
 * @param {string[]} origins of the clients
 */
export function interactions(provider, origins) {
  // Browsers hold the redirects that follow a form to `form-action` too, and the last one leads to the client.
  const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; base-uri 'none'; "
    + `frame-ancestors 'none'; form-action 'self' ${origins.join(' ')}`;

  return async (/** @type {any} */ context, /** @type {() => Promise<void>} */ next) => {
    context.set('Content-Security-Policy', contentSecurityPolicy);
    context.set('Referrer-Policy', 'no-referrer');
    context.set('X-Content-Type-Options', 'nosniff');
    if (context.path === '/style.css') {
      context.type = 'css';
      context.body = await readFile(STYLE);
    } else if (context.path.startsWith('/interaction/')) {
      context.set('Cache-Control', 'no-store');
      try {
        await interact(provider, context);
      } catch (error) {
        const { statusCode = 500, message, error_description } = /** @type {any} */ (error);
        context.status = statusCode;
        errorPage(context, { error: message, error_description });
      }
    } else {
      await next();
    }
  };
}

/**
 * @param {any} provider
 * @param {any} context
 */
async function interact(provider, context) {
  const interaction = await provider.interactionDetails(context.req, context.res);
  const form = context.method === 'POST' ? await readForm(context.req) : undefined;
  const result = form && await resultOf(provider, interaction, form);
  if (result) {
    context.status = 303;
    context.redirect(await provider.interactionResult(context.req, context.res, result));
    return;
  }
  const { client_name } = (await provider.Client.find(interaction.params.client_id)).metadata();
  context.type = 'html';
  context.body = interaction.prompt.name === 'login'
    ? loginPage({ client_name, login: interaction.params.login_hint ?? 'ada' })
    : consentPage({ client_name, account: interaction.session.accountId, scopes: missingScopes(interaction.prompt.details) });
}

/**
 * What the submitted form means, or undefined when it has to be shown again.
 * @param {any} provider
 * @param {any} interaction
 * @param {URLSearchParams} form
 */
async function resultOf(provider, { prompt, params, session, grantId }, form) {
  if (form.get('answer') === 'cancel') {
    return { error: 'access_denied', error_description: 'The user refused' };
  }
  if (prompt.name === 'login') {
    const accountId = form.get('login') ?? '';
    return ACCOUNT_ID.test(accountId) ? { login: { accountId } } : undefined;
  }
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  const { missingOIDCScope = [], missingOIDCClaims = [], missingResourceScopes = {} } = prompt.details;
  grant.addOIDCScope(missingOIDCScope.join(' '));
  grant.addOIDCClaims(missingOIDCClaims);
  for (const [resource, scopes] of Object.entries(missingResourceScopes)) {
    grant.addResourceScope(resource, scopes.join(' '));
  }
  return { consent: { grantId: await grant.save() } };
}

/**
 * @param {{ missingOIDCScope?: string[], missingResourceScopes?: Record<string, string[]> }} details
 */
function missingScopes({ missingOIDCScope = [], missingResourceScopes = {} }) {
  return [...new Set([...missingOIDCScope, ...Object.values(missingResourceScopes).flat()])];
}

/** @param {import('node:http').IncomingMessage} request */
async function readForm(request) {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk;
    if (body.length > LARGEST_FORM) throw new Error('The form is too large');
  }
  return new URLSearchParams(body);
}
