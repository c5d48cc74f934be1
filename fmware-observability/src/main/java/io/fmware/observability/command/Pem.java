package io.fmware.observability.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys in files as OpenSSL writes them (RFC 7468): PKCS #8 for private ones, SubjectPublicKeyInfo for public ones. */
final class Pem {
    private static final List<String> ALGORITHMS = List.of("Ed25519", "EC", "RSA");

    private Pem() {}

    private interface Reading<T> {
        T read(KeyFactory factory) throws GeneralSecurityException;
    }

    static PrivateKey privateKey(Path file) throws IOException {
        byte[] key = decoded(file, "PRIVATE KEY", "openssl genpkey -algorithm ed25519");
        return read(file, factory -> factory.generatePrivate(new PKCS8EncodedKeySpec(key)));
    }

    static PublicKey publicKey(Path file) throws IOException {
        byte[] key = decoded(file, "PUBLIC KEY", "openssl pkey -pubout");
        return read(file, factory -> factory.generatePublic(new X509EncodedKeySpec(key)));
    }

    private static byte[] decoded(Path file, String label, String command) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        String begin = "-----BEGIN " + label + "-----";
        int from = text.indexOf(begin);
        int to = text.indexOf("-----END " + label + "-----");
        if (from < 0 || to < from) {
            throw new UserError(file + " has no line '" + begin + "'; '" + command + "' writes such a key");
        }
        try {
            return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
        } catch (IllegalArgumentException e) {
            throw new UserError(file + " is no key: it is no base64");
        }
    }

    private static <T> T read(Path file, Reading<T> reading) {
        for (String each : ALGORITHMS) {
            @Nullable T key = tried(reading, each);
            if (key != null) {
                return key;
            }
        }
        throw new UserError(file + " is no key of " + String.join(", ", ALGORITHMS));
    }

    private static <T> @Nullable T tried(Reading<T> reading, String algorithm) {
        try {
            return reading.read(KeyFactory.getInstance(algorithm));
        } catch (GeneralSecurityException e) {
            return null; // a key of another algorithm
        }
    }
}
