export * from './verify.workerd.js'
export * from './client.workerd.js'
export * from './errors.js'
