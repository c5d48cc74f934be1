package io.fmware.event;

import static io.fmware.event.CharClass.ALNUM;
import static io.fmware.event.CharClass.DIGIT;
import static io.fmware.event.CharClass.DOTTED;
import static io.fmware.event.CharClass.HEX;
import static io.fmware.event.CharClass.PATH;
import static io.fmware.event.CharClass.SPACE;
import static io.fmware.event.CharClass.TOKEN;
import static io.fmware.event.CharClass.UPPER_DIGIT;
import static io.fmware.event.CharClass.VALUE;
import static io.fmware.event.CharClass.WORD;

import java.util.ArrayList;
import java.util.List;

/** Keys that their own form tells: by the formats that vendors publish, and a little shorter than those. */
final class VendorRules {
    private static final int SOON = 200;

    private final List<Rule> rules = new ArrayList<>();

    private VendorRules() {}

    static List<Rule> all() {
        VendorRules all = new VendorRules();
        all.models();
        all.clouds();
        all.code();
        all.services();
        all.odd();
        return all.rules;
    }

    private void keys(String kind, int body, int least, int run, String... prefixes) {
        for (String prefix : prefixes) {
            rules.add(new PrefixRule(kind, prefix, body, least, run));
        }
    }

    private void models() {
        keys("anthropic-key", WORD, 20, WORD, "sk-ant-");
        keys("openrouter-key", WORD, 20, WORD, "sk-or-");
        keys("langfuse-key", WORD, 20, WORD, "sk-lf-");
        keys("openai-key", WORD, 20, WORD, "sk-proj-", "sk-svcacct-", "sk-admin-");
        rules.add(Rule.of("openai-key", VendorRules::openai, "sk-"));
        keys("groq-key", ALNUM, 30, ALNUM, "gsk_");
        keys("huggingface-token", ALNUM, 30, ALNUM, "hf_", "api_org_");
        keys("replicate-token", ALNUM, 30, ALNUM, "r8_");
        keys("perplexity-key", ALNUM, 30, ALNUM, "pplx-");
        keys("xai-key", ALNUM, 40, ALNUM, "xai-");
        keys("nvidia-key", WORD, 30, WORD, "nvapi-");
        keys("cerebras-key", ALNUM, 30, ALNUM, "csk-");
        keys("pinecone-key", WORD, 30, WORD, "pcsk_");
        keys("langsmith-key", ALNUM, 30, WORD, "lsv2_pt_", "lsv2_sk_");
        keys("tavily-key", WORD, 20, WORD, "tvly-");
    }

    private void clouds() {
        keys("aws-access-key-id", UPPER_DIGIT, 16, ALNUM, "AKIA", "ASIA", "ABIA", "ACCA");
        keys("aws-bedrock-key", TOKEN, 100, TOKEN, "ABSK");
        keys("google-api-key", WORD, 30, WORD, "AIza");
        keys("google-oauth", DOTTED, 20, DOTTED, "ya29.");
        keys("google-oauth", WORD, 20, WORD, "GOCSPX-", "1//0");
        keys("alibaba-key", ALNUM, 20, ALNUM, "LTAI");
        keys("digitalocean-token", HEX, 40, ALNUM, "dop_v1_", "doo_v1_", "dor_v1_");
        keys("cloudflare-key", HEX, 24, WORD, "v1.0-");
        keys("heroku-key", WORD, 30, WORD, "HRKU-AA");
        keys("databricks-token", HEX, 32, WORD, "dapi");
        keys("vault-token", WORD, 24, DOTTED, "hvs.", "hvb.", "hvr.");
        keys("doppler-token", ALNUM, 30, DOTTED, "dp.pt.", "dp.ct.", "dp.sa.", "dp.scim.", "dp.audit.");
        keys("pulumi-token", HEX, 40, ALNUM, "pul-");
        keys("fly-token", TOKEN, 40, TOKEN, "fo1_", "fm1r_", "fm1a_", "fm2_");
        keys("planetscale-token", DOTTED, 30, DOTTED, "pscale_tkn_", "pscale_pw_", "pscale_oauth_");
        keys("supabase-key", ALNUM, 20, WORD, "sbp_", "sb_secret_");
        rules.add(Rule.of("terraform-token", VendorRules::terraform, ".atlasv1."));
        rules.add(Rule.of("azure-client-secret", VendorRules::azureClientSecret, "q~", "q%7e"));
    }

    private void code() {
        keys("github-token", ALNUM, 30, ALNUM, "ghp_", "gho_", "ghu_", "ghs_", "ghr_");
        keys("github-token", WORD, 40, WORD, "github_pat_");
        keys("gitlab-token", WORD, 20, DOTTED, "glpat-", "glptt-", "gldt-", "glrt-", "glft-", "glcbt-", "glimt-");
        keys("gitlab-token", WORD, 20, DOTTED, "glagent-", "glsoat-", "gloas-", "glffct-", "GR1348941");
        keys("npm-token", ALNUM, 30, ALNUM, "npm_");
        keys("pypi-token", WORD, 40, WORD, "pypi-AgE");
        keys("rubygems-token", HEX, 40, ALNUM, "rubygems_");
        keys("docker-token", WORD, 20, WORD, "dckr_pat_", "dckr_oat_");
        keys("sonar-token", HEX, 40, ALNUM, "squ_", "sqp_", "sqa_");
        keys("sourcegraph-token", WORD, 40, WORD, "sgp_");
        keys("artifactory-key", ALNUM, 60, ALNUM, "AKCp");
        keys("atlassian-token", WORD, 60, TOKEN, "ATATT3", "ATCTT3");
        keys("bitbucket-token", ALNUM, 28, TOKEN, "ATBB");
        keys("postman-key", HEX, 24, WORD, "PMAK-");
        keys("age-key", UPPER_DIGIT, 50, ALNUM, "AGE-SECRET-KEY-1");
        rules.add(Rule.of("private-key", VendorRules::privateKey, "-----b"));
        rules.add(Rule.of("private-key", VendorRules::privateKeyEnd, "-----e"));
    }

    private void services() {
        keys("slack-token", WORD, 16, WORD, "xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxo-", "xoxc-", "xoxd-");
        keys("slack-token", WORD, 16, DOTTED, "xoxe-", "xoxe.xoxb-", "xoxe.xoxp-", "xapp-");
        rules.add(Rule.of("slack-webhook", VendorRules::webhook, "hooks.slack.com"));
        rules.add(Rule.of("discord-webhook", VendorRules::webhook, "/api/webhooks/", "%2fapi%2fwebhooks%2f"));
        keys("stripe-key", ALNUM, 10, ALNUM, "sk_live_", "rk_live_", "sk_test_", "rk_test_");
        keys("stripe-key", ALNUM, 24, TOKEN, "whsec_");
        keys("twilio-key", HEX, 32, ALNUM, "SK");
        keys("mailgun-key", HEX, 32, WORD, "key-");
        keys("brevo-key", HEX, 40, WORD, "xkeysib-", "xsmtpsib-");
        keys("shopify-token", HEX, 32, ALNUM, "shpat_", "shpss_", "shpca_", "shppa_");
        keys("square-token", WORD, 20, WORD, "sq0atp-", "sq0csp-");
        keys("easypost-key", ALNUM, 50, ALNUM, "EZAK", "EZTK");
        keys("flutterwave-key", ALNUM, 12, WORD, "FLWSECK-", "FLWSECK_TEST-");
        keys("shippo-token", HEX, 40, ALNUM, "shippo_live_", "shippo_test_");
        keys("grafana-token", TOKEN, 30, TOKEN, "glsa_", "glc_");
        keys("linear-key", ALNUM, 30, ALNUM, "lin_api_", "lin_oauth_");
        keys("notion-token", ALNUM, 40, ALNUM, "ntn_", "secret_");
        keys("newrelic-key", ALNUM, 19, WORD, "NRAK-", "NRII-", "NRJS-");
        keys("sentry-token", TOKEN, 40, TOKEN, "sntryu_", "sntrys_");
        keys("dynatrace-token", ALNUM, 24, DOTTED, "dt0c01.", "dt0s01.");
        keys("figma-token", WORD, 30, WORD, "figd_");
        keys("typeform-token", DOTTED, 40, DOTTED, "tfp_");
        keys("1password-token", WORD, 100, TOKEN, "ops_eyJ");
        keys("contentful-token", WORD, 40, WORD, "CFPAT-");
    }

    private void odd() {
        rules.add(Rule.of("jwt", VendorRules::jwt, "eyj"));
        rules.add(Rule.of("sendgrid-key", VendorRules::sendgrid, "SG."));
        rules.add(Rule.of("airtable-token", VendorRules::airtable, "pat"));
        rules.add(Rule.of("mailchimp-key", VendorRules::mailchimp, "-us"));
        rules.add(Rule.of("telegram-token", VendorRules::telegram, ":aa", "%3aaa"));
        rules.add(Rule.of("discord-token", VendorRules::discord, VendorRules::isWord, "."));
    }

    /** Other services too give keys that begin so; words with hyphens do as well. */
    private static void openai(Rule rule, Scan scan, int from, int to) {
        if (scan.is(to, ALNUM) && scan.startsWord(from) && scan.at(from) == 's') {
            int end = scan.end(to, ALNUM, 32);
            if (end == to + 32 || (end >= to + 20 && scan.hasAny(to, end, DIGIT))) {
                scan.found(rule, from, end, WORD);
            }
        }
    }

    private static void sendgrid(Rule rule, Scan scan, int from, int to) {
        if (scan.is(to, WORD) && scan.stands(from, "SG.") && scan.startsWord(from)) {
            int dot = scan.end(to, WORD, 64);
            if (dot >= to + 16 && scan.at(dot) == '.' && scan.end(dot + 1, WORD, 16) == dot + 17) {
                scan.found(rule, from, dot + 17, DOTTED);
            }
        }
    }

    private static void airtable(Rule rule, Scan scan, int from, int to) {
        int dot = to + 14;
        if (scan.at(dot) == '.'
                && scan.startsWord(from)
                && scan.end(to, ALNUM, 14) == dot
                && scan.end(dot + 1, HEX, 40) == dot + 41) {
            scan.found(rule, from, dot + 41, ALNUM);
        }
    }

    private static void mailchimp(Rule rule, Scan scan, int from, int to) {
        if (scan.is(to, DIGIT) && scan.is(from - 1, HEX)) {
            int start = scan.start(from, HEX, 40);
            if (start <= from - 32) {
                scan.found(rule, start, to + 1, ALNUM);
            }
        }
    }

    private static void telegram(Rule rule, Scan scan, int from, int to) {
        if (scan.is(from - 1, DIGIT) && scan.stands(to - 2, "AA") && scan.end(to, WORD, 30) == to + 30) {
            int start = scan.start(from, DIGIT, 16);
            if (start <= from - 7) {
                scan.found(rule, start, to + 30, WORD);
            }
        }
    }

    /** Three parts, the first the number of an account in base64. */
    private static void discord(Rule rule, Scan scan, int from, int to) {
        if (scan.is(from - 1, ALNUM)
                && scan.at(to + 6) == '.'
                && scan.end(to, WORD, 6) == to + 6
                && scan.end(to + 7, WORD, 25) == to + 32) {
            int start = scan.start(from, WORD, 30);
            if (start <= from - 22 && "MNO".indexOf(scan.at(start)) >= 0) {
                scan.found(rule, start, to + 32, WORD);
            }
        }
    }

    private static boolean isWord(char first, char second) {
        return CharClass.is(first, ALNUM) && CharClass.is(second, ALNUM);
    }

    private static void terraform(Rule rule, Scan scan, int from, int to) {
        int start = scan.start(from, ALNUM, 20);
        if (start <= from - 10 && scan.end(to, WORD, 40) == to + 40) {
            scan.found(rule, start, to + 40, WORD);
        }
    }

    /** Three characters, a digit, {@code Q~} and some 34 more. */
    private static void azureClientSecret(Rule rule, Scan scan, int from, int to) {
        if (scan.is(from - 1, DIGIT) && scan.at(from) == 'Q' && scan.end(to, TOKEN | PATH, 31) == to + 31) {
            int start = scan.start(from - 1, TOKEN, 3);
            if (start <= from - 4) {
                scan.found(rule, start, to + 31, scan.at(to - 1) == '~' ? TOKEN : VALUE);
            }
        }
    }

    /** The path is the secret. */
    private static void webhook(Rule rule, Scan scan, int from, int to) {
        int end = scan.end(to, PATH, 30);
        if (end == to + 30) {
            scan.found(rule, to, end, PATH);
        }
    }

    /** The base64 of <code>{"</code>, behind it the rest of a header, and a dot unless it is very long. */
    private static void jwt(Rule rule, Scan scan, int from, int to) {
        if (scan.is(to, WORD) && scan.stands(from, "eyJ") && scan.startsWord(from)) {
            int end = scan.end(to, WORD, SOON);
            if (end == to + SOON || (end >= to + 10 && scan.at(end) == '.' && scan.is(end + 1, WORD))) {
                scan.found(rule, from, end, DOTTED);
            }
        }
    }

    /** From the line of its beginning; a mere mention of such a line has no key behind it. */
    private static void privateKey(Rule rule, Scan scan, int from, int to) {
        int label = scan.end(to + 4, UPPER_DIGIT | SPACE, 40);
        boolean isPrivate =
                scan.standsFolded(label - 11, "private key") || scan.standsFolded(label - 17, "private key block");
        if (isPrivate && scan.standsFolded(to, "egin") && scan.stands(label, "-----")) {
            int body = label + 5;
            while (body < label + 40 && (scan.is(body, SPACE) || "\\rn\"'+,>|".indexOf(scan.at(body)) >= 0)) {
                body++;
            }
            int end = scan.end(body, TOKEN, 16);
            if (end == body + 16 || (end > body && scan.at(end) == ':')) {
                scan.keyBegins(rule, from, body);
            }
        }
    }

    private static void privateKeyEnd(Rule rule, Scan scan, int from, int to) {
        if (scan.standsFolded(to, "nd ")) {
            int label = scan.end(to + 3, UPPER_DIGIT | SPACE, 40);
            scan.keyEnds(from, scan.stands(label, "-----") ? label + 5 : to);
        }
    }
}
