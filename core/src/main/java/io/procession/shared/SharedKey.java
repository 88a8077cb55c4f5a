package io.procession.shared;

import io.procession.internal.wire.ConnectionLayout;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The key that both ends of a connection have, and what they do with it. */
final class SharedKey {

  private static final String ALGORITHM = "HmacSHA256";
  private static final String HASH = "SHA-256";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretKeySpec key;

  /**
   * @param key is copied
   * @throws IllegalArgumentException if it is empty
   */
  SharedKey(byte[] key) {
    if (key.length == 0) {
      throw new IllegalArgumentException(
          "the key is empty, so that anybody could connect; give both ends the same secret bytes,"
              + " 32 random ones say. keyBytes=0");
    }
    this.key = new SecretKeySpec(hash(key), ALGORITHM);
  }

  /** HMAC takes a key and the same with zeros behind it for one; their hashes differ. */
  private static byte[] hash(byte[] key) {
    try {
      return MessageDigest.getInstance(HASH).digest(key);
    } catch (GeneralSecurityException e) {
      throw missing(HASH, e);
    }
  }

  private static IllegalStateException missing(String algorithm, GeneralSecurityException reason) {
    return new IllegalStateException(
        "every Java platform has this algorithm, but this one does not. algorithm=" + algorithm,
        reason);
  }

  static byte[] nonce() {
    var nonce = new byte[ConnectionLayout.NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    return nonce;
  }

  byte[] prove(byte role, byte[] connecting, byte[] listening, byte[] binding) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(ConnectionLayout.proven(role, connecting, listening, binding));
    } catch (GeneralSecurityException e) {
      throw missing(ALGORITHM, e);
    }
  }
}
