package io.fmware.examples.claims;

/**
 * What became of a claim.
 *
 * @param claim the claim
 * @param facts what has happened
 * @param letter the letter to the customer
 * @param agreed whether the review agreed with the letter
 */
record Outcome(Claim claim, String facts, String letter, boolean agreed) {

    @Override
    public String toString() {
        return "claim " + claim.id() + " under policy " + claim.policy() + "\n  facts:  " + facts + "\n  letter: "
                + letter + "\n  review: " + (agreed ? "agreed" : "not agreed; a colleague takes over");
    }
}
