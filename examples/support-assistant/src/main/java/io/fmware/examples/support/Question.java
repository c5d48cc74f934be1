package io.fmware.examples.support;

/**
 * A question of a file.
 *
 * @param text what is asked
 * @param category what the file says that it is about; empty if it says nothing
 */
record Question(String text, String category) {}
