import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { LifecycleError } from './errors.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const INFO = 'account-lifecycle sealed text';

/** A pair of keys for sealed texts, as text. */
export interface SealingKeys {
  /** For whoever seals. */
  readonly publicKey: string;
  /** For whoever opens. */
  readonly privateKey: string;
}

/** Makes a pair of keys (X25519). */
export function newSealingKeys(): SealingKeys {
  const { privateKey } = generateKeyPairSync('x25519');
  const text = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64url');
  return { privateKey: text, publicKey: publicKeyOf(text) };
}

/** The public key of a pair. */
export function publicKeyOf(privateKey: string): string {
  return exported(createPublicKey(privateFrom(privateKey)));
}

function exported(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'der' }).toString('base64url');
}

function privateFrom(text: string): KeyObject {
  return createPrivateKey({ key: Buffer.from(text, 'base64url'), type: 'pkcs8', format: 'der' });
}

function publicFrom(text: string): KeyObject {
  return createPublicKey({ key: Buffer.from(text, 'base64url'), type: 'spki', format: 'der' });
}

/** Both public keys are part of what the key is made of, so that a sealed text is for one reader. */
function sharedKey(own: KeyObject, other: KeyObject, salt: string): Buffer {
  const secret = diffieHellman({ privateKey: own, publicKey: other });
  return Buffer.from(hkdfSync('sha256', secret, salt, INFO, KEY_BYTES));
}

/**
 * Seals a text so that only who has the private key reads it: what goes through Temporal stands in a history, and personal
 * data must not.
 *
 * @throws LifecycleError `SEALED_UNREADABLE` when the key is none.
 */
export function seal(text: string, publicKey: string): string {
  try {
    const once = newSealingKeys();
    const key = sharedKey(
      privateFrom(once.privateKey),
      publicFrom(publicKey),
      `${once.publicKey}.${publicKey}`,
    );
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, key, iv);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return `${once.publicKey}.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`;
  } catch {
    throw unreadable();
  }
}

/**
 * Reads what was sealed for this private key.
 *
 * @throws LifecycleError `SEALED_UNREADABLE` when it was sealed for another one, or is none.
 */
export function unseal(sealed: string, privateKey: string): string {
  try {
    const [sender = '', rest = ''] = sealed.split('.');
    const bytes = Buffer.from(rest, 'base64url');
    const key = sharedKey(
      privateFrom(privateKey),
      publicFrom(sender),
      `${sender}.${publicKeyOf(privateKey)}`,
    );
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString(
      'utf8',
    );
  } catch {
    throw unreadable();
  }
}

function unreadable(): LifecycleError {
  return new LifecycleError({
    code: 'SEALED_UNREADABLE',
    message: 'it is not sealed for the workers of this deployment',
    retryable: false,
  });
}
