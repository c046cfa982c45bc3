// The package has no type declarations of its own.
declare module 'oidc-provider';
