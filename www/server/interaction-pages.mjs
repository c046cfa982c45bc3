// @ts-check
// The pages of the authorization server, as HTML.

/** What a scope lets the client do, in words. */
const SCOPES = /** @type {Record<string, string>} */ ({
  openid: 'Know who you are',
  profile: 'See your name',
  email: 'See your e-mail address',
  offline_access: 'Keep access while you are away',
  'api:read': 'Read from the demo API in your name',
});

/** Text that is HTML already. */
class Html {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

/**
 * Builds HTML; every value that is not `Html` itself is escaped.
 * @param {TemplateStringsArray} strings
 * @param {...(string | Html | Html[])} values
 */
function html(strings, ...values) {
  return new Html(strings.reduce((text, string, index) => text + render(values[index - 1] ?? '') + string));
}

/**
 * @param {string | Html | Html[]} value
 * @returns {string}
 */
function render(value) {
  if (Array.isArray(value)) return value.map(render).join('');
  return value instanceof Html ? value.text : value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * @param {string} title
 * @param {Html} content
 */
function page(title, content) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Authorization server</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="data:,">
</head>
<body>
<main>
<p class="server">Authorization server</p>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`.text;
}

/** @param {{ client_name: string, login: string }} values */
export function loginPage({ client_name, login }) {
  return page('Log in', html`
<p>to continue to <strong>${client_name}</strong>. Any name will do: this server runs for the demo only and knows no passwords.</p>
<form method="post">
<label for="login">Name</label>
<input id="login" name="login" value="${login}" required maxlength="64" pattern="[\\w.\\-]+"
  title="Letters, digits, dot, dash and underscore" autocomplete="off" autocapitalize="none" spellcheck="false" autofocus>
<div class="actions">
<button name="answer" value="continue">Continue</button>
<button name="answer" value="cancel" class="secondary" formnovalidate>Cancel</button>
</div>
</form>`);
}

/** @param {{ client_name: string, account: string, scopes: string[] }} values */
export function consentPage({ client_name, account, scopes }) {
  return page('Allow access?', html`
<p><strong>${client_name}</strong> asks <strong>${account}</strong> for permission to:</p>
<ul>${scopes.map((scope) => html`<li>${SCOPES[scope] ?? scope} <code>${scope}</code></li>`)}</ul>
<form method="post">
<div class="actions">
<button name="answer" value="continue" autofocus>Allow</button>
<button name="answer" value="cancel" class="secondary">Deny</button>
</div>
</form>`);
}

/**
 * Asks before the session ends (OpenID Connect RP-Initiated Logout §2).
 * @param {any} context
 * @param {string} form made by oidc-provider, which protects it against forgery
 */
export function logoutPage(context, form) {
  context.type = 'html';
  context.body = page('Log out here too?', html`
<p>The app has ended its own session. You are still logged in at this authorization server.</p>
${new Html(form)}
<div class="actions">
<button form="op.logoutForm" name="logout" value="yes" autofocus>Log out</button>
<button form="op.logoutForm" class="secondary">Stay logged in</button>
</div>`);
}

/** @param {any} context */
export function loggedOutPage(context) {
  context.type = 'html';
  context.body = page('Logged out', html`<p>Your session at this authorization server has ended.</p>`);
}

/**
 * @param {any} context
 * @param {{ error: string, error_description?: string }} response
 */
export function errorPage(context, { error, error_description }) {
  context.type = 'html';
  context.body = page('This request cannot continue', html`
<p><code>${error}</code></p>
<p>${error_description ?? ''}</p>`);
}
