package io.fmware.benchmarks;

import static io.fmware.benchmarks.Dice.ALNUM;
import static io.fmware.benchmarks.Dice.BASE64;
import static io.fmware.benchmarks.Dice.DIGITS;
import static io.fmware.benchmarks.Dice.HEX;
import static io.fmware.benchmarks.Dice.LETTERS;
import static io.fmware.benchmarks.Dice.LOWER;
import static io.fmware.benchmarks.Dice.UPPER;
import static io.fmware.benchmarks.Dice.WORD;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Secrets that are known by their own form, by the formats that their vendors publish: prefixes, alphabets, ranges of lengths.
 * It was written before the rules that it tests.
 */
final class SecretForms {
    private static final Map<String, Function<Dice, String>> FORMS = new LinkedHashMap<>();

    static {
        form("openai", d -> switch (d.below(4)) {
            case 0 -> "sk-" + d.text(ALNUM, 48);
            case 1 -> "sk-" + d.text(ALNUM, 20) + "T3BlbkFJ" + d.text(ALNUM, 20);
            case 2 -> "sk-proj-" + d.text(WORD, 74) + "T3BlbkFJ" + d.text(WORD, 74);
            default -> d.pick("sk-svcacct-", "sk-admin-") + d.text(WORD, 58) + "T3BlbkFJ" + d.text(WORD, 58);
        });
        form("anthropic", d -> d.pick("sk-ant-api03-", "sk-ant-admin01-") + d.text(WORD, 93) + "AA");
        form("openrouter", d -> "sk-or-v1-" + d.text(HEX, 64));
        form("aws-access-key-id", d -> d.pick("AKIA", "ASIA") + d.text(UPPER + "234567", 16));
        form(
                "github",
                d -> d.oneOf(3)
                        ? "github_pat_" + d.text(ALNUM, 22) + "_" + d.text(ALNUM, 59)
                        : d.pick("ghp_", "gho_", "ghu_", "ghs_", "ghr_") + d.text(ALNUM, 36));
        form("gitlab", d -> switch (d.below(4)) {
            case 0 -> "glptt-" + d.text(HEX, 40);
            case 1 -> d.pick("gldt-", "glrt-", "glft-") + d.text(WORD, 20);
            case 2 -> "glpat-" + d.text(WORD, 27, 60) + "." + d.text(DIGITS + LOWER, 9);
            default -> "glpat-" + d.text(WORD, 20);
        });
        form("slack", d -> switch (d.below(4)) {
            case 0 -> "xoxb-" + d.text(DIGITS, 10, 13) + "-" + d.text(DIGITS, 10, 13) + "-" + d.text(ALNUM, 24);
            case 1 ->
                "xoxp-" + d.text(DIGITS, 10, 13) + "-" + d.text(DIGITS, 10, 13) + "-" + d.text(DIGITS, 10, 13) + "-"
                        + d.text(HEX, 32);
            case 2 -> "xapp-1-A" + d.text(UPPER + DIGITS, 10) + "-" + d.text(DIGITS, 13) + "-" + d.text(HEX, 64);
            default -> d.pick("xoxa-2-", "xoxr-") + d.text(ALNUM, 24, 48);
        });
        form("stripe", d -> d.pick("sk_live_", "rk_live_", "sk_test_") + d.text(ALNUM, 24, 99));
        form("stripe-webhook", d -> "whsec_" + d.text(ALNUM, 32));
        form("google-api-key", d -> "AIza" + d.text(WORD, 34) + d.text(ALNUM, 1));
        form("google-oauth", d -> d.oneOf(2) ? "ya29." + d.text(WORD, 60, 250) : "GOCSPX-" + d.text(WORD, 28));
        form("jwt", SecretForms::jwt);
        form("npm", d -> "npm_" + d.text(ALNUM, 36));
        form("pypi", d -> "pypi-AgEIcHlwaS5vcmc" + d.text(WORD, 70, 180));
        form("huggingface", d -> "hf_" + d.text(LETTERS, 34));
        form("twilio", d -> "SK" + d.text(HEX, 32));
        form("sendgrid", d -> "SG." + d.text(WORD, 22) + "." + d.text(WORD, 43));
        form("mailgun", d -> "key-" + d.text(HEX, 32));
        form("mailchimp", d -> d.text(HEX, 32) + "-us" + d.between(1, 21));
        form("digitalocean", d -> d.pick("dop_v1_", "doo_v1_", "dor_v1_") + d.text(HEX, 64));
        form("shopify", d -> d.pick("shpat_", "shpss_", "shpca_", "shppa_") + d.text(HEX, 32));
        form("telegram", d -> d.between(1, 9) + d.text(DIGITS, 7, 9) + ":AA" + d.text(WORD, 33));
        form("discord", SecretForms::discord);
        form("groq", d -> "gsk_" + d.text(ALNUM, 52));
        form("replicate", d -> "r8_" + d.text(ALNUM, 37));
        form("databricks", d -> "dapi" + d.text(HEX, 32) + d.pick("", "-2"));
        form("vault", d -> d.oneOf(3) ? "hvb." + d.text(WORD, 138, 200) : "hvs." + d.text(WORD, 90, 120));
        form("doppler", d -> d.pick("dp.pt.", "dp.ct.") + d.text(ALNUM, 43));
        form("grafana", d -> "glsa_" + d.text(ALNUM, 32) + "_" + d.text(HEX, 8));
        form("linear", d -> "lin_api_" + d.text(ALNUM, 40));
        form("notion", d -> "ntn_" + d.text(DIGITS, 11) + d.text(ALNUM, 35));
        form("airtable", d -> "pat" + d.text(ALNUM, 14) + "." + d.text(HEX, 64));
        form("newrelic", d -> "NRAK-" + d.text(UPPER + DIGITS, 27));
        form("perplexity", d -> "pplx-" + d.text(ALNUM, 48));
        form("xai", d -> "xai-" + d.text(ALNUM, 80));
        form("nvidia", d -> "nvapi-" + d.text(WORD, 64));
        form("pinecone", d -> "pcsk_" + d.text(ALNUM, 5, 6) + "_" + d.text(ALNUM, 63));
        form("langsmith", d -> d.pick("lsv2_pt_", "lsv2_sk_") + d.text(HEX, 32) + "_" + d.text(HEX, 10));
        form("docker", d -> "dckr_pat_" + d.text(WORD, 27));
        form("sentry", d -> "sntryu_" + d.text(HEX, 64));
        form("atlassian", d -> "ATATT3xFfGF0" + d.text(WORD, 171) + "=" + d.text(UPPER.substring(0, 6) + DIGITS, 8));
        form("azure-client-secret", d -> d.text(ALNUM, 3) + d.text(DIGITS, 1) + "Q~" + d.text(ALNUM + "_~-", 34));
        form("terraform", d -> d.text(ALNUM, 14) + ".atlasv1." + d.text(ALNUM, 67));
        form("postman", d -> "PMAK-" + d.text(HEX, 24) + "-" + d.text(HEX, 34));
        form("rubygems", d -> "rubygems_" + d.text(HEX, 48));
        form("pulumi", d -> "pul-" + d.text(HEX, 40));
        form("planetscale", d -> d.pick("pscale_tkn_", "pscale_pw_") + d.text(WORD, 42, 43));
        form("age", d -> "AGE-SECRET-KEY-1" + d.text("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58));
        form(
                "slack-webhook",
                d -> "https://hooks.slack.com/services/T" + d.text(UPPER + DIGITS, 8, 10) + "/B"
                        + d.text(UPPER + DIGITS, 8, 10) + "/" + d.text(ALNUM, 24));
        form(
                "discord-webhook",
                d -> "https://" + d.pick("discord.com", "discordapp.com") + "/api/webhooks/" + d.text(DIGITS, 18, 19)
                        + "/" + d.text(WORD, 68));
    }

    private SecretForms() {}

    private static void form(String kind, Function<Dice, String> maker) {
        FORMS.put(kind, maker);
    }

    static List<String> kinds() {
        List<String> kinds = new ArrayList<>(FORMS.keySet());
        kinds.add("pem");
        return kinds;
    }

    static PlantedSecret of(String kind, Dice dice) {
        if (kind.equals("pem")) {
            return pem(dice);
        }
        String value = FORMS.get(kind).apply(dice);
        if (kind.endsWith("-webhook") && value.startsWith("https")) {
            return new PlantedSecret(kind, value, List.of(value.substring(value.lastIndexOf('/') + 1)));
        }
        return new PlantedSecret(kind, value);
    }

    private static String jwt(Dice dice) {
        String head = dice.pick(
                "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
                "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"" + dice.text(HEX, 40) + "\"}");
        String body = "{\"sub\":\"" + dice.text(DIGITS, 6, 12) + "\",\"name\":\"" + dice.text(LETTERS, 5, 20)
                + "\",\"iat\":17" + dice.text(DIGITS, 8) + "}";
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString(head.getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(body.getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(dice.bytes(dice.oneOf(2) ? 32 : 256));
    }

    /** The first part is the number of the bot's account in base64. */
    private static String discord(Dice dice) {
        String account = dice.between(1, 9) + dice.text(DIGITS, 17);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(account.getBytes(StandardCharsets.US_ASCII)) + "."
                + dice.text(WORD, 6) + "." + dice.text(WORD, 27, 38);
    }

    private static PlantedSecret pem(Dice dice) {
        String label = dice.pick(
                "PRIVATE KEY",
                "RSA PRIVATE KEY",
                "EC PRIVATE KEY",
                "OPENSSH PRIVATE KEY",
                "ENCRYPTED PRIVATE KEY",
                "PGP PRIVATE KEY BLOCK");
        String body = dice.text(BASE64, label.startsWith("EC") ? 160 : dice.between(300, 1700)) + "=";
        int width = label.startsWith("OPENSSH") ? 70 : 64;
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < body.length(); i += width) {
            lines.add(body.substring(i, Math.min(body.length(), i + width)));
        }
        List<String> parts = lines.stream().filter(line -> line.length() >= 4).toList();
        if (label.startsWith("RSA") && dice.oneOf(3)) {
            lines.addAll(0, List.of("Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-256-CBC," + dice.text(HEX, 32), ""));
        } else if (label.startsWith("PGP")) {
            lines.addAll(0, Arrays.asList("Version: GnuPG v2.0.22 (GNU/Linux)", ""));
        }
        String newline = dice.oneOf(5) ? "\r\n" : "\n";
        return new PlantedSecret(
                "pem",
                "-----BEGIN " + label + "-----" + newline + String.join(newline, lines) + newline + "-----END " + label
                        + "-----",
                parts);
    }
}
