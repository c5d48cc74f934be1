package io.fmware.text;

import java.util.Objects;

/** Equal but for what nobody sees. */
final class ExactEquivalence implements Equivalence {
    static final Equivalence INSTANCE = new ExactEquivalence();

    private ExactEquivalence() {}

    @Override
    public boolean same(String first, String second) {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(second, "second");
        return first.equals(second) || normal(first).equals(normal(second));
    }

    private static String normal(String text) {
        return Plain.indented(Plain.of(text));
    }

    @Override
    public String toString() {
        return "Equivalence.exact()";
    }
}
