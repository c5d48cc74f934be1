package io.fmware.examples.claims;

import dev.langchain4j.agentic.Agent;
import dev.langchain4j.service.V;
import java.util.Locale;

/** Decides by the rules of the house, and sends a letter back until it says so. No model has a say in money. */
public final class Review {
    private static final int SUSPICIOUS = 2;

    private final Policies policies;

    Review(Policies policies) {
        this.policies = policies;
    }

    static String decision(Claim claim, Policies.Policy policy) {
        if (!policy.active()) {
            return "The decision on the claim is a refusal: the policy is not in force, and we pay nothing.";
        }
        if (policy.claims() >= SUSPICIOUS) {
            return "The decision on the claim is open: an adjuster looks at it, and we pay nothing until then.";
        }
        return "The decision on the claim is a payment: we pay " + Math.min(claim.amount(), policy.limit()) + " euros.";
    }

    /**
     * Reviews a letter.
     *
     * @param claim the claim
     * @param letter the letter to the customer
     * @return a remark on what it has to say, or nothing if it says so
     */
    @Agent(name = "review", outputKey = "remark", description = "checks the letter against the rules")
    public String review(@V("claim") Object claim, @V("letterOut") String letter) {
        Claim of = (Claim) claim;
        String decision = decision(of, policies.of(of.policy()));
        boolean said = letter.toLowerCase(Locale.ROOT).contains(decision.toLowerCase(Locale.ROOT));
        return said ? "" : decision;
    }
}
