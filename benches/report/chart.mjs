export const charts = () => ({});
