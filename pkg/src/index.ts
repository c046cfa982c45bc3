export * from './verify.js'
export * from './client.js'
export * from './errors.js'
