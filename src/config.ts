export type { ApiConfig, Config, Credentials, RegistryConfig } from './config/config.ts';
export { loadConfig } from './config/load-config.ts';
export type { LoginPart } from './config/login-pattern.ts';
export { loginFromName } from './config/login-pattern.ts';
export { Secret } from './config/secret.ts';
export type { Environment } from './config/secrets.ts';
