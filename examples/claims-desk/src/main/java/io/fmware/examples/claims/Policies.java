package io.fmware.examples.claims;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import java.util.Map;

/** The insurer's files on policies and on the claims of the past. Thread-safe. */
final class Policies {

    /**
     * A policy.
     *
     * @param active whether it is in force
     * @param limit what it pays at most, in euros
     * @param claims how many claims there were in the last year
     */
    record Policy(boolean active, int limit, int claims) {}

    private final Map<String, Policy> policies = Map.of(
            "P-2041", new Policy(true, 1_500, 0),
            "P-1077", new Policy(false, 2_000, 1),
            "P-3300", new Policy(true, 20_000, 2));

    Policy of(String number) {
        return policies.getOrDefault(number, new Policy(false, 0, 0));
    }

    @Tool("Looks up the cover of a policy")
    String lookUpCover(@P("the policy number") String policyNumber) {
        Policy policy = of(policyNumber);
        return policy.active()
                ? "The policy " + policyNumber + " is in force and covers damage up to " + policy.limit() + " euros."
                : "The policy " + policyNumber + " is not in force.";
    }

    @Tool("Looks up the past claims of a policy")
    String lookUpPastClaims(@P("the policy number") String policyNumber) {
        int claims = of(policyNumber).claims();
        return "There were " + claims + " claims under policy " + policyNumber + " in the last year.";
    }
}
