package io.fmware.cache;

import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;

/**
 * Something that an answer in a cache depends on, or whose it is: when it changes, the answer goes. Immutable.
 *
 * <p>The order is that of kind, place and id. It also keeps maps fast whose keys somebody has chosen to have one hash code.
 *
 * @param kind what kind of thing it is
 * @param place what it is a part of: the corpus of a document, the provider of a model; empty for all other kinds
 * @param id what identifies it there
 */
public record Dependency(Kind kind, String place, String id) implements Comparable<Dependency> {
    private static final Comparator<Dependency> ORDER = Comparator.comparing(Dependency::kind)
            .thenComparing(Dependency::place)
            .thenComparing(Dependency::id);

    /** What an answer can depend on. */
    public enum Kind {
        /** One document of a corpus. */
        DOCUMENT,
        /** All documents of a corpus, those that are added later included. */
        CORPUS,
        /** A tool whose result was used. */
        TOOL,
        /** A prompt that has a name. */
        PROMPT,
        /** A model, in the revision that answered. */
        MODEL,
        /** The tenant for whom it was asked. */
        TENANT,
        /** The user for whom it was asked. */
        USER,
        /** The conversation in which it was asked. */
        CONVERSATION
    }

    /**
     * Checks that it identifies something.
     *
     * @param kind what kind of thing it is
     * @param place what it is a part of, empty where there is nothing around it
     * @param id what identifies it there
     * @throws IllegalArgumentException if the id is blank, or there is a place where none belongs or none where one does
     */
    public Dependency {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(place, "the place of a " + kind + " must not be null");
        Objects.requireNonNull(id, "the id of a " + kind + " must not be null");
        if (id.isBlank()) {
            throw new IllegalArgumentException(
                    "the id of a " + kind + (place.isEmpty() ? "" : " of " + place) + " must not be blank");
        }
        boolean within = kind == Kind.DOCUMENT || kind == Kind.MODEL;
        if (within && place.isBlank()) {
            throw new IllegalArgumentException("the place of " + kind + " " + id + " must not be blank: it is the "
                    + (kind == Kind.MODEL ? "provider" : "corpus"));
        }
        if (!within && !place.isEmpty()) {
            throw new IllegalArgumentException(
                    kind + " " + id + " is a part of nothing, but its place is " + place + "; leave that empty");
        }
    }

    /**
     * A document that a retriever found.
     *
     * @param corpus the name of the retriever, as at its boundary
     * @param id the id of the document, see {@link FmCache.Builder#documentId}
     * @return the dependency
     */
    public static Dependency document(String corpus, String id) {
        return new Dependency(Kind.DOCUMENT, corpus, id);
    }

    /**
     * Everything that a retriever can find. A document that is <em>added</em> may be a better answer to any question, so
     * that is a change of the corpus.
     *
     * @param name the name of the retriever, as at its boundary
     * @return the dependency
     */
    public static Dependency corpus(String name) {
        return new Dependency(Kind.CORPUS, "", name);
    }

    /**
     * What a tool knows.
     *
     * @param name the name of the tool
     * @return the dependency
     */
    public static Dependency tool(String name) {
        return new Dependency(Kind.TOOL, "", name);
    }

    /**
     * A prompt, by the name that {@link FmCache#dependsOn} was told.
     *
     * @param name the name of the prompt
     * @return the dependency
     */
    public static Dependency prompt(String name) {
        return new Dependency(Kind.PROMPT, "", name);
    }

    /**
     * A model. A new revision that shows in its answers is noticed without being told.
     *
     * @param provider who provides it, as langchain4j calls it, such as {@code OPEN_AI}
     * @param name the name of the model, as its provider knows it
     * @return the dependency
     */
    public static Dependency model(String provider, String name) {
        return new Dependency(Kind.MODEL, provider, name);
    }

    /**
     * A tenant, as the attribute of runs names it.
     *
     * @param id the tenant
     * @return the dependency
     */
    public static Dependency tenant(String id) {
        return new Dependency(Kind.TENANT, "", id);
    }

    /**
     * A user, as the attribute of runs names it.
     *
     * @param id the user
     * @return the dependency
     */
    public static Dependency user(String id) {
        return new Dependency(Kind.USER, "", id);
    }

    /**
     * A conversation, as the attribute of runs names it.
     *
     * @param id the conversation
     * @return the dependency
     */
    public static Dependency conversation(String id) {
        return new Dependency(Kind.CONVERSATION, "", id);
    }

    /** Whether this says whose an answer is, and not what it was made from. */
    boolean isSubject() {
        return kind == Kind.TENANT || kind == Kind.USER || kind == Kind.CONVERSATION;
    }

    @Override
    public int compareTo(Dependency other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        String of = place.isEmpty() ? "" : place + "/";
        return kind.name().toLowerCase(Locale.ROOT) + ":" + of + id;
    }
}
