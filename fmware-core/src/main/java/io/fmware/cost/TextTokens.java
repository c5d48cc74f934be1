package io.fmware.cost;

/** Counts the tokens of a text exactly. Thread-safe. */
@FunctionalInterface
interface TextTokens {

    /** The tokens of a text. */
    long count(String text);
}
