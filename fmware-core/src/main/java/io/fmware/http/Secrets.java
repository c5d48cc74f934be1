package io.fmware.http;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds the secrets that a request carries and masks them in a text, such as an error that quotes the request. */
final class Secrets {

    private static final Pattern NAMES = Pattern.compile("(?i).*(auth|key|token|secret|cookie|signature|password).*");

    /** Shorter values would be found by accident; no key that protects anything is that short. */
    private static final int SHORTEST = 6;

    private Secrets() {}

    static String mask(String text, Map<String, List<String>> headers, URI uri) {
        Set<String> secrets = new LinkedHashSet<>();
        headers.forEach((name, values) -> values.forEach(value -> {
            addIfSecret(secrets, name, value);
            addIfSecret(secrets, name, value.substring(value.indexOf(' ') + 1));
        }));
        if (uri.getRawUserInfo() != null) {
            String user = uri.getRawUserInfo();
            addIfSecret(secrets, "password", user.substring(user.indexOf(':') + 1));
        }
        if (uri.getRawQuery() != null) {
            for (String parameter : uri.getRawQuery().split("&", -1)) {
                int equals = parameter.indexOf('=');
                String value = parameter.substring(equals + 1);
                addIfSecret(secrets, parameter.substring(0, Math.max(equals, 0)), value);
                addIfSecret(secrets, parameter.substring(0, Math.max(equals, 0)), decoded(value));
            }
        }
        String masked = text;
        for (String secret : secrets.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList()) {
            masked = masked.replace(secret, "***");
        }
        return masked;
    }

    private static void addIfSecret(Set<String> secrets, String name, String value) {
        if (value.length() >= SHORTEST && NAMES.matcher(name).matches()) {
            secrets.add(value);
        }
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }
}
