// @ts-check
// Says that `tollgate/oauth` is that of workerd, to the modules that are imported after this one.

process.env.TOLLGATE_OAUTH_RUNTIME = 'workerd';
