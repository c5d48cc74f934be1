package io.fmware.examples.support;

import java.util.List;

/**
 * A page of the handbook.
 *
 * @param id its name, by which it is cited
 * @param title its title
 * @param sections what it says, the introduction first
 * @param questions how customers ask for it
 */
record Page(String id, String title, List<Section> sections, List<String> questions) {

    /**
     * A part of a page.
     *
     * @param heading the heading; empty above the first one
     * @param statements what it says, each complete in itself
     */
    record Section(String heading, List<String> statements) {

        String text() {
            return String.join("\n", statements);
        }
    }

    /** Everything on the page. */
    String text() {
        StringBuilder text = new StringBuilder(title);
        for (Section section : sections) {
            text.append('\n').append(section.heading()).append('\n').append(section.text());
        }
        questions.forEach(question -> text.append('\n').append(question));
        return text.toString();
    }
}
