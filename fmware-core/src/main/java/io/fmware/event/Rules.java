package io.fmware.event;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The rules of a redactor, ready to run, and its key. Immutable. */
final class Rules {
    private static final String HASH = "HmacSHA256";

    private final Prefilter prefilter;
    private final Map<Rule, Integer> ranks = new HashMap<>();
    private final List<String> kinds;
    private final int ahead;
    private final SecretKeySpec key;

    /** Where spans overlap, the rule that stands first names the kind. */
    Rules(List<Rule> ordered, byte[] key) {
        List<Prefilter.Anchor> anchors = new ArrayList<>();
        for (Rule rule : ordered) {
            ranks.put(rule, ranks.size());
            rule.anchors().forEach(literal -> anchors.add(Prefilter.Anchor.of(literal, rule)));
        }
        this.prefilter = new Prefilter(anchors);
        this.kinds = ordered.stream().map(Rule::kind).distinct().sorted().toList();
        this.ahead = ordered.stream().mapToInt(Rule::ahead).max().orElse(0);
        this.key = new SecretKeySpec(key, HASH);
    }

    Prefilter prefilter() {
        return prefilter;
    }

    int rank(Rule rule) {
        return ranks.getOrDefault(rule, Integer.MAX_VALUE);
    }

    List<String> kinds() {
        return kinds;
    }

    int ahead() {
        return ahead;
    }

    Mac mac() {
        try {
            Mac mac = Mac.getInstance(HASH);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + HASH + ", which every Java must have", e);
        }
    }
}
