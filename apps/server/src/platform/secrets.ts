import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** Where a secret belongs. It opens only there. */
export interface SecretPlace {
  workspaceId: string;
  /** The secret's name within the workspace, such as `twilio_auth_token`. */
  name: string;
}

/** A sealed secret, and the key that it needs. */
export interface SealedSecret {
  keyId: string;
  /** `v1.<nonce>.<tag>.<ciphertext>`, each in base64url. */
  ciphertext: string;
}

/** Keys for secrets at rest. The first one seals; every one of them opens. */
export interface KeyRing {
  seal(place: SecretPlace, plaintext: string): SealedSecret;
  /** Throws {@link SecretUnreadableError}. */
  open(place: SecretPlace, sealed: SealedSecret): string;
  /** Whether this secret should be sealed anew because a newer key leads the ring. */
  isOutdated(sealed: SealedSecret): boolean;
  /** Keys for one purpose, such as signing links, each made from a key of the ring; the newest first. */
  derive(purpose: string): Buffer[];
}

/** A sealed secret that this ring cannot open: the key is gone, or the value was moved or altered. */
export class SecretUnreadableError extends Error {
  override name = "SecretUnreadableError";
}

const nonceBytes = 12;
const keyBytes = 32;

/** A new entry for `SECRETS_KEYS`. */
export function createKeyRingEntry(): string {
  return `${randomBytes(4).toString("hex")}:${randomBytes(keyBytes).toString("base64url")}`;
}

/**
 * The ring that `SECRETS_KEYS` describes: `id:key` entries with commas between,
 * each key 32 bytes in base64 or base64url, the newest first. Throws an Error that
 * names the entry that is wrong, never its key.
 */
export function parseKeyRing(text: string): KeyRing {
  const keys = new Map<string, Buffer>();
  for (const [index, entry] of text.split(",").entries()) {
    const [id, encoded, ...rest] = entry.trim().split(":");
    if (!id || !encoded || rest.length > 0) {
      throw new Error(`SECRETS_KEYS entry ${index + 1} is not of the form id:key.`);
    }
    const key = Buffer.from(encoded, "base64");
    if (key.length !== keyBytes) {
      throw new Error(`The key of SECRETS_KEYS entry ${index + 1} is not ${keyBytes} bytes long.`);
    }
    if (keys.has(id)) throw new Error(`SECRETS_KEYS names the key ${id} twice.`);
    keys.set(id, key);
  }
  const [newest] = keys;
  if (!newest) throw new Error("SECRETS_KEYS is empty.");
  const [newestId, newestKey] = newest;

  return {
    seal: (place, plaintext) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", newestKey, nonce);
      cipher.setAAD(bindTo(place, newestId));
      const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
      const parts = [nonce, cipher.getAuthTag(), sealed].map((part) => part.toString("base64url"));
      return { keyId: newestId, ciphertext: ["v1", ...parts].join(".") };
    },
    open: (place, { keyId, ciphertext }) => {
      const key = keys.get(keyId);
      if (!key) throw new SecretUnreadableError(`SECRETS_KEYS lacks the key ${keyId}.`);
      const [version, nonce, tag, sealed] = ciphertext.split(".");
      if (version !== "v1" || !nonce || !tag || sealed === undefined) {
        throw new SecretUnreadableError("The sealed secret has an unknown form.");
      }
      try {
        const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64url"), {
          authTagLength: 16,
        });
        decipher.setAAD(bindTo(place, keyId));
        decipher.setAuthTag(Buffer.from(tag, "base64url"));
        const opened = [decipher.update(Buffer.from(sealed, "base64url")), decipher.final()];
        return Buffer.concat(opened).toString("utf8");
      } catch (error) {
        throw new SecretUnreadableError("The sealed secret was altered or moved.", {
          cause: error,
        });
      }
    },
    isOutdated: ({ keyId }) => keyId !== newestId,
    derive: (purpose) =>
      [...keys.values()].map((key) => Buffer.from(hkdfSync("sha256", key, "", purpose, keyBytes))),
  };
}

function bindTo(place: SecretPlace, keyId: string): Buffer {
  return Buffer.from(JSON.stringify([place.workspaceId, place.name, keyId]), "utf8");
}
