package io.fmware.examples.claims;

import java.util.List;

/**
 * What a customer claims.
 *
 * @param id the number of the claim
 * @param policy the number of the policy
 * @param amount what is asked for, in euros
 * @param text the letter of the customer
 */
record Claim(String id, String policy, int amount, String text) {
    static final List<Claim> SAMPLES = List.of(
            new Claim("C-1", "P-2041", 900, """
                    My parked car was hit by a delivery van on 2 March. \
                    The rear door is damaged and the garage asks for 900 euros. \
                    The driver left his number and there are two witnesses."""),
            new Claim("C-2", "P-1077", 400, """
                    A storm broke the windscreen of my car last night. \
                    The repair costs 400 euros. \
                    I have kept the invoice."""),
            new Claim("C-3", "P-3300", 5200, """
                    My car was stolen from the garage for the third time. \
                    It is worth 5200 euros. \
                    Nobody saw anything."""));

    static Claim of(String id) {
        return SAMPLES.stream()
                .filter(claim -> claim.id().equalsIgnoreCase(id))
                .findFirst()
                .orElseThrow(() -> new UserError("there is no claim " + id + "; there are "
                        + SAMPLES.stream().map(Claim::id).toList()));
    }
}
