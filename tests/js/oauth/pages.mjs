// @ts-check
// The pages of the authorization servers, for a browser that only reads forms.

/** @param {unknown} text */
export const escaped = (text) => String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** @param {string} content HTML */
export const page = (content) => `<!doctype html>\n<html lang="en">\n<body>\n${content}\n</body>\n</html>\n`;

/**
 * @param {string} action
 * @param {string} content HTML
 */
const form = (action, content) =>
  page(`<form method="post" action="${escaped(action)}">
${content}
<button name="answer" value="accept">Continue</button>
<button name="answer" value="refuse">Cancel</button>
</form>`);

/** @param {string} action */
export const loginPage = (action) => form(action, '<input name="login">\n<input name="password" type="password">');

/** @param {string} action @param {string} asked what the client asks for */
export const consentPage = (action, asked) => form(action, `<p>${escaped(asked)}</p>`);

/** @param {AsyncIterable<Uint8Array>} request */
export async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** @param {AsyncIterable<Uint8Array>} request */
export const readForm = async (request) => new URLSearchParams(await bodyOf(request));
