export const markdown = (r) => JSON.stringify(r);
