// @ts-check
// The user of CIBA, with an authentication device that no browser is part of.

import { ACR_VALUES, STRANGER } from './interactions.mjs';

/**
 * @typedef {object} Pending a request that waits for the user
 * @property {string} id `auth_req_id`
 * @property {string} user
 * @property {string} scope
 * @property {string} [bindingMessage]
 * @property {() => Promise<void>} approve
 * @property {() => Promise<void>} deny
 */

/** Approves by default; set `decide` to do otherwise, or later. @param {any} errors of `oidc-provider` */
export function authenticationDevice(errors) {
  const device = {
    /** What the user does with a request. @type {(request: Pending) => unknown} */
    decide: ({ approve }) => approve(),
    feature: {
      processLoginHint: (/** @type {unknown} */ _context, /** @type {string} */ hint) => (hint === STRANGER ? undefined : hint),
      processLoginHintToken() {
        throw new errors.InvalidRequest('login_hint_token is not supported');
      },
      validateBindingMessage(/** @type {unknown} */ _context, /** @type {string | undefined} */ message) {
        if (message !== undefined && message.length > 20) throw new errors.InvalidBindingMessage('binding_message is too long');
      },
      validateRequestContext() {},
      verifyUserCode() {},
      /** @param {any} context @param {any} request @param {{ accountId: string }} account @param {any} client */
      async triggerAuthenticationDevice(context, request, { accountId }, client) {
        const pending = pendingOf(context.oidc.provider, errors, request, accountId);
        // A ping for an `auth_req_id` that the client has not heard of is of no use.
        if (client.backchannelTokenDeliveryMode === 'ping') context.res.once('finish', () => device.decide(pending));
        else await device.decide(pending);
      },
    },
  };
  return device;
}

/** @param {any} provider @param {any} errors @param {any} request @param {string} user @returns {Pending} */
function pendingOf(provider, errors, request, user) {
  const { scope = '', clientId, resource = [], params, jti } = request;
  return {
    id: jti,
    user,
    scope,
    bindingMessage: params.binding_message,
    async approve() {
      const grant = new provider.Grant({ accountId: user, clientId });
      grant.addOIDCScope(scope);
      for (const indicator of [resource].flat()) grant.addResourceScope(indicator, scope);
      await grant.save();
      await provider.backchannelResult(jti, grant, { acr: ACR_VALUES[1], amr: ['hwk'], authTime: Math.floor(Date.now() / 1000) });
    },
    async deny() {
      await provider.backchannelResult(jti, new errors.AccessDenied('The user refused'));
    },
  };
}
