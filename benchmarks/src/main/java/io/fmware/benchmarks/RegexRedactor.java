package io.fmware.benchmarks;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Redacts as one first writes it: a list of patterns, one after the other over the whole text. */
final class RegexRedactor {
    static final List<Pattern> PATTERNS = Stream.of(
                    "\\bsk-(?:proj-|svcacct-|admin-)[A-Za-z0-9_-]{20,}",
                    "\\bsk-[A-Za-z0-9]{20,}",
                    "\\bsk-ant-[A-Za-z0-9_-]{20,}",
                    "\\bsk-or-v1-[0-9a-f]{64}",
                    "\\bgsk_[A-Za-z0-9]{30,}",
                    "\\bhf_[A-Za-z]{30,}",
                    "\\br8_[A-Za-z0-9]{30,}",
                    "\\bpplx-[A-Za-z0-9]{30,}",
                    "\\bxai-[A-Za-z0-9]{40,}",
                    "\\bnvapi-[A-Za-z0-9_-]{30,}",
                    "\\bpcsk_[A-Za-z0-9_]{30,}",
                    "\\blsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}",
                    "\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b",
                    "(?i)aws_secret_access_key\\s*[=:]\\s*[\"']?[A-Za-z0-9/+=]{40}",
                    "\\bAIza[A-Za-z0-9_-]{35}",
                    "\\bya29\\.[A-Za-z0-9_-]{20,}",
                    "\\bGOCSPX-[A-Za-z0-9_-]{28}",
                    "\\bdo[opr]_v1_[0-9a-f]{64}",
                    "\\bdapi[0-9a-f]{32}",
                    "\\bhv[sbr]\\.[A-Za-z0-9_-]{24,}",
                    "\\bdp\\.(?:pt|st|ct|sa)\\.[A-Za-z0-9]{40,}",
                    "\\b[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_-]{60,}",
                    "[A-Za-z0-9_~.]{3}\\dQ~[A-Za-z0-9_~.-]{31,34}",
                    "(?i)(?:account|sharedaccess)key=[A-Za-z0-9/+=]{20,}",
                    "\\bgh[pousr]_[A-Za-z0-9]{36}",
                    "\\bgithub_pat_[A-Za-z0-9_]{82}",
                    "\\bgl(?:pat|ptt|dt|rt|ft)-[A-Za-z0-9_-]{20,}",
                    "\\bnpm_[A-Za-z0-9]{36}",
                    "\\bpypi-AgE[A-Za-z0-9_-]{40,}",
                    "\\bdckr_pat_[A-Za-z0-9_-]{20,}",
                    "-----BEGIN [A-Z ]*PRIVATE KEY[A-Z ]*-----[\\s\\S]*?-----END [A-Z ]*-----",
                    "\\beyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+",
                    "\\bxox[bpars]-[A-Za-z0-9-]{16,}",
                    "hooks\\.slack\\.com/services/[A-Za-z0-9/]{30,}",
                    "\\b[rs]k_(?:live|test)_[A-Za-z0-9]{10,}",
                    "\\bSK[0-9a-f]{32}\\b",
                    "\\bSG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}",
                    "\\bkey-[0-9a-f]{32}\\b",
                    "\\b[0-9a-f]{32}-us\\d{1,2}\\b",
                    "\\bshp(?:at|ss|ca|pa)_[0-9a-fA-F]{32}",
                    "\\b\\d{8,10}:AA[A-Za-z0-9_-]{33}",
                    "\\b[MNO][A-Za-z\\d]{23,25}\\.[\\w-]{6}\\.[\\w-]{27,38}",
                    "(?i)\\bbearer\\s+[A-Za-z0-9._~+/-]{16,}=*",
                    "(?i)\\bbasic\\s+[A-Za-z0-9+/]{8,}=*",
                    "://[^\\s/:@]*:([^\\s/@]+)@",
                    "(?i)(?:password|passwd|pwd|secret|api[_-]?key|token)[\"']?\\s*[=:]\\s*[\"']?[^\\s\"'&;,]{6,}",
                    "[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}",
                    "\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\\b",
                    "\\b(?:\\d[ -]?){13,19}\\b",
                    "\\b\\d{3}-\\d{2}-\\d{4}\\b",
                    "\\+[1-9][\\d .()-]{7,18}\\d",
                    "\\b(?:\\d{1,3}\\.){3}\\d{1,3}\\b",
                    "\\b(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}\\b",
                    "\\b(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}\\b")
            .map(Pattern::compile)
            .toList();

    private RegexRedactor() {}

    static String redact(String text) {
        String redacted = text;
        for (Pattern pattern : PATTERNS) {
            redacted = pattern.matcher(redacted).replaceAll("[secret]");
        }
        return redacted;
    }
}
