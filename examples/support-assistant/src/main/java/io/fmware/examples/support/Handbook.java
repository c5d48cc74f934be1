package io.fmware.examples.support;

import io.fmware.examples.support.Page.Section;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pages of the bank's handbook. Immutable. */
final class Handbook {
    private static final String FOLDER = "/handbook/";
    private static final String QUESTIONS = "Customers ask";

    private final Map<String, Page> pages;

    private Handbook(Map<String, Page> pages) {
        this.pages = pages;
    }

    /** Reads the pages that {@code pages.txt} lists. */
    static Handbook load() {
        Map<String, Page> pages = new LinkedHashMap<>();
        for (String line : read("pages.txt").lines().toList()) {
            String id = line.strip();
            if (!id.isEmpty()) {
                pages.put(id, parse(id, read(id + ".md")));
            }
        }
        return new Handbook(pages);
    }

    List<Page> pages() {
        return List.copyOf(pages.values());
    }

    boolean has(String id) {
        return pages.containsKey(id);
    }

    /** The same pages, but for one, in whose place there is a new one. */
    Handbook with(Page page) {
        if (!has(page.id())) {
            throw new IllegalArgumentException("the handbook has no page " + page.id() + " to be replaced");
        }
        Map<String, Page> revised = new LinkedHashMap<>(pages);
        revised.put(page.id(), page);
        return new Handbook(revised);
    }

    /** Reads a page: a title, an introduction, sections of statements, and the questions of customers. */
    static Page parse(String id, String markdown) {
        String title = id;
        String heading = "";
        List<String> statements = new ArrayList<>();
        List<Section> sections = new ArrayList<>();
        List<String> questions = List.of();
        for (String line : (markdown + "\n## ").lines().map(String::strip).toList()) {
            if (line.startsWith("# ")) {
                title = line.substring(2);
            } else if (line.startsWith("##")) {
                if (heading.equals(QUESTIONS)) {
                    questions = List.copyOf(statements);
                } else if (!statements.isEmpty()) {
                    sections.add(new Section(heading, List.copyOf(statements)));
                }
                heading = line.substring(2).strip();
                statements.clear();
            } else if (!line.isEmpty()) {
                statements.add(line.startsWith("- ") ? line.substring(2) : line);
            }
        }
        return new Page(id, title, List.copyOf(sections), questions);
    }

    private static String read(String name) {
        try (InputStream in = Handbook.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IllegalStateException("the handbook has no file " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the file " + name + " of the handbook cannot be read", e);
        }
    }
}
